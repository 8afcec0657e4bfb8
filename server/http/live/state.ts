import type { ContextStores, GroupMember } from '../../cluster/member/group-member.ts';
import type { ClusterNode } from '../../cluster/node/node.ts';
import { toExactNumber } from '../../formats/exact-number.ts';
import type { EventType } from '../../formats/log-entry-data.ts';
import type { Simulation } from '../../simulation/simulation.ts';
import type { EventStore } from '../../stores/event-store.ts';
import type { ClusterState, MemberState, NodeState, StoreState } from './cluster-state.ts';

export function describeState(simulation: Simulation): ClusterState {
  const { cluster, options } = simulation;
  return {
    now: isoTime(simulation.nowMs),
    seed: options.seed,
    speed: options.speed,
    serverVersion: options.serverVersion,
    accessControl: simulation.hasAccessControl,
    workload: { rate: options.rate, pausedFor: cluster.workload.pausedFor },
    disk: { usedBytes: simulation.usedBytes, limitBytes: options.maxDiskBytes },
    groups: Object.fromEntries(
      [...cluster.groups].map(([name, group]) => [
        name,
        { leader: group.leader?.nodeName ?? null, contexts: group.plan.contexts },
      ]),
    ),
    nodes: [...cluster.nodes.values()].map((node) => describeNode(simulation, node)),
  };
}

function describeNode(simulation: Simulation, node: ClusterNode): NodeState {
  const members = [...node.members];
  const dcb = members.flatMap(([, member]) =>
    [...member.dcbContexts].map(([context, { store }]) => [context, describeStore(store)] as const),
  );
  return {
    name: node.name,
    url: simulation.urls.get(node.name) ?? null,
    state: node.isRunning ? 'running' : 'stopped',
    contexts: Object.fromEntries(
      members.flatMap(([, member]) =>
        [...member.contexts].map(([context, stores]) => [context, describeContext(stores)]),
      ),
    ),
    ...(dcb.length === 0 ? {} : { dcbContexts: Object.fromEntries(dcb) }),
    groups: Object.fromEntries(
      members.map(([group, member]) => {
        const isLeader = simulation.cluster.group(group).leader === member;
        return [group, describeMember(member, isLeader, node.nextCleaningAtMs(group))];
      }),
    ),
  };
}

function describeContext(stores: ContextStores): Record<EventType, StoreState> {
  return { EVENT: describeStore(stores.EVENT.store), SNAPSHOT: describeStore(stores.SNAPSHOT.store) };
}

function describeStore(store: EventStore): StoreState {
  const count = store.closedCount;
  return {
    nextToken: toExactNumber(store.nextToken),
    closedSegments: {
      count,
      first: count === 0 ? null : toExactNumber(store.firstToken),
      last: count === 0 ? null : toExactNumber(store.lastClosedSegment),
    },
    openSegment: toExactNumber(store.openSegment),
  };
}

function describeMember(member: GroupMember, isLeader: boolean, nextCleaningAtMs: number | null): MemberState {
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
