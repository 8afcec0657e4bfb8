import type { GroupMember, ContextStores } from '../cluster/group-member.ts';
import type { Simulation } from '../simulation.ts';

/** What `GET /_sim/state` answers: everything that moves, at one instant. Times are ISO 8601 virtual times. */
export function describeState(simulation: Simulation): object {
  const { cluster, options } = simulation;
  return {
    now: isoTime(simulation.nowMs),
    seed: options.seed,
    speed: options.speed,
    serverVersion: options.serverVersion,
    workload: { rate: options.rate, pausedFor: cluster.workload.pausedFor },
    disk: { usedBytes: simulation.usedBytes, limitBytes: options.maxDiskBytes },
    groups: Object.fromEntries(
      [...cluster.groups].map(([name, group]) => [
        name,
        { leader: group.leader?.nodeName ?? null, contexts: group.plan.contexts },
      ]),
    ),
    nodes: [...cluster.nodes.values()].map((node) => ({
      name: node.name,
      url: simulation.urls.get(node.name) ?? null,
      state: node.isRunning ? 'running' : 'stopped',
      contexts: Object.fromEntries(
        [...node.members.values()].flatMap((member) =>
          [...member.contexts].map(([context, stores]) => [context, describeContext(stores)]),
        ),
      ),
      groups: Object.fromEntries(
        [...node.members].map(([group, member]) => {
          const isLeader = cluster.group(group).leader === member;
          return [group, describeMember(member, isLeader, node.nextCleaningAtMs(group))];
        }),
      ),
    })),
  };
}

function describeContext(stores: ContextStores): object {
  return Object.fromEntries(
    [stores.EVENT, stores.SNAPSHOT].map(({ type, store }) => {
      const count = store.closedCount;
      const last = count === 0 ? null : Number(store.lastClosedSegment);
      const closedSegments = { count, first: count === 0 ? null : Number(store.firstToken), last };
      return [type, { nextToken: Number(store.nextToken), closedSegments, openSegment: Number(store.openSegment) }];
    }),
  );
}

function describeMember(member: GroupMember, isLeader: boolean, nextCleaningAtMs: number | null): object {
  return {
    role: member.identity.role,
    isLeader,
    term: member.currentTerm,
    firstIndex: member.log.firstIndex,
    lastIndex: member.log.lastIndex,
    commitIndex: member.commitIndex,
    appliedIndex: member.appliedIndex,
    nextCleaning: nextCleaningAtMs === null ? null : isoTime(nextCleaningAtMs),
    applyError: member.applyError,
  };
}

/** Virtual milliseconds since 1970 → ISO 8601. */
export function isoTime(atMs: number): string {
  return new Date(atMs).toISOString();
}
