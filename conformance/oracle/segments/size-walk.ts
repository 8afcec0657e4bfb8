import {
  BLOCK_HEADER_BYTES,
  END_MARKER,
  EVENT_LENGTH_BYTES,
  SEGMENT_HEADER_BYTES,
  TRANSACTION_OVERHEAD_BYTES,
} from '../../../server/formats/event-segment.ts';
import { eventVersions, type EventScan } from './event-scan.ts';
import { timeOfEvent } from './event-times.ts';
import { isZero } from './zeros.ts';

/** The bytes from an offset on, as many as there are up to `lengthBytes`. */
export type ReadAt = (offset: number, lengthBytes: number) => Buffer;

/** Where transactions are larger, what is between their sizes is not read. */
const HOP_BYTES = 4096;
const WINDOW_BYTES = 256 * 1024;
/** So much behind the end is looked at for the beginning of a write. */
const REST_BYTES = 64 * 1024;
const MOST_LAST_BYTES = 1024 ** 2;
const TURN_BYTES = 4 * 1024 ** 2;

/**
 * Goes through a segment of events from size to size: how many there are, and how they end. What stands between the sizes is
 * not looked at, checksums neither. `between` is told of bytes that were gone over; it may fail.
 */
export async function walkSizes(
  segment: bigint,
  sizeBytes: number,
  readAt: ReadAt,
  between: (bytes: number) => Promise<void>,
): Promise<EventScan> {
  let window: { readonly from: number; readonly bytes: Buffer } = { from: 0, bytes: readAt(0, HOP_BYTES) };
  const version = window.bytes[0] ?? null;
  let events = 0;
  let at = SEGMENT_HEADER_BYTES;
  let toldAt = 0;
  let last: { readonly at: number; readonly lengthBytes: number } | null = null;
  let odd: EventScan['oddTransaction'] = null;
  const bytesAt = (offset: number, lengthBytes: number): Buffer => {
    const { from, bytes } = window;
    if (offset < from || offset + lengthBytes > from + bytes.length) {
      const isSmall = last === null || last.lengthBytes < HOP_BYTES;
      window = { from: offset, bytes: readAt(offset, Math.max(lengthBytes, isSmall ? WINDOW_BYTES : HOP_BYTES)) };
    }
    return window.bytes.subarray(offset - window.from, offset - window.from + lengthBytes);
  };
  const conclude = (end: EventScan['end'], isTorn: boolean): EventScan => {
    const nextToken = segment + BigInt(events);
    return {
      nextToken,
      end,
      isTorn,
      badChecksums: [],
      endBySizes: end === 'broken' ? null : nextToken,
      version,
      oddTransaction: odd,
      lastEventMs:
        last === null || last.lengthBytes > MOST_LAST_BYTES ? null : timeIn(readAt(last.at, last.lengthBytes)),
      blocks: [],
    };
  };
  for (;;) {
    const header = bytesAt(at, BLOCK_HEADER_BYTES);
    const eventBytes = header.length < 4 ? -2 : header.readInt32BE(0);
    if (eventBytes === 0 || eventBytes === END_MARKER) {
      const isTorn = !isZero(readAt(at + 4, REST_BYTES));
      return conclude(eventBytes === 0 ? 'zero' : 'end-marker', isTorn);
    }
    const lengthBytes = eventBytes + TRANSACTION_OVERHEAD_BYTES;
    const count = header.length < BLOCK_HEADER_BYTES ? 0 : header.readInt16BE(5);
    if (eventBytes < 0 || count <= 0 || at + lengthBytes > sizeBytes) return conclude('broken', false);
    const own = header[4] ?? 0;
    if (odd === null && !eventVersions.has(own)) odd = { token: segment + BigInt(events), version: own };
    events += count;
    last = { at, lengthBytes };
    at += lengthBytes;
    if (at - toldAt >= TURN_BYTES) {
      await between(at - toldAt);
      toldAt = at;
    }
  }
}

/** When the last event of a transaction happened; null where it does not say. */
function timeIn(transaction: Buffer): number | null {
  const end = transaction.length - 4;
  for (let at = BLOCK_HEADER_BYTES; at + EVENT_LENGTH_BYTES <= end;) {
    const next = at + EVENT_LENGTH_BYTES + transaction.readInt32BE(at);
    if (next <= at || next > end) return null;
    if (next === end) return timeOfEvent(transaction.subarray(at + EVENT_LENGTH_BYTES, end));
    at = next;
  }
  return null;
}
