import type { Need } from './scenario.ts';

/** What some situations need of a server, and not every version has. */
export const needs = {
  replicationGroups: {
    isMetBy: ({ hasReplicationGroups }) => hasReplicationGroups,
    otherwise: 'has no replication groups apart from contexts',
  },
} as const satisfies Record<string, Need>;
