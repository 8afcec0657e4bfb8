import * as fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ServerFiles } from '../../../conformance/journal/server-files.ts';
import { SourceWatch } from '../../../conformance/journal/source-watch.ts';
import type { ClusterEvent, Simulator } from '../../../server/index.ts';
import { nodeOf, stillSimulator } from '../../support/simulator.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

interface Watched {
  readonly simulator: Simulator;
  readonly logFolder: string;
  /** What the watch says of the time since it began. */
  readonly damage: () => string[];
}

/** A node of a release with index files of logs, with some closed log segments, that is watched from now on. */
async function watched(): Promise<Watched> {
  const folder = temporaryFolder();
  const simulator = await stillSimulator({ serverVersion: '4.5', logSegmentSizeBytes: 2048, dataDir: folder });
  await simulator.control.append('default', { transactions: 40 });
  await simulator.clock.advance(60_000);
  const events: ClusterEvent[] = [];
  simulator.onEvent((event) => events.push(event));
  const watch = new SourceWatch(simulator.nodes, new ServerFiles(folder));
  watch.begin();
  return { simulator, logFolder: `${nodeOf(simulator).logDir}/default`, damage: () => watch.damage(events) };
}

describe('the index files of a log', () => {
  test('come and go with the segments without being held against the client', async () => {
    const { simulator, logFolder, damage } = await watched();
    const before = fs.readdirSync(logFolder);
    const removed = await simulator.control.cleanLog('node-1', 'default');
    expect(removed.length).toBeGreaterThan(1);
    await simulator.control.append('default', { transactions: 40 });
    await simulator.clock.advance(60_000);
    expect(fs.readdirSync(logFolder).some((name) => name.endsWith('.index') && !before.includes(name))).toBe(true);
    expect(damage()).toEqual([]);
  });

  test('are missed where nothing was cleaned', async () => {
    const { logFolder, damage } = await watched();
    fs.rmSync(`${logFolder}/00000000000000000001.index`);
    expect(damage()).toEqual(['node-1/log/default/00000000000000000001.index is gone']);
  });
});
