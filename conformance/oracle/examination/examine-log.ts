import { encodeTransaction } from '../../../server/formats/event-segment.ts';
import { AxonError } from '../../../server/errors.ts';
import type { EventType } from '../../../server/index.ts';
import type { BackupFile } from '../../journal/inventory.ts';
import type { RestoreProblem } from '../../journal/restoration.ts';
import { MOST_NAMED } from '../segments/event-scan.ts';
import type { LoggedRun, LogScan, SeenEntry } from '../segments/log-scanner.ts';
import { findOddEntries } from '../segments/segment-oddities.ts';
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

/** What a segment of a log comes to, and each entry where it was asked for. */
export interface ScannedLog {
  readonly scan: LogScan;
  readonly entries: readonly LoggedEntry[];
}

export interface ExaminedLogSegment extends Pick<LogScan, 'end' | 'badChecksums'> {
  readonly file: BackupFile;
  readonly firstIndex: number;
  /** One below `firstIndex` where it holds no entry. */
  readonly lastIndex: number;
}

/** The log of one group as it lies in a backup. */
export interface ExaminedLog {
  readonly group: string;
  /** 0 where there is no log. */
  readonly firstIndex: number;
  readonly lastIndex: number;
  readonly segments: readonly ExaminedLogSegment[];
  /** What it brings, store by store in the order of the entries; contexts have their names. */
  readonly runs: readonly LoggedRun[];
  /** Each entry; empty unless asked for. */
  readonly entries: readonly LoggedEntry[];
  /** Ids of the nodes that it names as members or leaders. */
  readonly nodeIds: readonly string[];
  readonly problems: readonly RestoreProblem[];
  /** What no server writes, and no start-up notices. */
  readonly oddities: readonly RestoreProblem[];
}

const GONE = new AxonError('data-file-read', 'the file cannot be read any more').message;

/** Puts the segments of a log together: every checksum, every payload, and whether each begins where the one before it ends. */
export function examineLog(
  { group, segments }: SelectedLog,
  scanOf: (segment: SelectedLog['segments'][number]) => ScannedLog | null,
): ExaminedLog {
  const examined: ExaminedLogSegment[] = [];
  const runs: LoggedRun[] = [];
  const entries: LoggedEntry[] = [];
  const problems: RestoreProblem[] = [];
  const oddities: RestoreProblem[] = [];
  const nodeIds = new Set<string>();
  let term = 0;
  let expected: number | null = null;
  for (const segment of segments) {
    const { firstIndex, file } = segment;
    if (expected !== null && expected !== firstIndex) problems.push(gap(group, expected, firstIndex));
    const scanned = scanOf(segment);
    const scan = scanned?.scan ?? null;
    const isBroken = scan === null || scan.end === 'broken';
    if (isBroken) problems.push(unreadable(file, scan?.message ?? GONE));
    const badChecksums = scan?.badChecksums ?? [];
    if (scan !== null) {
      oddities.push(...findOddEntries(file, scan, firstIndex, term));
      term = scan.terms?.last ?? term;
      if (badChecksums.length > 0) problems.push(badChecksum(file, badChecksums));
      for (const index of scan.unreadable) problems.push(unreadable(file, `entry ${index} cannot be read`));
      for (const id of scan.nodeIds) nodeIds.add(id);
      // A context that is left empty is named like the group.
      for (const run of scan.runs) runs.push(run.context === '' ? { ...run, context: group } : run);
      for (const entry of scanned?.entries ?? []) entries.push(entry);
    }
    const lastIndex: number = firstIndex + (scan?.entries ?? 0) - 1;
    examined.push({ file, firstIndex, lastIndex, end: scan?.end ?? 'broken', badChecksums });
    expected = isBroken ? null : lastIndex + 1;
  }
  return {
    group,
    firstIndex: examined[0]?.firstIndex ?? 0,
    lastIndex: examined.at(-1)?.lastIndex ?? 0,
    segments: examined,
    runs,
    entries,
    nodeIds: [...nodeIds],
    problems,
    oddities,
  };
}

/** What an entry of the log of `group` brings. */
export function payloadOf(seen: SeenEntry, group: string): LoggedPayload {
  if (seen === 'damaged') return { kind: 'damaged' };
  if (seen === 'other') return { kind: 'other' };
  if (seen.kind === 'configuration') return readChange(seen.data);
  const { token, events, context } = seen.transaction;
  if (events.length === 0) return { kind: 'other' };
  const encoded = encodeTransaction(events);
  return {
    kind: 'append',
    context: context === '' ? group : context,
    type: seen.type,
    firstToken: token,
    eventCount: events.length,
    checksum: encoded.readUInt32BE(encoded.length - 4),
  };
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
  const others = `${indexes.length - 1}${indexes.length === MOST_NAMED ? ' or more' : ' more'}`;
  const more = indexes.length > 1 ? `, and ${others}` : '';
  return { kind: 'bad-checksum', where: file.path, message: `the checksum of entry ${indexes[0]} is wrong${more}` };
}

function unreadable(file: BackupFile, message: string): RestoreProblem {
  return { kind: 'log-unreadable', where: file.path, message };
}
