import { AxonError } from '../errors.ts';
import type { DecodedEventSegment, StoredTransaction } from '../formats/event-segment.ts';
import { WireError } from '../formats/wire.ts';
import type { OpenIndex } from './event-store-options.ts';
import { indexEvents, type IndexedEvent } from './transaction.ts';

/** The index of a segment, from its events. Fails with `data-file-read` where one of them is none. */
export function indexSegment(decoded: DecodedEventSegment): OpenIndex {
  const index: OpenIndex = new Map();
  for (const transaction of decoded.transactions) {
    const { position } = transaction;
    for (const { key, sequenceNumber, offset } of readIndexedEvents(transaction)) {
      const entry = index.get(key);
      if (entry === undefined) index.set(key, { firstSequenceNumber: sequenceNumber, positions: [position + offset] });
      else entry.positions.push(position + offset);
    }
  }
  return index;
}

function readIndexedEvents({ firstToken, events }: StoredTransaction): IndexedEvent[] {
  try {
    return indexEvents(events);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new AxonError('data-file-read', `Failed to read event: ${firstToken}`, { cause: error });
  }
}
