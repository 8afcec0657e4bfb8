import { decodeTransactionAt, END_MARKER, SEGMENT_HEADER_BYTES } from '../../server/formats/event-segment.ts';
import { AxonError, type EventType, type StoredBlock } from '../../server/index.ts';
import type { StoredTransaction } from '../../server/formats/event-segment.ts';
import type { BackupFile } from '../journal/inventory.ts';
import type { RestoreProblem } from '../journal/restoration.ts';
import { ArchiveError } from './archive-entry.ts';
import { findOddEvents } from './segment-oddities.ts';
import type { SelectedSegment, SelectedStore } from './select-backup.ts';

/** One data file, read from its start to its end. */
export interface ExaminedSegment {
  readonly segment: bigint;
  readonly file: BackupFile;
  /** Token behind the last event that could be read. */
  readonly nextToken: bigint;
  /** How the events end; `broken` where the bytes break off or make no sense. */
  readonly end: 'end-marker' | 'zero' | 'broken';
  /** True where the beginning of an unfinished write lies behind the end. */
  readonly isTorn: boolean;
  /** First tokens of the transactions whose checksum is wrong. */
  readonly badChecksums: readonly bigint[];
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
  readonly keepsBlocks: boolean;
  /** Where the stores of a context begin; at 0 unless given. */
  readonly firstTokenOf?: (context: string) => bigint;
  /** Sees each segment that can be opened, with its transactions, which are not kept. */
  readonly visit?: (segment: SelectedSegment, transactions: readonly StoredTransaction[], isSound: boolean) => void;
}

/**
 * Reads a store: every checksum in every segment, and whether each segment begins where the one before it ends. Others have
 * their `turn` between two segments.
 */
export async function examineStore(
  { context, type, segments }: SelectedStore,
  options: ExamineOptions,
  turn: () => Promise<void>,
): Promise<ExaminedStore> {
  const examined: ExaminedSegment[] = [];
  const blocks: StoredBlock[] = [];
  const problems: RestoreProblem[] = [];
  const oddities: RestoreProblem[] = [];
  let expected: bigint | null = options.firstTokenOf?.(context) ?? 0n;
  for (const selected of segments) {
    await turn();
    const { segment, data } = selected;
    if (expected !== null && expected !== segment) problems.push(gap(context, type, expected, segment));
    const bytes = readOrNull(data);
    const transactions: StoredTransaction[] = [];
    const read: SegmentEnd = bytes === null ? unreadable : readSegment(bytes, segment, transactions);
    if (read.end === 'broken') problems.push(broken(data, read.nextToken ?? segment));
    const badChecksums = transactions.filter((each) => !each.isChecksumGood).map(({ firstToken }) => firstToken);
    if (badChecksums.length > 0) problems.push(badChecksum(data, badChecksums));
    if (bytes !== null) oddities.push(...findOddEvents(data, bytes, transactions));
    if (bytes !== null) options.visit?.(selected, transactions, read.end !== 'broken' && badChecksums.length === 0);
    if (bytes !== null && options.keepsBlocks) {
      for (const each of transactions) if (each.isChecksumGood) blocks.push(blockOf(bytes, each));
    }
    const nextToken: bigint = read.nextToken ?? segment;
    examined.push({ segment, file: data, nextToken, end: read.end, isTorn: read.isTorn, badChecksums });
    // What is behind a segment that breaks off is not missing by itself.
    expected = read.end === 'broken' ? null : nextToken;
  }
  const firstToken = examined[0]?.segment ?? 0n;
  return {
    context,
    type,
    segments: examined,
    firstToken,
    nextToken: examined.at(-1)?.nextToken ?? 0n,
    blocks,
    problems,
    oddities,
  };
}

/** Where reading a segment came to its end. */
export interface SegmentEnd {
  readonly nextToken: bigint | null;
  readonly end: ExaminedSegment['end'];
  readonly isTorn: boolean;
}

const unreadable: SegmentEnd = { nextToken: null, end: 'broken', isTorn: false };

/** As the server reads: up to a size of 0 or -1. Unlike the server, it keeps what comes before a break. */
export function readSegment(bytes: Buffer, segment: bigint, transactions: StoredTransaction[]): SegmentEnd {
  let nextToken = segment;
  let position = SEGMENT_HEADER_BYTES;
  while (position + 4 <= bytes.length) {
    const size = bytes.readInt32BE(position);
    if (size === 0 || size === END_MARKER) {
      const isTorn = !isZero(bytes, position + 4);
      return { nextToken, end: size === 0 ? 'zero' : 'end-marker', isTorn };
    }
    try {
      const transaction = decodeTransactionAt(bytes, position, nextToken);
      transactions.push(transaction);
      nextToken += BigInt(transaction.events.length);
      position += transaction.lengthBytes;
    } catch (error) {
      if (!(error instanceof AxonError) && !(error instanceof RangeError)) throw error;
      break;
    }
  }
  return { nextToken, end: 'broken', isTorn: false };
}

const zeros = Buffer.alloc(1 << 16);

function isZero(bytes: Buffer, from: number): boolean {
  for (let at = from; at < bytes.length; at += zeros.length) {
    const end = Math.min(bytes.length, at + zeros.length);
    if (bytes.compare(zeros, 0, end - at, at, end) !== 0) return false;
  }
  return true;
}

/** The bytes of a file; null where it cannot be read any more. */
export function readOrNull(file: BackupFile): Buffer | null {
  try {
    return file.readBytes();
  } catch (error) {
    if (error instanceof AxonError || error instanceof ArchiveError) return null;
    throw error;
  }
}

function blockOf(bytes: Buffer, { firstToken, events, position, lengthBytes }: StoredTransaction): StoredBlock {
  return { firstToken, eventCount: events.length, checksum: bytes.readUInt32BE(position + lengthBytes - 4) };
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
  const more = tokens.length > 1 ? `, and ${tokens.length - 1} more` : '';
  const message = `the checksum of the transaction at token ${tokens[0]} is wrong${more}`;
  return { kind: 'bad-checksum', where: file.path, message };
}
