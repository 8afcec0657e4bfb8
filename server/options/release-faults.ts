import { behaviourOf, type Behaviour, type Edition, type ServerVersion } from '../versions/behaviours.ts';
import type { Role } from '../formats/role.ts';
import { ADMIN_GROUP, type PlannedGroup } from '../cluster/terms/topology.ts';

/** What of a cluster a release may not have. */
interface Planned {
  readonly serverVersion: ServerVersion;
  readonly edition: Edition;
  readonly nodes: number;
  readonly contexts: readonly string[];
  readonly groups: readonly PlannedGroup[];
}

/**
 * What a version does not have, in one line, or null. Before 4.4 each context was its own replication group, and no node was
 * SECONDARY (docs/backup-endpoints.md, section 2.3).
 */
export function versionFault({ serverVersion, edition, groups }: Planned): string | null {
  const behaviour = behaviourOf(serverVersion, edition);
  if (!behaviour.isClustered) return null;
  for (const { name, members } of groups) {
    const newer = members.find(({ role }) => !hasRole(behaviour, role));
    if (newer === undefined) continue;
    const which = `role ${newer.role}, which ${newer.node} has in "${name}"`;
    return `server version ${serverVersion} has no ${which}: it came with ${newer.role === 'LEARNER' ? '2026.0' : '2025.2'}`;
  }
  if (behaviour.hasReplicationGroups) return null;
  for (const { name, contexts, members } of groups) {
    const isContext = name === ADMIN_GROUP || (contexts.length === 1 && contexts[0] === name);
    if (!isContext) {
      const way = 'give each context a group of its own name, or take a later version';
      return `server version ${serverVersion} has no replication group "${name}": ${way}`;
    }
    const secondary = members.find(({ role }) => role === 'SECONDARY');
    if (secondary === undefined) continue;
    const way = 'PASSIVE_BACKUP is there';
    return `server version ${serverVersion} has no role SECONDARY, which ${secondary.node} has in "${name}": ${way}`;
  }
  return null;
}

/** The same of an edition: a server that is no member of a cluster is alone, and has one context. */
export function editionFault({ serverVersion, edition, nodes, contexts }: Planned, hasGroups: boolean): string | null {
  if (behaviourOf(serverVersion, edition).isClustered) return null;
  const refused = (what: string, way: string): string => `the ${edition} edition has no ${what}: ${way}`;
  if (hasGroups) return refused('replication groups', 'leave the groups out');
  if (nodes !== 1) return refused(`cluster of ${nodes} nodes`, 'leave the nodes out');
  const isUsual = contexts.length === 1 && contexts[0] === 'default';
  return isUsual ? null : refused(`contexts ${contexts.join(', ')}`, 'there is `default` alone');
}

function hasRole({ hasAnalyticsRole, hasLearners }: Behaviour, role: Role): boolean {
  if (role === 'ANALYTICS') return hasAnalyticsRole;
  return role !== 'LEARNER' || hasLearners;
}
