import { AxonError } from '../../errors.ts';
import { deletedEvent } from '../../formats/deleted-event.ts';
import { decodeTransactionAt, encodeTransaction } from '../../formats/event-segment.ts';
import type { PreparedTransaction } from '../../stores/transaction.ts';
import type { HostedEventStore } from './hosted-event-store.ts';

/**
 * An entry whose events the store has already must bring the same ones (section 5.4), but for those that a transformation
 * has deleted from the store since: the log keeps them.
 */
export function checkStored(hosted: HostedEventStore, context: string, transaction: PreparedTransaction): void {
  const { firstToken, bytes } = transaction;
  const name = `Replicated ${hosted.type} transaction ${firstToken}`;
  const stored = hosted.transactionAt(firstToken);
  if (stored === null || stored.firstToken > firstToken) {
    throw new AxonError('event-store-mismatch', `${context}: ${name} not found`);
  }
  const storedBytes = encodeTransaction(stored.events);
  if (stored.firstToken === firstToken) {
    if (bytes.subarray(0, storedBytes.length).equals(storedBytes)) return;
    if (isSameButForDeleted(decodeTransactionAt(bytes, 0, firstToken).events, stored.events)) return;
  }
  throw new AxonError('event-store-mismatch', `${context}: ${name} does not match stored transaction`);
}

function isSameButForDeleted(logged: readonly Buffer[], stored: readonly Buffer[]): boolean {
  if (logged.length !== stored.length) return false;
  return logged.every((event, ordinal) => {
    const other = stored[ordinal] ?? event;
    return event.equals(other) || deletedEvent(event).equals(other);
  });
}
