import type { ConfiguredNode, Role } from '../../formats/log-entry-data.ts';
import type { RandomStream } from '../../time-and-chance/random.ts';
import type { ControlDbReplicationGroup } from '../../stores/control-db-content.ts';
import { roleTraits } from './roles.ts';

/** A replication group as somebody wants it to be. */
export interface PlannedGroup {
  readonly name: string;
  /** Contexts with an event store; `_admin` has none. */
  readonly contexts: readonly string[];
  /** The nodes that take part in it. */
  readonly members: ReadonlyArray<{ readonly node: string; readonly role: Role }>;
}

/** One node's part in one replication group. */
export interface GroupMemberPlan {
  readonly nodeName: string;
  /** `<nodeName>-<uuid>`, another one in each group. */
  readonly nodeId: string;
  readonly role: Role;
  /** Where the group's other members reach it. */
  readonly internalPort: number;
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
export function groupPerContext(nodeNames: readonly string[], contexts: readonly string[]): PlannedGroup[] {
  return [
    { name: ADMIN_GROUP, contexts: [], members: everyNode(nodeNames) },
    ...contexts.map((name) => ({ name, contexts: [name], members: everyNode(nodeNames) })),
  ];
}

/** Every node, as PRIMARY. */
export function everyNode(nodeNames: readonly string[]): PlannedGroup['members'] {
  return nodeNames.map((node) => ({ node, role: 'PRIMARY' }));
}

/** Gives groups and members their ids. */
export function planTopology(
  nodeNames: readonly string[],
  groups: readonly PlannedGroup[],
  identities: RandomStream,
): Topology {
  return {
    nodeNames,
    groups: groups.map(({ name, contexts, members }) => ({
      name,
      id: identities.uuid(),
      members: members.map(({ node, role }) => ({
        nodeName: node,
        nodeId: `${node}-${identities.uuid()}`,
        role,
        internalPort: INTERNAL_GRPC_PORT + nodeNames.indexOf(node),
      })),
      contexts,
    })),
  };
}

/** The members as the group's log names them. */
export function configurationOf({ members }: ReplicationGroupPlan): ConfiguredNode[] {
  return members.map(({ nodeId, nodeName, role, internalPort }) => ({
    nodeId,
    host: hostOf(nodeName),
    port: internalPort,
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

/** Whether a node takes part in a group, in whatever role. */
export function isMember({ members }: ReplicationGroupPlan, node: string): boolean {
  return members.some(({ nodeName }) => nodeName === node);
}

/** Contexts of which a node keeps the events; a node that only passes messages on keeps none. */
export function contextsStoredOn({ groups }: Topology, node: string): string[] {
  const stored = groups.filter(({ members }) =>
    members.some((member) => member.nodeName === node && roleTraits[member.role].storesEvents),
  );
  return stored.flatMap(({ contexts }) => contexts);
}

/** What is wrong with a name, or null. A name becomes a folder, and stands in comma separated lists. */
export function contextNameFault(name: string, of: 'context' | 'group' = 'context'): string | null {
  if (name.startsWith('_')) return `"${name}" is reserved: names that begin with _ belong to the server`;
  return folderNameFault(name, of);
}

/** The same of any name that becomes a folder. */
export function folderNameFault(name: string, of: 'context' | 'group' | 'node'): string | null {
  if (name === '' || name.length > 100) return `a ${of} name has 1 to 100 characters`;
  if (/^[. ]|[. ]$/.test(name)) return `"${name}" begins or ends with a dot or a space`;
  // oxlint-disable-next-line no-control-regex -- control characters are what the expression is about
  if (/[\u0000-\u001f\u007f/\\:*?"<>|,]/.test(name)) return `"${name}" holds a character that no folder name should`;
  return null;
}

/** The name of the host that a node is on: its own, as far as a host can have that. */
export function hostOf(nodeName: string): string {
  return nodeName.normalize('NFKD').replaceAll(/[^\w.-]+/g, '-');
}
