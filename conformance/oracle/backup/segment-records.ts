import { END_MARKER, SEGMENT_HEADER_BYTES, TRANSACTION_OVERHEAD_BYTES } from '../../../server/formats/event-segment.ts';
import { LOG_ENTRY_OVERHEAD_BYTES, LOG_HEADER_BYTES } from '../../../server/formats/log-segment.ts';

/** Each event has its length before it. */
const LEAST_EVENT_BYTES = 4;

/** How many events a segment of events or snapshots says that it holds, found from size to size; nothing is taken into memory. */
export function countEvents(bytes: Buffer): number {
  let events = 0;
  for (let at = SEGMENT_HEADER_BYTES; at + TRANSACTION_OVERHEAD_BYTES <= bytes.length;) {
    const sizeBytes = bytes.readInt32BE(at);
    if (sizeBytes <= 0 || sizeBytes === END_MARKER) break;
    events += Math.min(Math.max(0, bytes.readInt16BE(at + 5)), sizeBytes / LEAST_EVENT_BYTES);
    at += TRANSACTION_OVERHEAD_BYTES + sizeBytes;
  }
  return Math.floor(events);
}

/** The same of the entries of a segment of a log. */
export function countLogEntries(bytes: Buffer): number {
  let entries = 0;
  for (let at = LOG_HEADER_BYTES; at + LOG_ENTRY_OVERHEAD_BYTES <= bytes.length; entries++) {
    const length = bytes.readInt32BE(at);
    if (length <= 0) break;
    at += LOG_ENTRY_OVERHEAD_BYTES + length;
  }
  return entries;
}
