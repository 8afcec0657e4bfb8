import { encodeAppend, encodeConfigurationChange } from '../../formats/log-entry-data.ts';
import { prepareTransaction } from '../../stores/transaction.ts';
import type { ConfigurationChange } from '../terms/log-payload.ts';
import type { ReplicationGroup } from '../group/replication-group.ts';
import type { SyntheticTransaction } from './synthetic-events.ts';
import type { ReplicationGroupPlan } from '../terms/topology.ts';
import { checkLimits, type TransactionLimits } from './transaction-limits.ts';

/* What the leaders of groups are asked to write, as they get it. Each function returns the index of the entry. */

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
