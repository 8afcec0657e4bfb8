import type { ContextStores, GroupMember } from '../cluster/group-member.ts';
import type { ClusterNode } from '../cluster/node.ts';
import type { EventType, Role } from '../formats/log-entry-data.ts';
import type { Simulation } from '../simulation/simulation.ts';

/** One type of one context on one node. Tokens and segments are numbers: first tokens of the segments they name. */
export interface StoreState {
  readonly nextToken: number;
  readonly closedSegments: { readonly count: number; readonly first: number | null; readonly last: number | null };
  readonly openSegment: number;
}

/** One node's part in one replication group; times are ISO 8601 virtual times. */
export interface MemberState {
  readonly role: Role;
  readonly isLeader: boolean;
  readonly term: number;
  readonly firstIndex: number;
  readonly lastIndex: number;
  readonly commitIndex: number;
  readonly appliedIndex: number;
  readonly nextCleaning: string | null;
  readonly applyError: string | null;
}

export interface NodeState {
  readonly name: string;
  readonly url: string | null;
  readonly state: 'running' | 'stopped';
  readonly contexts: Readonly<Record<string, Readonly<Record<EventType, StoreState>>>>;
  readonly groups: Readonly<Record<string, MemberState>>;
}

/** What `GET /_sim/state` answers: everything that moves, at one instant. */
export interface ClusterState {
  readonly now: string;
  readonly seed: number;
  readonly speed: number;
  readonly serverVersion: string;
  readonly workload: { readonly rate: number; readonly pausedFor: string | null };
  readonly disk: { readonly usedBytes: number; readonly limitBytes: number };
  readonly groups: Readonly<Record<string, { readonly leader: string | null; readonly contexts: readonly string[] }>>;
  readonly nodes: readonly NodeState[];
}

export function describeState(simulation: Simulation): ClusterState {
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
    nodes: [...cluster.nodes.values()].map((node) => describeNode(simulation, node)),
  };
}

function describeNode(simulation: Simulation, node: ClusterNode): NodeState {
  const members = [...node.members];
  return {
    name: node.name,
    url: simulation.urls.get(node.name) ?? null,
    state: node.isRunning ? 'running' : 'stopped',
    contexts: Object.fromEntries(
      members.flatMap(([, member]) =>
        [...member.contexts].map(([context, stores]) => [context, describeContext(stores)]),
      ),
    ),
    groups: Object.fromEntries(
      members.map(([group, member]) => {
        const isLeader = simulation.cluster.group(group).leader === member;
        return [group, describeMember(member, isLeader, node.nextCleaningAtMs(group))];
      }),
    ),
  };
}

function describeContext(stores: ContextStores): Record<EventType, StoreState> {
  return { EVENT: describeStore(stores, 'EVENT'), SNAPSHOT: describeStore(stores, 'SNAPSHOT') };
}

function describeStore(stores: ContextStores, type: EventType): StoreState {
  const { store } = stores[type];
  const count = store.closedCount;
  return {
    nextToken: Number(store.nextToken),
    closedSegments: {
      count,
      first: count === 0 ? null : Number(store.firstToken),
      last: count === 0 ? null : Number(store.lastClosedSegment),
    },
    openSegment: Number(store.openSegment),
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
