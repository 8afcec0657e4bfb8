import * as fs from 'node:fs';
import path from 'node:path';
import { decodeSerializedEntry } from '../../server/formats/log-entry-data.ts';
import { decodeLogSegment, logEntryTypes } from '../../server/formats/log-segment.ts';
import { LOG_SUFFIX } from '../../server/formats/segment-name.ts';
import { decodeControlDbArchive } from '../../server/formats/control-db-archive.ts';
import { startSimulator, type EventType, type Node, type ServerVersion, type Simulator } from '../../server/index.ts';
import { readControlDb } from '../../server/restored-node.ts';
import type { BackupTree } from './backup-tree.ts';

/** What one entry of a log brings to a store. */
export interface Appended {
  readonly group: string;
  readonly index: number;
  readonly context: string;
  readonly type: EventType;
  /** Token behind its last event. */
  readonly nextToken: number;
}

/** What a control database says of a group. */
export interface Pointers {
  readonly group: string;
  readonly commitIndex: number;
  readonly appliedIndex: number;
}

/** Correct backups of one small cluster, and what they prove that there was. */
export interface Base {
  readonly name: string;
  /** What each run has copied, the oldest first: closed segments once, the rest again. */
  readonly runs: readonly BackupTree[];
  /** All that the logs of all runs append. */
  readonly appended: readonly Appended[];
  /** The pointers of each run's control database, the oldest first. */
  readonly pointers: ReadonlyArray<readonly Pointers[]>;
}

export type Bases = ReadonlyMap<string, Base>;

const SECOND_MS = 1000;
const contexts = ['default', 'orders'] as const;

interface Plan {
  readonly name: string;
  readonly serverVersion?: ServerVersion;
  /** What happens before each run. */
  readonly runs: ReadonlyArray<(simulator: Simulator) => Promise<void>>;
}

const plans: readonly Plan[] = [
  { name: 'small', runs: [(simulator) => grow(simulator, 10)] },
  { name: 'grown', runs: [(simulator) => grow(simulator, 8), (simulator) => grow(simulator, 6)] },
  {
    name: 'cleaned',
    runs: [
      (simulator) => grow(simulator, 16),
      async (simulator) => {
        await grow(simulator, 6);
        // The older events are in the segments alone from now on.
        for (const context of contexts) await simulator.control.cleanLog('node-1', context, 0);
      },
    ],
  },
  {
    name: 'transformed',
    serverVersion: '2023.2',
    runs: [
      (simulator) => grow(simulator, 9),
      async (simulator) => {
        await simulator.control.transform('default', { firstToken: 2n, lastToken: 3n });
        await grow(simulator, 3);
      },
    ],
  },
  /** As `small`, of another cluster: for splices. */
  { name: 'other', runs: [(simulator) => grow(simulator, 9)] },
];

/** The same bytes for the same seed. */
export async function makeBases(seed: number): Promise<Bases> {
  const bases = new Map<string, Base>();
  for (const [place, plan] of plans.entries()) bases.set(plan.name, await makeBase(plan, seed * plans.length + place));
  return bases;
}

async function makeBase({ name, runs: plannedRuns, serverVersion = 'documented' }: Plan, seed: number): Promise<Base> {
  const sizes = { segmentSizeBytes: 2048, logSegmentSizeBytes: 4096 };
  const simulator = await startSimulator({
    port: 0,
    nodes: 1,
    speed: 0,
    rate: 0,
    seed,
    contexts: [...contexts],
    serverVersion,
    ...sizes,
  });
  try {
    const runs: BackupTree[] = [];
    const copied = new Map<string, Buffer>();
    for (const prepare of plannedRuns) {
      await prepare(simulator);
      runs.push(await backUp(simulator, copied));
    }
    const pointers = await Promise.all(runs.map(readPointers));
    return { name, runs, appended: runs.flatMap(appendedIn), pointers };
  } finally {
    await simulator.close();
  }
}

async function grow(simulator: Simulator, transactions: number): Promise<void> {
  for (const context of contexts) {
    await simulator.control.append(context, { transactions, payloadBytes: 40 });
    await simulator.control.append(context, {
      transactions: Math.ceil(transactions / 2),
      type: 'SNAPSHOT',
      payloadBytes: 40,
    });
  }
  await simulator.clock.advance(10 * SECOND_MS);
}

/** One run of a correct client at rest: what it has `copied` before, and has not changed since, it leaves out. */
async function backUp(simulator: Simulator, copied: Map<string, Buffer>): Promise<BackupTree> {
  const node = simulator.nodes[0] as Node;
  const answer = await fetch(`${node.url}/v1/backup/createControlDbBackup`, { method: 'POST' });
  const zip = await answer.text();
  const tree: BackupTree = new Map();
  const nowMs = simulator.clock.nowMs;
  const add = (name: string, file: string): void => {
    const bytes = fs.readFileSync(file);
    const isKept = name.startsWith('events/') && copied.get(name)?.equals(bytes) === true;
    copied.set(name, bytes);
    if (!isKept)
      tree.set(name, { kind: 'file', bytes, modifiedMs: Math.min(nowMs, Math.floor(fs.statSync(file).mtimeMs)) });
  };
  const zipName = path.basename(zip);
  tree.set(zipName, { kind: 'file', bytes: fs.readFileSync(zip), modifiedMs: nowMs });
  for (const group of ['_admin', ...contexts]) addAll(path.join(node.logDir, group), `log/${group}`, add);
  for (const context of contexts) addAll(path.join(node.eventsDir, context), `events/${context}`, add);
  return tree;
}

function addAll(folder: string, name: string, add: (name: string, file: string) => void): void {
  for (const file of fs.readdirSync(folder).toSorted()) add(`${name}/${file}`, path.join(folder, file));
}

function appendedIn(run: BackupTree): Appended[] {
  const appended: Appended[] = [];
  for (const [name, entry] of run) {
    if (!name.endsWith(LOG_SUFFIX) || entry.kind !== 'file') continue;
    const group = path.dirname(name).slice('log/'.length);
    for (const { index, type, data } of decodeLogSegment(entry.bytes, Number.parseInt(path.basename(name), 10))
      .entries) {
      if (type !== logEntryTypes.serializedObject) continue;
      const decoded = decodeSerializedEntry(data);
      if (decoded.kind !== 'append') continue;
      const { token, events, context } = decoded.transaction;
      const nextToken = Number(token) + events.length;
      appended.push({ group, index, context: context === '' ? group : context, type: decoded.type, nextToken });
    }
  }
  return appended;
}

async function readPointers(run: BackupTree): Promise<Pointers[]> {
  for (const [name, entry] of run) {
    if (!name.startsWith('controldb') || entry.kind !== 'file') continue;
    const { groups } = await readControlDb(decodeControlDbArchive(entry.bytes));
    return groups.map(({ group, commitIndex, appliedIndex }) => ({ group, commitIndex, appliedIndex }));
  }
  throw new Error('each run has a control database');
}
