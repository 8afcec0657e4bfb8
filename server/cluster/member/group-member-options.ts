import type { EventType } from '../../formats/log-entry-data.ts';
import type { GroupPointers } from '../../stores/control-db.ts';
import type { LogStore } from '../../stores/log-store.ts';
import type { VirtualClock } from '../../time-and-chance/clock.ts';
import type { Announce } from '../terms/cluster-event.ts';
import type { ConfigurationChange } from '../terms/log-payload.ts';
import type { GroupMemberPlan } from '../terms/topology.ts';
import type { HostedEventStore } from './hosted-event-store.ts';

/** The two stores of one context on one node. */
export type ContextStores = Readonly<Record<EventType, HostedEventStore>>;

/** What one node brings along to take part in one replication group. */
export interface GroupMemberOptions {
  readonly group: string;
  readonly identity: GroupMemberPlan;
  readonly clock: VirtualClock;
  readonly log: LogStore;
  /** Empty in `_admin` and on a node without event store. */
  readonly contexts: ReadonlyMap<string, ContextStores>;
  /** Stores of contexts with a dynamic consistency boundary, which have no snapshots; none unless given. */
  readonly dcbContexts?: ReadonlyMap<string, HostedEventStore>;
  /** As the control database has them; null where the group is new to this node. */
  readonly pointers: GroupPointers | null;
  readonly announce: Announce;
  /** Takes a configuration change into the node's control database. */
  readonly applyChange: (change: ConfigurationChange) => void;
}
