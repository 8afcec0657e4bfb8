import { AxonError } from '../../../server/errors.ts';
import type { EventType, StoredBlock } from '../../../server/index.ts';
import type { BackupFile } from '../../journal/inventory.ts';
import type { RestoreProblem } from '../../journal/restoration.ts';
import { ArchiveError } from '../archives/archive-entry.ts';
import { MOST_NAMED, type EventScan } from '../segments/event-scan.ts';
import { findOddEvents } from '../segments/segment-oddities.ts';
import type { SelectedSegment, SelectedStore } from './select-backup.ts';

/** One data file, read from its start to its end. */
export interface ExaminedSegment extends ScannedEnd {
  readonly segment: bigint;
  readonly file: BackupFile;
}

/** The events, or snapshots, of one context as they lie in a backup. */
export interface ExaminedStore {
  readonly context: string;
  readonly type: EventType;
  readonly segments: readonly ExaminedSegment[];
  /** 0 where there are no segments. */
  readonly firstToken: bigint;
  readonly nextToken: bigint;
  /** All that is sound, ascending within each segment; empty unless asked for. */
  readonly blocks: readonly StoredBlock[];
  readonly problems: readonly RestoreProblem[];
  /** What no server writes, and no start-up notices. */
  readonly oddities: readonly RestoreProblem[];
}

export interface ExamineOptions {
  /** Where the stores of a context begin; at 0 unless given. */
  readonly firstTokenOf?: (context: string) => bigint;
  /** What the bytes of a segment come to; null where they cannot be read any more. */
  readonly scanOf: (selected: SelectedSegment, type: EventType) => EventScan | null;
}

/** Puts the segments of a store together: every checksum, and whether each begins where the one before it ends. */
export function examineStore(
  { context, type, segments }: SelectedStore,
  { firstTokenOf, scanOf }: ExamineOptions,
): ExaminedStore {
  const examined: ExaminedSegment[] = [];
  const blocks: StoredBlock[] = [];
  const problems: RestoreProblem[] = [];
  const oddities: RestoreProblem[] = [];
  let expected: bigint | null = firstTokenOf?.(context) ?? 0n;
  for (const selected of segments) {
    const { segment, data } = selected;
    if (expected !== null && expected !== segment) problems.push(gap(context, type, expected, segment));
    const scan = scanOf(selected, type);
    const { nextToken, end, isTorn, badChecksums }: ScannedEnd = scan ?? unreadable(segment);
    if (end === 'broken') problems.push(broken(data, nextToken));
    if (badChecksums.length > 0) problems.push(badChecksum(data, badChecksums));
    if (scan !== null) {
      oddities.push(...findOddEvents(data, scan));
      for (const block of scan.blocks) blocks.push(block);
    }
    examined.push({ segment, file: data, nextToken, end, isTorn, badChecksums });
    // What is behind a segment that breaks off is not missing by itself.
    expected = end === 'broken' ? null : nextToken;
  }
  return {
    context,
    type,
    segments: examined,
    firstToken: examined[0]?.segment ?? 0n,
    nextToken: examined.at(-1)?.nextToken ?? 0n,
    blocks,
    problems,
    oddities,
  };
}

type ScannedEnd = Pick<EventScan, 'nextToken' | 'end' | 'isTorn' | 'badChecksums'>;

function unreadable(segment: bigint): ScannedEnd {
  return { nextToken: segment, end: 'broken', isTorn: false, badChecksums: [] };
}

/** What `read` gives; null where a file cannot be read any more. */
export function orNull<Result>(read: () => Result): Result | null {
  try {
    return read();
  } catch (error) {
    if (isUnreadable(error)) return null;
    throw error;
  }
}

/** Whether a failure says that a file cannot be read any more, and nothing else. */
export function isUnreadable(error: unknown): boolean {
  if (error instanceof AxonError) return error.kind === 'data-file-read';
  return error instanceof ArchiveError;
}

/** The bytes of a file; null where it cannot be read any more. */
export function readOrNull(file: BackupFile): Buffer | null {
  return orNull(() => file.readBytes());
}

function gap(context: string, type: EventType, expected: bigint, segment: bigint): RestoreProblem {
  const message =
    segment < expected
      ? `segment ${segment} of ${type} lies over the one before it, which ends at token ${expected - 1n}: they are copies from different nodes, or one is not a segment of this store`
      : `tokens ${expected} to ${segment - 1n} of ${type} are in no segment: a segment was never copied, or the copy of one is older than the segment behind it`;
  return { kind: 'event-gap', where: context, message };
}

function broken(file: BackupFile, token: bigint): RestoreProblem {
  return {
    kind: 'events-unreadable',
    where: file.path,
    message: `event ${token} cannot be read: the file is cut short or damaged there`,
  };
}

function badChecksum(file: BackupFile, tokens: readonly bigint[]): RestoreProblem {
  const others = `${tokens.length - 1}${tokens.length === MOST_NAMED ? ' or more' : ' more'}`;
  const more = tokens.length > 1 ? `, and ${others}` : '';
  const message = `the checksum of the transaction at token ${tokens[0]} is wrong${more}`;
  return { kind: 'bad-checksum', where: file.path, message };
}
