import { encodeAppend, encodeConfigurationChange } from '../formats/log-entry-data.ts';
import { prepareTransaction } from '../stores/transaction.ts';
import type { ConfigurationChange } from './log-payload.ts';
import type { ReplicationGroup } from './replication-group.ts';
import type { SyntheticTransaction } from './synthetic-events.ts';
import type { ReplicationGroupPlan } from './topology.ts';

/* What the leaders of groups are asked to write, as they get it. Each function returns the index of the entry. */

export function proposeAppend(
  group: ReplicationGroup,
  context: string,
  { type, events, keys }: SyntheticTransaction,
): number {
  const token = group.nextToken(context, type);
  const data = encodeAppend(type, { token, version: 2, events, context: context === group.name ? '' : context });
  return group.propose(data, { kind: 'append', context, type, transaction: prepareTransaction(token, events, keys) });
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
