import { AxonError } from '../errors.ts';
import { decodeEventSegment, encodeTransaction, END_MARKER, SEGMENT_HEADER_BYTES } from '../formats/event-segment.ts';
import { WireError } from '../formats/wire.ts';
import type { OpenIndex } from './event-store-options.ts';
import { indexSegment } from './index-segment.ts';

/** What takes the place of an event; the event itself where it stays. */
export type EventChange = (token: bigint, event: Buffer) => Buffer;

/** One version of a segment: its file, and what its index has. */
export interface TransformedSegment {
  readonly data: Buffer;
  readonly index: OpenIndex;
}

/**
 * Writes a segment anew with some of its events changed (docs/event-segment-format.md, section 7.4): the header, the
 * same number of events in the same transactions, and the end marker; no zeros behind it. Fails with `data-file-read` or
 * `validation-failed` where the segment is damaged: a good checksum must not cover that up.
 */
export function transformSegment(bytes: Buffer, segment: bigint, change: EventChange): TransformedSegment {
  const endMarker = Buffer.alloc(4);
  endMarker.writeInt32BE(END_MARKER);
  const parts = [bytes.subarray(0, SEGMENT_HEADER_BYTES)];
  for (const { firstToken, events, isChecksumGood } of decodeEventSegment(bytes, segment).transactions) {
    if (!isChecksumGood) {
      throw new AxonError('validation-failed', `Invalid checksum at ${firstToken + BigInt(events.length)}`);
    }
    parts.push(encodeTransaction(events.map((event, ordinal) => changed(event, firstToken + BigInt(ordinal), change))));
  }
  const data = Buffer.concat([...parts, endMarker]);
  return { data, index: indexSegment(decodeEventSegment(data, segment)) };
}

function changed(event: Buffer, token: bigint, change: EventChange): Buffer {
  try {
    return change(token, event);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new AxonError('data-file-read', `Failed to read event: ${token}`, { cause: error });
  }
}
