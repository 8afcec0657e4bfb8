import { encodeAppend, encodeConfigurationChange } from '../formats/log-entry-data.ts';
import { AxonError } from '../errors.ts';
import { SEGMENT_HEADER_BYTES } from '../formats/event-segment.ts';
import { prepareTransaction, type PreparedTransaction } from '../stores/transaction.ts';
import type { ConfigurationChange } from './log-payload.ts';
import type { ReplicationGroup } from './replication-group.ts';
import type { SyntheticTransaction } from './synthetic-events.ts';
import type { ReplicationGroupPlan } from './topology.ts';

const END_MARKER_BYTES = 4;

/* What the leaders of groups are asked to write, as they get it. Each function returns the index of the entry. */

/** What a release takes in one transaction (dossier "event segment format", sections 2.1 and 2.2). */
export interface TransactionLimits {
  /** Length of the smallest segment that must hold the whole transaction. */
  readonly segmentSizeBytes: number;
  readonly events: number;
}

/**
 * Fails with `transaction-too-large` or `too-many-events` where the release has limits, `null` for none. A transaction of
 * exactly the most bytes is refused, too: it passes the server's check but never fits, not even into an empty segment.
 */
export function proposeAppend(
  group: ReplicationGroup,
  context: string,
  { type, events, keys }: SyntheticTransaction,
  limits: TransactionLimits | null,
): number {
  const token = group.nextToken(context, type);
  const transaction = prepareTransaction(token, events, keys);
  if (limits !== null) checkLimits(transaction, limits);
  const data = encodeAppend(type, { token, version: 2, events, context: context === group.name ? '' : context });
  return group.propose(data, { kind: 'append', context, type, transaction });
}

function checkLimits(
  { bytes, eventCount }: PreparedTransaction,
  { segmentSizeBytes, events }: TransactionLimits,
): void {
  if (eventCount > events) {
    throw new AxonError('too-many-events', `Maximum number of events in transaction exceeded: ${events}`);
  }
  const most = segmentSizeBytes - SEGMENT_HEADER_BYTES - END_MARKER_BYTES;
  if (bytes.length >= most) {
    throw new AxonError('transaction-too-large', `Size of transaction too large, max size = ${most}`);
  }
}

export function proposeChange(admin: ReplicationGroup, change: ConfigurationChange): number {
  const data = encodeConfigurationChange(change.type, Buffer.from(JSON.stringify(change), 'utf8'));
  return admin.propose(data, { kind: 'configuration', change });
}

/** `_admin` of a new cluster begins with its contexts. */
export function proposeContexts(
  admin: ReplicationGroup,
  groups: readonly ReplicationGroupPlan[],
  known: ReadonlySet<string>,
): void {
  for (const { name: replicationGroup, contexts } of groups) {
    for (const name of contexts) {
      if (!known.has(name)) proposeChange(admin, { type: 'ADD_CONTEXT', name, replicationGroup });
    }
  }
}
