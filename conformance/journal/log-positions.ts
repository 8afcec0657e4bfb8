import type { ClusterState } from '../../server/index.ts';
import type { LogPosition } from './evidence.ts';

/** Where the logs of all nodes stand. */
export function logPositionsIn({ nodes }: ClusterState): LogPosition[] {
  return nodes.flatMap(({ name, groups }) =>
    Object.entries(groups).map(([group, { lastIndex, commitIndex }]) => ({
      node: name,
      group,
      lastIndex,
      commitIndex,
    })),
  );
}
