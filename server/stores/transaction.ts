import { encodeTransaction } from '../formats/event-segment.ts';
import { decodeEventMessage } from '../formats/event-message.ts';

/** What the index has to know of one domain event. */
export interface IndexedEvent {
  readonly key: string;
  readonly sequenceNumber: bigint;
  /** Offset of the event's length field from the start of the transaction's bytes. */
  readonly offset: number;
}

/** A transaction made ready once for the stores of all nodes: they share its bytes. */
export interface PreparedTransaction {
  readonly firstToken: bigint;
  readonly eventCount: number;
  readonly bytes: Buffer;
  readonly indexed: readonly IndexedEvent[];
}

const EVENTS_PER_BLOCK = 32_767;
const BLOCK_HEADER_BYTES = 7;
const CHECKSUM_BYTES = 4;

/** What the index has to know of an event, or null where it is not a domain event. */
export type IndexKey = { readonly key: string; readonly sequenceNumber: bigint } | null;

/**
 * Encodes `events` as they stand in a segment. Who has just made the events passes their keys; otherwise they are read
 * from the bytes, with a WireError where one is no protobuf `Event`.
 */
export function prepareTransaction(
  firstToken: bigint,
  events: readonly Buffer[],
  keys: readonly IndexKey[] = events.map(readIndexKey),
): PreparedTransaction {
  return { firstToken, eventCount: events.length, bytes: encodeTransaction(events), indexed: placeKeys(events, keys) };
}

/** The domain events among `events`, with the offsets that the encoded transaction gives them. */
export function indexEvents(events: readonly Buffer[]): IndexedEvent[] {
  return placeKeys(events, events.map(readIndexKey));
}

function placeKeys(events: readonly Buffer[], keys: readonly IndexKey[]): IndexedEvent[] {
  const indexed: IndexedEvent[] = [];
  let offset = BLOCK_HEADER_BYTES;
  events.forEach((event, ordinal) => {
    if (ordinal > 0 && ordinal % EVENTS_PER_BLOCK === 0) offset += CHECKSUM_BYTES + BLOCK_HEADER_BYTES;
    const key = keys[ordinal];
    if (key !== undefined && key !== null) indexed.push({ key: key.key, sequenceNumber: key.sequenceNumber, offset });
    offset += 4 + event.length;
  });
  return indexed;
}

function readIndexKey(event: Buffer): IndexKey {
  const { aggregateIdentifier, aggregateSequenceNumber, aggregateType } = decodeEventMessage(event);
  return aggregateType === '' ? null : { key: aggregateIdentifier, sequenceNumber: aggregateSequenceNumber };
}
