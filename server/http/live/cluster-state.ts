import type { ExactNumber } from '../../formats/exact-number.ts';
import type { EventType } from '../../formats/event-type.ts';
import type { Role } from '../../formats/role.ts';

/** One type of one context on one node. Segments are the first tokens that they hold. */
export interface StoreState {
  readonly nextToken: ExactNumber;
  readonly closedSegments: {
    readonly count: number;
    readonly first: ExactNumber | null;
    readonly last: ExactNumber | null;
  };
  readonly openSegment: ExactNumber;
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
  /** Contexts with a dynamic consistency boundary, which have no snapshots; absent where there are none. */
  readonly dcbContexts?: Readonly<Record<string, StoreState>>;
  readonly groups: Readonly<Record<string, MemberState>>;
}

/** What `GET /_sim/state` answers: everything that moves, at one instant. */
export interface ClusterState {
  readonly now: string;
  readonly seed: number;
  readonly speed: number;
  readonly serverVersion: string;
  /** Whether the public API wants a token. */
  readonly accessControl: boolean;
  readonly workload: { readonly rate: number; readonly pausedFor: string | null };
  readonly disk: { readonly usedBytes: number; readonly limitBytes: number };
  readonly groups: Readonly<Record<string, { readonly leader: string | null; readonly contexts: readonly string[] }>>;
  readonly nodes: readonly NodeState[];
}
