import { AxonError } from '../../errors.ts';
import type { EventStore } from '../../stores/event-store.ts';
import { prepareTransaction, type PreparedTransaction } from '../../stores/transaction.ts';
import type { HostedEventStore } from './hosted-event-store.ts';

/** Appends what the source holds above the target's own. Fails with `data-file-read` where that cannot be read. */
export function copyEvents(source: EventStore, target: HostedEventStore): void {
  for (const { firstToken, events } of source.transactionsFrom(target.store.nextToken)) {
    if (firstToken >= target.store.nextToken) target.append(readTransaction(firstToken, events));
  }
}

function readTransaction(firstToken: bigint, events: readonly Buffer[]): PreparedTransaction {
  try {
    return prepareTransaction(firstToken, events);
  } catch (error) {
    throw new AxonError('data-file-read', `Failed to read event: ${firstToken}`, { cause: error });
  }
}
