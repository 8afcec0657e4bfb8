/**
 * Segments of the replication log; all numbers big-endian (docs/backup-endpoints.md, section 3.2).
 *
 *     offset 0   file version u8 = 0 | flags i32 = 0 | entries, back to back | end: i32 -1, or zeros while open
 *
 *     entry
 *     +-----------+---------+----------+----------+--------------+------------------------------+
 *     | length i32| ver u8=0| term i64 | type i32 | data         | crc i32 of the data alone    |
 *     +-----------+---------+----------+----------+--------------+------------------------------+
 *     0           4         5          13         17             17 + length
 *
 * An entry's index is nowhere in the file: it is the number in the file's name plus the entry's place.
 */
import { crc32 } from 'node:zlib';
import { AxonError } from '../errors.ts';

export const LOG_HEADER_BYTES = 5;
export const LOG_ENTRY_OVERHEAD_BYTES = 21;
const DATA_START = 17;

/** Protobuf field number of the payload in the wire's `Entry`. */
export const logEntryTypes = { serializedObject: 3, newConfiguration: 4, leaderElected: 5, dummy: 6 } as const;

export interface LogEntry {
  /** From 1; 0 means "none". */
  readonly index: number;
  readonly term: number;
  /** One of `logEntryTypes`. */
  readonly type: number;
  readonly data: Buffer;
}

export interface StoredLogEntry extends LogEntry {
  /** Offset of the entry's length field in the file. */
  readonly position: number;
  readonly isChecksumGood: boolean;
}

export function encodeLogSegmentHeader(): Buffer {
  return Buffer.alloc(LOG_HEADER_BYTES);
}

/** One entry with its length in place. */
export function encodeLogEntry(entry: Omit<LogEntry, 'index'>): Buffer {
  const { data } = entry;
  if (data.length === 0) throw new Error('A log entry holds at least one byte');
  const record = Buffer.allocUnsafe(LOG_ENTRY_OVERHEAD_BYTES + data.length);
  record.writeInt32BE(data.length, 0);
  record[4] = 0;
  record.writeBigInt64BE(BigInt(entry.term), 5);
  record.writeInt32BE(entry.type, 13);
  record.set(data, DATA_START);
  record.writeUInt32BE(crc32(data), DATA_START + data.length);
  return record;
}

/** The entry of a whole record, as `encodeLogEntry` made it or a file holds it. Fails with `data-file-read` as `termOf` does. */
export function decodeLogEntry(record: Buffer, index: number): LogEntry {
  return {
    index,
    term: termOf(record, index),
    type: record.readInt32BE(13),
    data: record.subarray(DATA_START, record.length - 4),
  };
}

/**
 * The term in a whole record. Fails with `data-file-read` on one that no number holds exactly: no cluster gets that far, and
 * rounded it would become the term of other entries.
 */
export function termOf(record: Buffer, index: number): number {
  const term = record.readInt32BE(5) * 0x1_0000_0000 + record.readUInt32BE(9);
  if (!Number.isSafeInteger(term)) throw unreadable(index);
  return term;
}

export interface DecodedLogSegment {
  readonly entries: readonly StoredLogEntry[];
  /** Where the next length would be. */
  readonly endPosition: number;
  readonly endsIn: 'end-marker' | 'zero';
}

/**
 * Reads a whole segment up to a length that is not positive, as the server does. Fails with `data-file-read` where an
 * entry breaks off. The checksum is reported alone: the server writes it and never looks at it.
 */
export function decodeLogSegment(bytes: Buffer, firstIndex: number): DecodedLogSegment {
  if (bytes.length < LOG_HEADER_BYTES) {
    throw new AxonError('data-file-read', `${bytes.length} buffer limit, it looks like it's corrupted. Aborting.`);
  }
  const entries: StoredLogEntry[] = [];
  let position = LOG_HEADER_BYTES;
  for (;;) {
    const index = firstIndex + entries.length;
    if (position + 4 > bytes.length) throw unreadable(index);
    const length = bytes.readInt32BE(position);
    if (length <= 0) return { entries, endPosition: position, endsIn: length === 0 ? 'zero' : 'end-marker' };
    const end = position + LOG_ENTRY_OVERHEAD_BYTES + length;
    if (end > bytes.length) throw unreadable(index);
    const entry = decodeLogEntry(bytes.subarray(position, end), index);
    entries.push({ ...entry, position, isChecksumGood: crc32(entry.data) === bytes.readUInt32BE(end - 4) });
    position = end;
  }
}

function unreadable(index: number): AxonError {
  return new AxonError('data-file-read', `failed to read entry: ${index}`);
}
