import { encodeTransaction } from '../../server/formats/event-segment.ts';
import {
  decodeLeaderElected,
  decodeNewConfiguration,
  decodeSerializedEntry,
} from '../../server/formats/log-entry-data.ts';
import { decodeLogSegment, logEntryTypes, type StoredLogEntry } from '../../server/formats/log-segment.ts';
import { WireError } from '../../server/formats/wire.ts';
import { AxonError, type EventType } from '../../server/index.ts';
import type { BackupFile } from '../journal/inventory.ts';
import type { RestoreProblem } from '../journal/restoration.ts';
import { readOrNull } from './examine-events.ts';
import { findOddEntries } from './segment-oddities.ts';
import type { SelectedLog } from './select-backup.ts';

/** What an entry brings. */
export type LoggedPayload =
  | {
      readonly kind: 'append';
      readonly context: string;
      readonly type: EventType;
      readonly firstToken: bigint;
      readonly eventCount: number;
      /** As the segment file will have it behind the (last block of the) transaction. */
      readonly checksum: number;
    }
  | { readonly kind: 'change'; readonly change: string; readonly name: string }
  /** Its checksum is wrong: nothing of what it says counts. */
  | { readonly kind: 'damaged' }
  | { readonly kind: 'other' };

export interface LoggedEntry {
  readonly index: number;
  readonly payload: LoggedPayload;
}

export interface ExaminedLogSegment {
  readonly file: BackupFile;
  readonly firstIndex: number;
  /** One below `firstIndex` where it holds no entry. */
  readonly lastIndex: number;
  readonly end: 'end-marker' | 'zero' | 'broken';
  /** Indexes of the entries whose checksum is wrong. */
  readonly badChecksums: readonly number[];
}

/** The log of one group as it lies in a backup. */
export interface ExaminedLog {
  readonly group: string;
  /** 0 where there is no log. */
  readonly firstIndex: number;
  readonly lastIndex: number;
  readonly segments: readonly ExaminedLogSegment[];
  readonly entries: readonly LoggedEntry[];
  /** Ids of the nodes that it names as members or leaders. */
  readonly nodeIds: readonly string[];
  readonly problems: readonly RestoreProblem[];
  /** What no server writes, and no start-up notices. */
  readonly oddities: readonly RestoreProblem[];
}

/** Reads a log: every checksum, every payload, and whether each segment begins where the one before it ends. */
export async function examineLog({ group, segments }: SelectedLog, turn: () => Promise<void>): Promise<ExaminedLog> {
  const examined: ExaminedLogSegment[] = [];
  const entries: LoggedEntry[] = [];
  const problems: RestoreProblem[] = [];
  const oddities: RestoreProblem[] = [];
  const nodeIds = new Set<string>();
  let term = 0;
  let expected: number | null = null;
  for (const { firstIndex, file } of segments) {
    await turn();
    if (expected !== null && expected !== firstIndex) problems.push(gap(group, expected, firstIndex));
    const stored = readSegment(file, firstIndex, problems);
    oddities.push(...findOddEntries(file, stored.bytes, stored.entries, term));
    term = stored.entries.at(-1)?.term ?? term;
    const badChecksums = stored.entries.filter((entry) => !entry.isChecksumGood).map(({ index }) => index);
    if (badChecksums.length > 0) problems.push(badChecksum(file, badChecksums));
    for (const entry of stored.entries) {
      for (const id of nodeIdsIn(entry)) nodeIds.add(id);
      const payload = readPayload(entry, group);
      if (payload === null) problems.push(unreadable(file, `entry ${entry.index} cannot be read`));
      else entries.push({ index: entry.index, payload: entry.isChecksumGood ? payload : { kind: 'damaged' } });
    }
    const lastIndex: number = firstIndex + stored.entries.length - 1;
    examined.push({ file, firstIndex, lastIndex, end: stored.end, badChecksums });
    expected = stored.end === 'broken' ? null : lastIndex + 1;
  }
  const firstIndex = examined[0]?.firstIndex ?? 0;
  return {
    group,
    firstIndex,
    lastIndex: examined.at(-1)?.lastIndex ?? 0,
    segments: examined,
    entries,
    nodeIds: [...nodeIds],
    problems,
    oddities,
  };
}

function readSegment(
  file: BackupFile,
  firstIndex: number,
  problems: RestoreProblem[],
): { readonly bytes: Buffer; readonly entries: readonly StoredLogEntry[]; readonly end: ExaminedLogSegment['end'] } {
  const bytes = readOrNull(file);
  try {
    if (bytes === null) throw new AxonError('data-file-read', 'the file cannot be read any more');
    const { entries, endsIn } = decodeLogSegment(bytes, firstIndex);
    return { bytes, entries, end: endsIn };
  } catch (error) {
    if (!(error instanceof AxonError)) throw error;
    problems.push(unreadable(file, error.message));
    return { bytes: Buffer.alloc(0), entries: [], end: 'broken' };
  }
}

/** Null where the data is damaged. A context that is left empty is named like the group. */
function readPayload({ type, data }: StoredLogEntry, group: string): LoggedPayload | null {
  if (type !== logEntryTypes.serializedObject) return { kind: 'other' };
  try {
    const entry = decodeSerializedEntry(data);
    if (entry.kind === 'configuration') return readChange(entry.data);
    const { token, events, context } = entry.transaction;
    if (events.length === 0) return { kind: 'other' };
    const encoded = encodeTransaction(events);
    return {
      kind: 'append',
      context: context === '' ? group : context,
      type: entry.type,
      firstToken: token,
      eventCount: events.length,
      checksum: encoded.readUInt32BE(encoded.length - 4),
    };
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  }
}

/** None where the entry is of another type, or damaged: that is told elsewhere. */
function nodeIdsIn({ type, data, isChecksumGood }: StoredLogEntry): readonly string[] {
  if (!isChecksumGood) return [];
  try {
    if (type === logEntryTypes.leaderElected) return [decodeLeaderElected(data)];
    if (type === logEntryTypes.newConfiguration) return decodeNewConfiguration(data).map(({ nodeId }) => nodeId);
    return [];
  } catch (error) {
    if (error instanceof WireError) return [];
    throw error;
  }
}

/** Changes of real servers are not JSON, and nothing is known of them here. */
function readChange(data: Buffer): LoggedPayload {
  try {
    const { type, name } = JSON.parse(data.toString('utf8')) as Readonly<Record<string, unknown>>;
    return { kind: 'change', change: String(type), name: String(name) };
  } catch {
    return { kind: 'other' };
  }
}

function gap(group: string, expected: number, firstIndex: number): RestoreProblem {
  const message =
    firstIndex < expected
      ? `the segment of entry ${firstIndex} lies over the one before it, which ends at ${expected - 1}: something stale lies beside the last listing`
      : `entries ${expected} to ${firstIndex - 1} are in no segment: one was not copied, or one is left over from an older listing`;
  return { kind: 'log-gap', where: group, message };
}

function badChecksum(file: BackupFile, indexes: readonly number[]): RestoreProblem {
  const more = indexes.length > 1 ? `, and ${indexes.length - 1} more` : '';
  return { kind: 'bad-checksum', where: file.path, message: `the checksum of entry ${indexes[0]} is wrong${more}` };
}

function unreadable(file: BackupFile, message: string): RestoreProblem {
  return { kind: 'log-unreadable', where: file.path, message };
}
