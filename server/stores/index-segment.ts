import { AxonError } from '../errors.ts';
import type { DecodedEventSegment, StoredTransaction } from '../formats/event-segment.ts';
import { WireError } from '../formats/wire.ts';
import type { OpenIndex } from './event-store-options.ts';
import { indexEvents, type IndexedEvent } from './transaction.ts';

/** The index of a segment, from its events. Fails with `data-file-read` where one of them is none. */
export function indexSegment(decoded: DecodedEventSegment): OpenIndex {
  const index: OpenIndex = new Map();
  for (const transaction of decoded.transactions) {
    addToIndex(index, readIndexedEvents(transaction), transaction.position);
  }
  return index;
}

/** Adds the events of a transaction that begins at `position` in the file. */
export function addToIndex(index: OpenIndex, events: readonly IndexedEvent[], position: number): void {
  for (const { key, sequenceNumber, offset } of events) {
    const entry = index.get(key);
    if (entry === undefined) index.set(key, { firstSequenceNumber: sequenceNumber, positions: [position + offset] });
    else entry.positions.push(position + offset);
  }
}

function readIndexedEvents({ firstToken, events }: StoredTransaction): IndexedEvent[] {
  try {
    return indexEvents(events);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new AxonError('data-file-read', `Failed to read event: ${firstToken}`, { cause: error });
  }
}
