import type { Role, Simulator } from '../../server/index.ts';

/** Contexts of which a node has no event store, by its name: the node is in no group that holds them, or stores nothing. */
export function absentContexts({
  nodes,
  groups,
}: Pick<Simulator, 'nodes' | 'groups'>): ReadonlyMap<string, readonly string[]> {
  return new Map(
    nodes.map(({ name, roles }) => [
      name,
      groups.flatMap((group) => (storesEvents(roles[group.name]) ? [] : group.contexts)),
    ]),
  );
}

function storesEvents(role: Role | undefined): boolean {
  return role !== undefined && role !== 'MESSAGING_ONLY';
}
