import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Restoration } from '../../../conformance/journal/restoration.ts';
import type { Simulator } from '../../../server/index.ts';
import { backUp, type Cursors } from '../../support/backup-client.ts';
import { assess, grownCluster } from '../../support/backups.ts';
import { nodeOf } from '../../support/simulator.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/* Backups of a cluster of 2023.2 in which events are deleted by a transformation. */

interface Story {
  readonly simulator: Simulator;
  readonly folder: string;
  readonly cursors: Cursors;
  readonly run: () => Promise<number>;
}

async function begin(): Promise<Story> {
  const simulator = await grownCluster({ serverVersion: '2023.2' });
  const folder = temporaryFolder();
  const cursors: Cursors = new Map();
  let run = 0;
  return {
    simulator,
    folder,
    cursors,
    run: async () => {
      await simulator.clock.advance(10_000);
      return backUp(simulator, folder, { run: ++run, cursors });
    },
  };
}

function versionsIn(folder: string): string[] {
  return fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('_00001'));
}

const returned: Restoration['problems'][number] = {
  kind: 'diverges',
  where: 'default',
  message: 'at token 3 of EVENT it holds events that a transformation had deleted',
};

describe('a backup of before a transformation and one of after it', () => {
  test('can both be restored, each with what the cluster held, where the new versions are copied', async () => {
    const { simulator, folder, run } = await begin();
    const firstMs = await run();
    await simulator.control.transform('default', { firstToken: 3n, lastToken: 3n });
    expect(await assess({ simulator, folder, beforeMs: firstMs })).toMatchObject({ problems: [], losses: [] });
    const secondMs = await run();
    expect(versionsIn(folder)).toHaveLength(3);
    expect(await assess({ simulator, folder, beforeMs: secondMs })).toMatchObject({ problems: [], losses: [] });
  });

  test('bring deleted events back where the new versions are left out', async () => {
    const { simulator, folder, run } = await begin();
    await run();
    await simulator.control.transform('default', { firstToken: 3n, lastToken: 3n });
    const beforeMs = await run();
    for (const name of versionsIn(folder)) fs.rmSync(path.join(folder, name));
    expect(await assess({ simulator, folder, beforeMs })).toMatchObject({ problems: [returned], losses: [] });
  });
});

test('a transformation of the newest events is in the backup, though the log has them as they were', async () => {
  const { simulator, folder, run } = await begin();
  const { firstToken, lastToken } = await simulator.control.append('default', { transactions: 5 });
  await simulator.control.transform('default', { firstToken, lastToken });
  const beforeMs = await run();
  expect(await assess({ simulator, folder, beforeMs })).toMatchObject({ problems: [], losses: [] });
});

test('a restore without the indexes of the new version is none the worse for it', async () => {
  const { simulator, folder, run } = await begin();
  await simulator.control.transform('default', { firstToken: 3n, lastToken: 3n });
  const beforeMs = await run();
  for (const name of versionsIn(folder)) if (!name.endsWith('.events')) fs.rmSync(path.join(folder, name));
  expect(await assess({ simulator, folder, beforeMs })).toMatchObject({ problems: [], losses: [] });
});

test('a cluster that begins on the folder of one with versions goes on with it', async () => {
  const dataDir = path.join(temporaryFolder(), 'data');
  const options = { dataDir, serverVersion: '2023.2' } as const;
  const first = await grownCluster(options);
  await first.control.transform('default', { firstToken: 3n, lastToken: 3n });
  await first.control.compact('default');
  await first.close();
  const again = await grownCluster(options);
  const names = fs.readdirSync(path.join(nodeOf(again).eventsDir, 'default'));
  expect(names.filter((name) => name.startsWith('0'.repeat(20)) && !name.includes('.s')).toSorted()).toEqual(
    ['.bloom', '.events', '.index'].map((suffix) => `${'0'.repeat(20)}_00001${suffix}`),
  );
  expect((await again.control.transform('default', { firstToken: 4n, lastToken: 4n })).version).toBe(2);
});
