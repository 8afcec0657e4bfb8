import * as fs from 'node:fs';
import path from 'node:path';
import { zipSync } from 'fflate';
import { encodeBloomFilter } from '../../server/formats/bloom-filter.ts';
import { encodeEventMessage, readIndexKey } from '../../server/formats/event-message.ts';
import { decodeEventSegment, encodeEventSegmentHeader, encodeTransaction } from '../../server/formats/event-segment.ts';
import { encodeAppend, encodeNewConfiguration } from '../../server/formats/log-entry-data.ts';
import { encodeLogEntry, encodeLogSegmentHeader, logEntryTypes } from '../../server/formats/log-segment.ts';
import { formatSegmentName } from '../../server/formats/segment-name.ts';
import { readGolden } from './h2-databases.ts';
import { encodeMapDb } from './mapdb-files.ts';
import { temporaryFolder } from './temporary-folder.ts';

/*
 * Backups as real servers leave them: a database that H2 wrote, and beside it log and events that join its pointers.
 * Nothing in events and log says whose they are, but for the ids of nodes and the folders' names: what the events say of a
 * context is another thing.
 */

/** A group as the golden database has it. */
export interface GoldenGroup {
  readonly group: string;
  readonly commitIndex: number;
  readonly appliedIndex: number;
  readonly nodeIds: readonly string[];
  readonly contexts: readonly string[];
}

export interface RealBackup {
  readonly folder: string;
  readonly groups: readonly GoldenGroup[];
  /** Absolute path of the zip. */
  readonly zip: string;
}

export interface RealBackupOptions {
  /** A golden database of `fixtures/golden/h2`. */
  readonly database?: string;
  /** Entries that the log of `default` has less, or with a negative number more. */
  readonly entriesLess?: number;
  /** Events that the segments of `default` have less. */
  readonly eventsLess?: number;
  /** Contexts that no files are written of. */
  readonly without?: readonly string[];
  /** Which index files closed segments of events have: none unless given. */
  readonly indexes?: 'bloom-filter' | 'jump-skip';
  /** Ids of the nodes in the log; those of the database unless given. */
  readonly nodeIds?: readonly string[];
}

const ENTRIES = 12;
const EVENTS_PER_SEGMENT = 8;
/** Events that are applied, of each context. */
export const APPLIED_EVENTS = 30;
const SEGMENT_BYTES = 16 * 1024;

/** By the golden database alone, no two calls differ; every context has four segments of events and one of snapshots. */
export function realBackup(options: RealBackupOptions = {}): RealBackup {
  const { database = 'small-1.4.200', entriesLess = 0, eventsLess = 0, without = [] } = options;
  const golden = readGolden(database);
  const folder = temporaryFolder();
  const zip = path.join(folder, 'controldb1700000000000.zip');
  fs.copyFileSync(path.resolve(import.meta.dirname, `../../fixtures/golden/h2/${database}.zip`), zip);
  const groups = groupsOf(golden.tables);
  for (const group of groups) {
    const isTold = group.group === 'default';
    writeLog(folder, group, isTold ? entriesLess : 0, options.nodeIds ?? group.nodeIds);
    for (const context of group.contexts) {
      if (!without.includes(context))
        writeEvents(folder, context, APPLIED_EVENTS - (isTold ? eventsLess : 0), options.indexes);
    }
  }
  return { folder, groups, zip };
}

/** Puts another database into the zip, under the name that releases up to 2023.2 have for it. */
export function replaceDatabase({ zip }: RealBackup, database: Uint8Array, name = 'axonserver-controldb.mv.db'): void {
  fs.writeFileSync(zip, zipSync({ [name]: database }));
}

/** Absolute path of a segment's file. */
export function eventFile({ folder }: RealBackup, segment: number, suffix = '.events', context = 'default'): string {
  return path.join(folder, 'events', context, formatSegmentName(BigInt(segment), suffix));
}

type Tables = ReturnType<typeof readGolden>['tables'];

function groupsOf(tables: Tables): GoldenGroup[] {
  const contexts = tables['rg_context'] ?? [];
  return (tables['rg_state'] ?? tables['jpa_raft_state'] ?? []).map((state) => {
    const group = String(state['group_id']);
    const members = (tables['rg_member'] ?? tables['jpa_raft_group_node'] ?? []).filter(
      (each) => each['group_id'] === group,
    );
    const own = contexts.filter((each) => each['replication_group_name'] === group && each['dcb_context'] !== true);
    const before44 = tables['rg_context'] === undefined && group !== '_admin' ? [group] : [];
    return {
      group,
      commitIndex: Number(state['commit_index']),
      appliedIndex: Number(state['last_applied_index']),
      nodeIds: members.map((member) => String(member['node_id'])),
      contexts: [...own.map(({ name }) => String(name)), ...before44],
    };
  });
}

