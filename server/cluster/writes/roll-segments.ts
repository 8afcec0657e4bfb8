import { AxonError } from '../../errors.ts';
import type { EventType } from '../../formats/log-entry-data.ts';
import type { ReplicationGroup } from '../group/replication-group.ts';

/** Ends and closes the open segment of a context on every running node of its group. Fails with `conflict` where all are empty. */
export function rollSegments(group: ReplicationGroup, context: string, type: EventType): ReadonlyMap<string, bigint> {
  const rolled = new Map<string, bigint>();
  for (const member of group.members) {
    const segment = member.storeOf(context, type)?.roll() ?? null;
    if (segment !== null) rolled.set(member.nodeName, segment);
  }
  if (rolled.size === 0) {
    throw new AxonError('conflict', `The open ${type} segment of ${context} is empty: append something first`);
  }
  return rolled;
}
