import { afterAll, beforeAll, describe, test } from 'vitest';
import { sourcedVersions, type SourcedVersion } from '../../../../server/versions/behaviour-row.ts';
import type { SimulatorOptions } from '../../../../server/index.ts';
import type { Answer, Row } from './expectation.ts';
import { access, expectations, tokens } from './expectations.ts';
import { play } from './play.ts';
import { prepareCluster, type PreparedCluster } from './prepared-cluster.ts';

type Playable = readonly [name: string, call: string, row: Row, answer: Answer];

/** The rows of which it is known what the version answers. */
function playable(rows: readonly Row[], version: SourcedVersion): Playable[] {
  return rows.flatMap((row): Playable[] => {
    const answer = row.answers[version];
    return answer === 'open' ? [] : [[row.name, row.call, row, answer]];
  });
}

function playAll(rows: readonly Row[], version: SourcedVersion, options: SimulatorOptions): void {
  let cluster: PreparedCluster;
  beforeAll(async () => {
    cluster = await prepareCluster(version, options);
  });
  afterAll(() => cluster.close());

  test.each(playable(rows, version))('%s (%s)', async (_name, _call, row, answer) => {
    await play(cluster, row, answer);
  });
}

describe.each(sourcedVersions)('version %s answers as docs/ says', (version) => {
  describe('without access control', () => playAll(expectations, version, {}));
  describe('with access control', () => playAll(access, version, { tokens }));
});