/** The last entries up to the commit index, the members first, then an event for each context of the group in turn. */
function writeLog(folder: string, group: GoldenGroup, entriesLess: number, nodeIds: readonly string[]): void {
  const { commitIndex, appliedIndex, contexts } = group;
  const firstIndex = commitIndex - ENTRIES + 1;
  const members = nodeIds.map(
    (nodeId) => ({ nodeId, host: 'host', port: 8224, nodeName: nodeId, role: 'PRIMARY' }) as const,
  );
  const parts: Buffer[] = [encodeLogSegmentHeader()];
  const first = { type: logEntryTypes.newConfiguration, data: encodeNewConfiguration(members) };
  for (let index = firstIndex; index <= commitIndex - entriesLess; index++) {
    const context = contexts[index % Math.max(1, contexts.length)];
    const entry =
      index === firstIndex
        ? first
        : context === undefined
          ? change(index)
          : append(group, context, index, appliedIndex);
    parts.push(encodeLogEntry({ term: 1, ...entry }));
  }
  const place = path.join(folder, 'log', group.group);
  fs.mkdirSync(place, { recursive: true });
  const bytes = Buffer.concat([...parts, Buffer.alloc(64)]);
  fs.writeFileSync(path.join(place, formatSegmentName(BigInt(firstIndex), '.log')), bytes);
}

/** Of the entries of a context, that at or before the applied index that is the last brings the last event of its segments. */
function append({ group, contexts }: GoldenGroup, context: string, index: number, appliedIndex: number): Entry {
  const turns = Math.max(1, contexts.length);
  const lastOwn = appliedIndex - ((((appliedIndex - index) % turns) + turns) % turns);
  const token = APPLIED_EVENTS - 1 + (index - lastOwn) / turns;
  const transaction = {
    token: BigInt(token),
    version: 0,
    events: [event(context, token)],
    context: context === group ? '' : context,
  };
  return { type: logEntryTypes.serializedObject, data: encodeAppend('EVENT', transaction) };
}

interface Entry {
  readonly type: number;
  readonly data: Buffer;
}

/** What real servers say of their configuration is no JSON. */
function change(index: number): Entry {
  return {
    type: logEntryTypes.serializedObject,
    data: Buffer.from([0x0a, 0x04, 0x55, 0x53, 0x45, 0x52, 0x12, 0x01, index & 0x7f]),
  };
}

function writeEvents(folder: string, context: string, count: number, indexes: RealBackupOptions['indexes']): void {
  const place = path.join(folder, 'events', context);
  fs.mkdirSync(place, { recursive: true });
  for (let segment = 0; segment < count; segment += EVENTS_PER_SEGMENT) {
    const isOpen = segment + EVENTS_PER_SEGMENT >= count;
    const tokens = Array.from(
      { length: Math.min(EVENTS_PER_SEGMENT, count - segment) },
      (_, ordinal) => segment + ordinal,
    );
    const parts = [encodeEventSegmentHeader(), ...tokens.map((token) => encodeTransaction([event(context, token)]))];
    const write = (suffix: string, bytes: Buffer): void =>
      fs.writeFileSync(path.join(place, formatSegmentName(BigInt(segment), suffix)), bytes);
    write('.events', filled(parts, isOpen));
    if (isOpen || indexes === undefined) continue;
    const positions = positionsIn(filled(parts, isOpen), BigInt(segment));
    if (indexes === 'jump-skip') write('.nindex', encodeMapDb(positions));
    else {
      write('.index', encodeMapDb(positions));
      write('.bloom', encodeBloomFilter(new Set(positions.keys())));
    }
  }
  if (indexes === 'jump-skip') {
    fs.writeFileSync(path.join(place, 'global-index-00000.xref'), encodeMapDb(new Map()));
  }
  fs.writeFileSync(path.join(place, formatSegmentName(0n, '.snapshots')), filled([encodeEventSegmentHeader()], true));
}

/** Places of the length fields of the events of each aggregate. */
export function positionsIn(bytes: Buffer, segment: bigint): Map<string, number[]> {
  const positions = new Map<string, number[]>();
  for (const { position, events } of decodeEventSegment(bytes, segment).transactions) {
    let at = position + 7;
    for (const each of events) {
      const key = readIndexKey(each);
      if (key !== null) positions.set(key, [...(positions.get(key) ?? []), at]);
      at += 4 + each.length;
    }
  }
  return positions;
}

function filled(parts: readonly Buffer[], isOpen: boolean): Buffer {
  const bytes = Buffer.alloc(SEGMENT_BYTES);
  const content = Buffer.concat([...parts, isOpen ? Buffer.alloc(4) : Buffer.from([0xff, 0xff, 0xff, 0xff])]);
  content.copy(bytes);
  return bytes;
}

function event(context: string, token: number): Buffer {
  return encodeEventMessage({
    messageIdentifier: `${context}-${token}`,
    aggregateIdentifier: `order-${token % 3}`,
    aggregateSequenceNumber: BigInt(Math.floor(token / 3)),
    aggregateType: 'Order',
    timestampMs: 1_700_000_000_000n + BigInt(token),
    payload: null,
    // Of whom it is in the words of its author, who means no context of Axon Server.
    metaData: [['context', { kind: 'text', value: 'checkout' }]],
    snapshot: false,
  });
}
