import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import type { ClusterState, Simulator } from '../../server/index.ts';
import { findingsIn, testWithPython } from '../support/independent-reader.ts';
import { stillSimulator, urlOf } from '../support/simulator.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MINUTE_MS = 60_000;
const sizes = { segmentSizeBytes: 16 * 1024, logSegmentSizeBytes: 32 * 1024 };
const args = [
  '--segment-size',
  String(sizes.segmentSizeBytes),
  '--log-segment-size',
  String(sizes.logSegmentSizeBytes),
];

async function stateOf(simulator: Simulator): Promise<ClusterState> {
  return (await (await fetch(`${urlOf(simulator)}/_sim/state`)).json()) as ClusterState;
}

/** Some hours of two contexts, with stops, crashes, rolls, cleanings and all that. */
async function growCluster(dataDir: string, hours: number): Promise<Simulator> {
  const contexts = ['default', 'orders & co'];
  const simulator = await stillSimulator({ nodes: 3, rate: 0.5, contexts, dataDir, ...sizes });
  const { clock, control } = simulator;
  const advance = (minutes: number): Promise<void> => clock.advance((minutes * hours * MINUTE_MS) / 3);
  await advance(40);
  await control.append('orders & co', { transactions: 3, eventsPerTransaction: 80, payloadBytes: 10 });
  await control.roll('default');
  await control.roll('orders & co', 'SNAPSHOT');
  await control.crash('node-1');
  await advance(20);
  await control.start('node-1');
  await control.append('default', { transactions: 30, type: 'SNAPSHOT' });
  await control.stop('node-3');
  await advance(65);
  await control.start('node-3');
  await control.delayReplication('node-2', 2000);
  await advance(30);
  await control.delayReplication('node-2', 0);
  await control.cleanLog('node-2', 'default', MINUTE_MS);
  await control.crash('node-2');
  await control.start('node-2');
  await clock.advance(5000);
  // An event segment of the usual size has no room for it.
  await control.append('default', { eventsPerTransaction: 10, payloadBytes: 2500 });
  await advance(25);
  return simulator;
}

describe('a reader that knows the formats alone', () => {
  testWithPython('finds nothing wrong with groups of several contexts and members in every role', async () => {
    const folder = temporaryFolder();
    const groups = [
      { name: '_admin', members: [{ node: 'node-1' }, { node: 'node-2' }] },
      {
        name: 'retail',
        contexts: ['orders', 'billing'],
        members: [
          { node: 'node-1' },
          { node: 'node-2', role: 'ACTIVE_BACKUP' as const },
          { node: 'node-3', role: 'MESSAGING_ONLY' as const },
          { node: 'node-4', role: 'PASSIVE_BACKUP' as const },
        ],
      },
      { name: 'default', contexts: ['default'] },
    ];
    const simulator = await stillSimulator({ nodes: 4, rate: 0.5, groups, dataDir: folder, ...sizes });
    await simulator.clock.advance(20 * MINUTE_MS);
    await simulator.control.crash('node-3');
    await simulator.clock.advance(5 * MINUTE_MS);
    await simulator.control.start('node-3');
    await simulator.clock.advance(MINUTE_MS);
    expect(findingsIn(folder, { state: await stateOf(simulator), args })).toEqual([]);
    await simulator.close();
    expect(findingsIn(folder, { args })).toEqual([]);
  });

  testWithPython(
    'finds nothing wrong with three hours of a cluster, while it runs and when it has stopped',
    async () => {
      const folder = temporaryFolder();
      const simulator = await growCluster(folder, 0.3);
      // Half of the time a file is caught in the middle of a write.
      for (let round = 0; round < 3; round++) {
        expect(findingsIn(folder, { state: await stateOf(simulator), args })).toEqual([]);
        await simulator.clock.advance(1700);
      }
      const state = await stateOf(simulator);
      await simulator.close();
      expect(findingsIn(folder, { state, args })).toEqual([]);
    },
  );

  testWithPython('is not blind: one wrong byte, one wrong number, one missing file, and it says where', async () => {
    const folder = temporaryFolder();
    const simulator = await growCluster(folder, 0.3);
    const state = await stateOf(simulator);
    await simulator.close();
    const events = filesIn(folder, 'node-2/events/default', '.events');
    const log = filesIn(folder, 'node-1/log/default', '.log');
    const damages: Array<readonly [file: string, change: (bytes: Buffer) => void]> = [
      [events[1] ?? '', (bytes) => bytes.writeUInt8(bytes.readUInt8(200) ^ 1, 200)],
      [events.at(-1) ?? '', (bytes) => bytes.writeUInt8(bytes.readUInt8(40) ^ 0x80, 40)],
      [log[1] ?? '', (bytes) => bytes.writeUInt8(bytes.readUInt8(150) ^ 1, 150)],
      [
        filesIn(folder, 'node-3/events/default', '.bloom')[0] ?? '',
        (bytes) => bytes.writeUInt8(bytes.readUInt8(9) ^ 4, 9),
      ],
    ];
    for (const [file, change] of damages) {
      const bytes = fs.readFileSync(path.join(folder, file));
      change(bytes);
      expect(whileChanged(folder, file, bytes, () => findingsIn(folder, { state, args }))).toContainEqual(
        expect.stringContaining(file),
      );
    }
    const missing = events[2] ?? '';
    expect(whileChanged(folder, missing, null, () => findingsIn(folder, { state, args }))).not.toEqual([]);

    const [node] = state.nodes;
    const store = node?.contexts['default']?.EVENT;
    Object.assign(store ?? {}, { nextToken: Number(store?.nextToken ?? 0) + 1 });
    expect(findingsIn(folder, { state, args })).toEqual([expect.stringContaining('node-1/events/default')]);
  });
});

/** Files of a folder, by their paths below the data folder, ascending. */
function filesIn(folder: string, directory: string, suffix: string): string[] {
  const names = fs.readdirSync(path.join(folder, directory)).filter((name) => name.endsWith(suffix));
  return names.toSorted().map((name) => `${directory}/${name}`);
}

/** Changes a file, or takes it away, for as long as `action` takes. */
function whileChanged<Result>(folder: string, file: string, bytes: Buffer | null, action: () => Result): Result {
  const target = path.join(folder, file);
  const original = fs.readFileSync(target);
  if (bytes === null) fs.rmSync(target);
  else fs.writeFileSync(target, bytes);
  try {
    return action();
  } finally {
    fs.writeFileSync(target, original);
  }
}
