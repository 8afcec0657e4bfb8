import type { VirtualClock } from '../sim/clock.ts';
import type { RandomStream } from '../sim/random.ts';
import type { Announce } from './cluster-event.ts';
import type { LogPayload } from './log-payload.ts';
import type { ReplicationGroupPlan } from './topology.ts';

/** What a replication group is, and who is told of what it does. */
export interface ReplicationGroupOptions {
  readonly plan: ReplicationGroupPlan;
  readonly clock: VirtualClock;
  readonly random: RandomStream;
  readonly announce: Announce;
  /** Called once for each entry, when a majority holds it and the leader has applied it. */
  readonly acknowledge: (index: number, payload: LogPayload) => void;
}
