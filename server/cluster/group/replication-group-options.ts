import type { VirtualClock } from '../../time-and-chance/clock.ts';
import type { RandomStream } from '../../time-and-chance/random.ts';
import type { Announce } from '../terms/cluster-event.ts';
import type { LogPayload } from '../terms/log-payload.ts';
import type { ReplicationGroupPlan } from '../terms/topology.ts';

/** What a replication group is, and who is told of what it does. */
export interface ReplicationGroupOptions {
  readonly plan: ReplicationGroupPlan;
  readonly clock: VirtualClock;
  readonly random: RandomStream;
  readonly announce: Announce;
  /** Called once for each entry, when a majority holds it and the leader has applied it. */
  readonly acknowledge: (index: number, payload: LogPayload) => void;
}
