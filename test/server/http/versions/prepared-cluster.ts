import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  startSimulator,
  type EventType,
  type Node,
  type ServerVersion,
  type Simulator,
  type SimulatorOptions,
} from '../../../../server/index.ts';

const MINUTE_MS = 60_000;

/** A node with the store that the expectations are about, reached by a symbolic link so that paths have two forms. */
export interface PreparedCluster {
  readonly node: Node;
  /** Replaces the placeholders in names by absolute paths. One placeholder may stand for several names. */
  resolve(names: readonly string[]): string[];
  close(): Promise<void>;
}

export async function prepareCluster(
  serverVersion: ServerVersion,
  options: SimulatorOptions = {},
): Promise<PreparedCluster> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'axon-backup-kit-test-'));
  const link = path.join(folder, 'link');
  fs.mkdirSync(path.join(folder, 'real'));
  fs.symlinkSync(path.join(folder, 'real'), link);
  const simulator = await startSimulator({
    port: 0,
    nodes: 1,
    groups: [
      { name: 'default', contexts: ['default'] },
      // Before 4.4 each context is a group of its own name.
      { name: serverVersion === '4.2' ? 'orders' : 'retail', contexts: ['orders'] },
    ],
    dataDir: link,
    speed: 0,
    rate: 0,
    segmentSizeBytes: 64 * 1024,
    logSegmentSizeBytes: 2048,
    serverVersion,
    ...options,
  });
  await fillStore(simulator);
  const [node] = simulator.nodes;
  if (node === undefined) throw new Error('There is no node');
  return {
    node,
    resolve: (names) => names.flatMap((name) => resolveName(name, node)),
    async close() {
      await simulator.close();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Events: 0, 6, 12 closed and 18 open. Snapshots: 0, 2 closed and 4 open. Events of `orders`: 0 closed and 2 open. */
async function fillStore(simulator: Simulator): Promise<void> {
  const segments: ReadonlyArray<readonly [context: string, type: EventType, transactions: number, each: number]> = [
    ['default', 'EVENT', 3, 2],
    ['default', 'EVENT', 3, 2],
    ['default', 'EVENT', 3, 2],
    ['default', 'SNAPSHOT', 2, 1],
    ['default', 'SNAPSHOT', 2, 1],
    ['orders', 'EVENT', 2, 1],
  ];
  for (const [context, type, transactions, eventsPerTransaction] of segments) {
    await simulator.control.append(context, { transactions, eventsPerTransaction, type });
    await simulator.control.roll(context, type);
  }
  await simulator.control.append('default');
  await simulator.control.append('default', { type: 'SNAPSHOT' });
  await simulator.control.append('orders');
  await simulator.clock.advance(MINUTE_MS);
}

function resolveName(name: string, node: Node): string[] {
  return logsNamed(name, node) ?? [resolveFolders(name, node)];
}

/** What the log folder holds, for the placeholders of whole lists; null for any other name. */
function logsNamed(name: string, node: Node): string[] | null {
  const closed = logFiles(node, 'default');
  const current = closed.pop() ?? '';
  if (closed.length < 2) throw new Error('The log has too few closed segments');
  const newestFirst = closed.toReversed();
  switch (name) {
    case '{current log}':
      return [current];
    case '{current log of _admin}':
      return logFiles(node, '_admin');
    case '{closed logs, oldest first}':
      return closed;
    case '{closed logs, newest first}':
      return newestFirst;
    case '{closed logs, newest first, each with its index}':
      return newestFirst.flatMap((file) => [file, file.replace(/\.log$/, '.index')]);
    default:
      return null;
  }
}

function logFiles({ logDir }: Node, group: string): string[] {
  const folder = `${logDir}/${group}`;
  const names = fs.readdirSync(folder).filter((name) => name.endsWith('.log'));
  return names.toSorted().map((name) => `${folder}/${name}`);
}

/** `{dot-events}` is the folder of the context `default` as a path with `/./`, `{canonical}` its real path. */
function resolveFolders(name: string, { dataDir, eventsDir }: Node): string {
  const dotted = `${dataDir}/./${path.relative(dataDir, eventsDir)}`;
  const canonical = fs.realpathSync(eventsDir);
  return name
    .replace('{events}', `${eventsDir}/default`)
    .replace('{dot-events}', `${dotted}/default`)
    .replace('{canonical}', `${canonical}/default`)
    .replace('{orders}', `${eventsDir}/orders`)
    .replace('{dot-orders}', `${dotted}/orders`)
    .replace('{canonical-orders}', `${canonical}/orders`);
}
