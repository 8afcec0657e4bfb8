import type { ConfiguredNode, Role } from '../formats/log-entry-data.ts';
import type { RandomStream } from '../sim/random.ts';
import type { ControlDbReplicationGroup } from '../stores/control-db.ts';

/** One node's part in one replication group. */
export interface GroupMemberPlan {
  readonly nodeName: string;
  /** `<nodeName>-<uuid>`, another one in each group. */
  readonly nodeId: string;
  readonly role: Role;
}

export interface ReplicationGroupPlan {
  readonly name: string;
  /** A UUID. */
  readonly id: string;
  readonly members: readonly GroupMemberPlan[];
  /** Contexts with an event store; `_admin` has none. */
  readonly contexts: readonly string[];
}

/** Who holds what. */
export interface Topology {
  readonly nodeNames: readonly string[];
  readonly groups: readonly ReplicationGroupPlan[];
}

export const ADMIN_GROUP = '_admin';

/** Ports of the protocols that the simulator does not speak, as the server numbers them by default. */
export const GRPC_PORT = 8124;
export const INTERNAL_GRPC_PORT = 8224;

/** `node-1` to `node-<count>`. */
export function nodeNamesOf(count: number): string[] {
  return Array.from({ length: count }, (_, place) => `node-${place + 1}`);
}

/** All nodes PRIMARY in `_admin` and in one group for each context, named like it. */
export function planTopology(nodeCount: number, contexts: readonly string[], identities: RandomStream): Topology {
  const nodeNames = nodeNamesOf(nodeCount);
  const groups = [ADMIN_GROUP, ...contexts].map((name) => ({
    name,
    id: identities.uuid(),
    members: nodeNames.map((nodeName) => ({
      nodeName,
      nodeId: `${nodeName}-${identities.uuid()}`,
      role: 'PRIMARY' as const,
    })),
    contexts: name === ADMIN_GROUP ? [] : [name],
  }));
  return { nodeNames, groups };
}

/** The members as the group's log names them. */
export function configurationOf({ members }: ReplicationGroupPlan): ConfiguredNode[] {
  return members.map(({ nodeId, nodeName, role }, place) => ({
    nodeId,
    host: nodeName,
    port: INTERNAL_GRPC_PORT + place,
    nodeName,
    role,
  }));
}

/** Nodes that have a control database keep the ids in it; one without takes those that the others know. */
export function adoptIdentities(planned: Topology, known: readonly ControlDbReplicationGroup[]): Topology {
  const groups = planned.groups.map((plan) => {
    const group = known.findLast(({ name }) => name === plan.name);
    if (group === undefined) return plan;
    const members = plan.members.map((member) => {
      const before = group.members.find(({ nodeName }) => nodeName === member.nodeName);
      return before === undefined ? member : { ...member, nodeId: before.nodeId, role: before.role };
    });
    return { ...plan, id: group.id, members };
  });
  return { ...planned, groups };
}

/** What is wrong with a context's name, or null. A name becomes a folder, and stands in comma separated lists. */
export function contextNameFault(name: string): string | null {
  if (name === '' || name.length > 100) return 'a context name has 1 to 100 characters';
  if (name.startsWith('_')) return `"${name}" is reserved: names that begin with _ belong to the server`;
  if (/^[. ]|[. ]$/.test(name)) return `"${name}" begins or ends with a dot or a space`;
  // oxlint-disable-next-line no-control-regex -- control characters are what the expression is about
  if (/[\u0000-\u001f\u007f/\\:*?"<>|,]/.test(name)) return `"${name}" holds a character that no folder name should`;
  return null;
}

/** Contexts hold events and snapshots on nodes in these roles; a MESSAGING_ONLY node has no event store. */
export function hasEventStore(role: Role): boolean {
  return role !== 'MESSAGING_ONLY';
}

/** Whether the member counts for a majority. */
export function isVoter(role: Role): boolean {
  return role === 'PRIMARY' || role === 'ACTIVE_BACKUP';
}
