/**
 * Event and snapshot segments; all numbers big-endian (docs/event-segment-format.md, section 2).
 *
 *     offset 0                                                            file length
 *     +--------+----------+------+------+- - -+------+------------+-------------------+
 *     | ver u8 | flags i32| tx 0 | tx 1 |     | tx n | end marker | zero bytes ...    |
 *     +--------+----------+------+------+- - -+------+------------+-------------------+
 *        1          4                                  i32 = -1; 0 while the segment is open
 *
 *     transaction
 *     +-----------+---------+------------+---------------------------------------+---------+
 *     | size i32  | ver u8  | count i16  | event[0] event[1] ... event[count-1]  | crc i32 |
 *     +-----------+---------+------------+---------------------------------------+---------+
 *          4          1          2         `size` bytes, covered by the CRC-32        4
 *                                          event = length i32 + `length` bytes
 */
import { crc32 } from 'node:zlib';
import { AxonError } from '../errors.ts';

export const SEGMENT_HEADER_BYTES = 5;
/** Ends a segment that is full, of a log too. */
export const END_MARKER = -1;
export const END_MARKER_BYTES = 4;
const TRANSACTION_VERSION = 2;
/** Of a transaction, before its first event. */
export const BLOCK_HEADER_BYTES = 7;
/** Of an event, before its bytes. */
export const EVENT_LENGTH_BYTES = 4;
const MOST_EVENTS_PER_BLOCK = 32_767;

/** Bytes that a transaction takes beside its events: size, version, count and CRC. */
export const TRANSACTION_OVERHEAD_BYTES = 11;

/** Version 2, flags 0: what every release from 4.1 on writes. */
export function encodeEventSegmentHeader(): Buffer {
  return Buffer.from([2, 0, 0, 0, 0]);
}

/**
 * One transaction with its size in place. More than 32,767 events become several blocks laid end to end, each with a
 * header and a CRC of its own (4.6 and later).
 */
export function encodeTransaction(events: readonly Uint8Array[]): Buffer {
  if (events.length === 0) throw new Error('A transaction holds at least one event');
  const blocks: Buffer[] = [];
  for (let from = 0; from < events.length; from += MOST_EVENTS_PER_BLOCK) {
    blocks.push(encodeBlock(events.slice(from, from + MOST_EVENTS_PER_BLOCK)));
  }
  return blocks.length === 1 ? (blocks[0] as Buffer) : Buffer.concat(blocks);
}

function encodeBlock(events: readonly Uint8Array[]): Buffer {
  let sizeBytes = 0;
  for (const event of events) sizeBytes += 4 + event.length;
  const block = Buffer.allocUnsafe(sizeBytes + TRANSACTION_OVERHEAD_BYTES);
  block.writeInt32BE(sizeBytes, 0);
  block[4] = TRANSACTION_VERSION;
  block.writeInt16BE(events.length, 5);
  let position = BLOCK_HEADER_BYTES;
  for (const event of events) {
    position = block.writeInt32BE(event.length, position);
    block.set(event, position);
    position += event.length;
  }
  block.writeUInt32BE(crc32(block.subarray(BLOCK_HEADER_BYTES, position)), position);
  return block;
}

/** One block as it stands in a file; `position` is that of its size field, in bytes from the file's start. */
export interface StoredTransaction {
  readonly position: number;
  readonly lengthBytes: number;
  readonly firstToken: bigint;
  readonly events: readonly Buffer[];
  readonly isChecksumGood: boolean;
}

export interface DecodedEventSegment {
  readonly transactions: readonly StoredTransaction[];
  /** Where the next size would be: the -1 of a closed file, the 0 of an open one. */
  readonly endPosition: number;
  readonly endsIn: 'end-marker' | 'zero';
  /** Token behind the last event. */
  readonly nextToken: bigint;
}

/**
 * Reads a whole segment as the server does: up to a size of 0 or -1, with no other check of the size. Fails with
 * `data-file-read` where the bytes break off or do not hold what the sizes say. Checksums are reported, not enforced:
 * when they matter is the store's decision (section 8.4).
 */
export function decodeEventSegment(bytes: Buffer, firstToken: bigint): DecodedEventSegment {
  if (bytes.length < SEGMENT_HEADER_BYTES) throw unreadable(firstToken);
  const transactions: StoredTransaction[] = [];
  let token = firstToken;
  let position = SEGMENT_HEADER_BYTES;
  for (;;) {
    if (position + 4 > bytes.length) throw unreadable(token);
    const sizeBytes = bytes.readInt32BE(position);
    if (sizeBytes === 0 || sizeBytes === END_MARKER) {
      const endsIn = sizeBytes === 0 ? 'zero' : 'end-marker';
      return { transactions, endPosition: position, endsIn, nextToken: token };
    }
    const transaction = decodeTransactionAt(bytes, position, token);
    transactions.push(transaction);
    token += BigInt(transaction.events.length);
    position += transaction.lengthBytes;
  }
}

/** The block at `position`, whose size field is known not to be an end. Fails with `data-file-read`. */
export function decodeTransactionAt(bytes: Buffer, position: number, firstToken: bigint): StoredTransaction {
  const sizeBytes = bytes.readInt32BE(position);
  const start = position + BLOCK_HEADER_BYTES;
  const end = start + sizeBytes;
  if (sizeBytes < 0 || end + 4 > bytes.length) throw unreadable(firstToken);
  const count = bytes.readInt16BE(position + 5);
  const events: Buffer[] = [];
  let cursor = start;
  for (let index = 0; index < count; index++) {
    const length = cursor + 4 <= end ? bytes.readInt32BE(cursor) : -1;
    if (length < 0 || cursor + 4 + length > end) throw unreadable(firstToken + BigInt(index));
    events.push(bytes.subarray(cursor + 4, cursor + 4 + length));
    cursor += 4 + length;
  }
  if (cursor !== end || count <= 0) throw unreadable(firstToken + BigInt(Math.max(count, 0)));
  const isChecksumGood = crc32(bytes.subarray(start, end)) === bytes.readUInt32BE(end);
  return { position, lengthBytes: sizeBytes + TRANSACTION_OVERHEAD_BYTES, firstToken, events, isChecksumGood };
}

function unreadable(token: bigint): AxonError {
  return new AxonError('data-file-read', `Failed to read event: ${token}`);
}
