import { roleTraits } from '../cluster/terms/roles.ts';
import { ADMIN_GROUP, contextNameFault, everyNode, type PlannedGroup } from '../cluster/terms/topology.ts';
import type { Role } from '../formats/log-entry-data.ts';
import { contextNameOf, type ContextOptions } from './context-options.ts';
import type { OptionFault } from './option-fault.ts';

/** A replication group of the cluster. */
export interface GroupOptions {
  /** `_admin`, where it is not to have every node, or a name of its own. */
  readonly name: string;
  /** The contexts that lie in it; none in `_admin`, and none unless given. */
  readonly contexts?: readonly ContextOptions[];
  /** The nodes that take part in it; every node unless given. A role is PRIMARY unless given. */
  readonly members?: ReadonlyArray<{ readonly node: string; readonly role?: Role }>;
}

/** Fills in the defaults; `_admin` comes first, whether it is given or not. */
export function resolveGroups(groups: readonly GroupOptions[], nodeNames: readonly string[]): PlannedGroup[] {
  const resolved = groups.map(({ name, contexts = [], members }) => ({
    name,
    contexts: contexts.map(contextNameOf),
    members: members?.map(({ node, role = 'PRIMARY' }) => ({ node, role })) ?? everyNode(nodeNames),
  }));
  const admin = resolved.find(({ name }) => name === ADMIN_GROUP);
  const others = resolved.filter((group) => group !== admin);
  return [admin ?? { name: ADMIN_GROUP, contexts: [], members: everyNode(nodeNames) }, ...others];
}

/** The first thing that is wrong with groups, or null. */
export function findGroupFault(groups: readonly GroupOptions[], nodeNames: readonly string[]): OptionFault | null {
  const names = new Set<string>();
  const owners = new Map<string, string>();
  for (const [place, group] of groups.entries()) {
    const fault =
      findNameFault(group, names) ?? findContextFault(group, owners) ?? findMemberFault(group.members, nodeNames);
    if (fault !== null) return { ...fault, path: ['groups', place, ...fault.path] };
    names.add(group.name);
    for (const context of group.contexts ?? []) owners.set(contextNameOf(context), group.name);
  }
  if (owners.size === 0)
    return { path: ['groups'], message: 'there must be at least one context in one of the groups' };
  return null;
}

function findNameFault({ name }: GroupOptions, earlier: ReadonlySet<string>): OptionFault | null {
  if (earlier.has(name)) return { path: ['name'], message: `group "${name}" is named twice` };
  const fault = name === ADMIN_GROUP ? null : contextNameFault(name, 'group');
  return fault === null ? null : { path: ['name'], message: fault };
}

function findContextFault(
  { name, contexts = [] }: GroupOptions,
  owners: ReadonlyMap<string, string>,
): OptionFault | null {
  if (name === ADMIN_GROUP && contexts.length > 0) {
    return { path: ['contexts'], message: '_admin carries the configuration, and no context with an event store' };
  }
  const names = contexts.map(contextNameOf);
  for (const [place, context] of names.entries()) {
    const owner = names.indexOf(context) === place ? owners.get(context) : name;
    const fault =
      owner === undefined ? contextNameFault(context) : `context "${context}" lies in the group "${owner}" already`;
    if (fault !== null) return { path: ['contexts', place], message: fault };
  }
  return null;
}

function findMemberFault(members: GroupOptions['members'], nodeNames: readonly string[]): OptionFault | null {
  if (members === undefined) return null;
  for (const [place, { node, role = 'PRIMARY' }] of members.entries()) {
    const path = ['members', place] as const;
    if (!nodeNames.includes(node)) {
      return { path: [...path, 'node'], message: `there is no node "${node}"; there are ${nodeNames.join(', ')}` };
    }
    if (members.findIndex((member) => member.node === node) !== place) {
      return { path: [...path, 'node'], message: `${node} is named twice` };
    }
    if (!Object.hasOwn(roleTraits, role)) {
      const known = Object.keys(roleTraits).join(', ');
      return { path: [...path, 'role'], message: `there is no role "${role}"; there are ${known}` };
    }
  }
  const canLead = members.some(({ role = 'PRIMARY' }) => roleTraits[role].canLead);
  return canLead ? null : { path: ['members'], message: 'one of the members must be PRIMARY: no other role can lead' };
}
