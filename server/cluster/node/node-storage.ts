import { AxonError } from '../../errors.ts';
import type { ContextIndexFormats, StoredIndexFormat } from '../../formats/index-format.ts';
import type { VirtualClock } from '../../time-and-chance/clock.ts';
import type { GroupPointers } from '../../stores/control-db.ts';
import type { DataDir } from '../../stores/data-dir.ts';
import { prepareDcbFolder } from '../../stores/dcb-parts.ts';
import { EventStore } from '../../stores/event-store.ts';
import { LogStore } from '../../stores/log-store.ts';
import type { Announce } from '../terms/cluster-event.ts';
import { GroupMember, type ContextStores } from '../member/group-member.ts';
import { HostedEventStore } from '../member/hosted-event-store.ts';
import { logsFirst } from './logs-first.ts';
import type { ConfigurationChange } from '../terms/log-payload.ts';
import { placesTogether, type NodePlaces } from '../terms/node-places.ts';
import { roleTraits } from '../terms/roles.ts';
import type { ReplicationGroupPlan } from '../terms/topology.ts';

/** Segments that start-up validates: after a clean stop, and where the last process did not end cleanly. */
const VALIDATED_AFTER_STOP = 2;
const VALIDATED_AFTER_CRASH = 10;

export interface NodeStorageOptions {
  readonly node: string;
  readonly dataDir: DataDir;
  /** All in the node's data folder unless given. */
  readonly places?: NodePlaces;
  readonly clock: VirtualClock;
  readonly announce: Announce;
  /** Folder below that of the node in which it keeps snapshots; that of events unless given. */
  readonly snapshotStorage?: string;
  readonly segmentSizeBytes: number;
  readonly logSegmentSizeBytes: number;
  /** Where the stores of a context begin that lie in an empty folder, by its name; at 0 unless given. */
  readonly firstTokens?: ReadonlyMap<string, bigint>;
  /** By context; index and bloom filter unless given. */
  readonly indexFormats?: ReadonlyMap<string, ContextIndexFormats>;
  /** Contexts with a dynamic consistency boundary; none unless given. It may grow while the node runs. */
  readonly dcbContexts?: ReadonlySet<string>;
  readonly refusesBrokenLog?: boolean;
  readonly overflow: 'exact-fit' | 'strict';
  readonly closesIndexedHighest: boolean;
  readonly hasLogIndexFiles: boolean;
  /** Whether event segments may have versions. */
  readonly hasVersions: boolean;
  /** Writes what the logs of a group, on all nodes, hold in memory. */
  readonly flushLogs: (group: string) => void;
}

/**
 * Opens all that one node stores: event stores first, then logs (docs/backup-endpoints.md, section 5.1). An event
 * store that cannot be opened ends the start of the whole node; a log that cannot be read costs it that one group.
 */
export function openMembers(
  options: NodeStorageOptions,
  groups: readonly ReplicationGroupPlan[],
  pointers: ReadonlyMap<string, GroupPointers>,
  wasCrashed: boolean,
  applyChange: (change: ConfigurationChange) => void,
): ReadonlyMap<string, GroupMember> {
  const opened: HostedEventStore[] = [];
  const members = new Map<string, GroupMember>();
  const openStore = (group: string, context: string, type: 'EVENT' | 'SNAPSHOT'): HostedEventStore => {
    const store = openEventStore(options, group, context, type, wasCrashed);
    opened.push(store);
    return store;
  };
  try {
    for (const group of groups) {
      const identity = group.members.find(({ nodeName }) => nodeName === options.node);
      if (identity === undefined) continue;
      const contexts = new Map<string, ContextStores>();
      const dcbContexts = new Map<string, HostedEventStore>();
      const { name } = group;
      for (const context of roleTraits[identity.role].storesEvents ? group.contexts : []) {
        const EVENT = openStore(name, context, 'EVENT');
        if (options.dcbContexts?.has(context) === true) dcbContexts.set(context, EVENT);
        else contexts.set(context, { EVENT, SNAPSHOT: openStore(name, context, 'SNAPSHOT') });
      }
      const log = openLog(options, name);
      if (log === null) {
        for (const stores of contexts.values()) [stores.EVENT, stores.SNAPSHOT].forEach((hosted) => hosted.close());
        for (const hosted of dcbContexts.values()) hosted.close();
        continue;
      }
      if (options.refusesBrokenLog === true) requireWholeLog(log, name, pointers.get(group.id));
      const { clock, announce } = options;
      const stored = pointers.get(group.id) ?? null;
      members.set(
        name,
        new GroupMember({
          group: name,
          identity,
          clock,
          log,
          contexts,
          dcbContexts,
          pointers: stored,
          announce,
          applyChange,
        }),
      );
    }
  } catch (error) {
    for (const hosted of opened) hosted.close();
    for (const member of members.values()) member.log.close();
    throw error;
  }
  return members;
}

/** From 2026.0 on (docs/newer-versions.md, section 2). One without any log at all begins anew, as before. */
function requireWholeLog(log: LogStore, group: string, pointers: GroupPointers | undefined): void {
  const applied = pointers?.lastAppliedIndex ?? 0;
  if (log.lastIndex === 0 || log.firstIndex <= applied + 1) return;
  const missing = `entries ${applied + 1} to ${log.firstIndex - 1} are not there`;
  throw new AxonError(
    'storage-start-failed',
    `${group}: The replication log is inconsistent: ${missing}, and the node does not start`,
  );
}

/** As `options` says that it is, with a dynamic consistency boundary or a plain one. Fails with `storage-start-failed`. */
export function openEventStore(
  options: NodeStorageOptions,
  group: string,
  context: string,
  type: 'EVENT' | 'SNAPSHOT',
  wasCrashed: boolean,
): HostedEventStore {
  const { node, clock, announce, segmentSizeBytes, overflow, closesIndexedHighest, hasVersions } = options;
  const { events, snapshots } = options.places ?? placesTogether(node, options.snapshotStorage);
  const folder = options.dataDir.folder(...(type === 'EVENT' ? events : snapshots), context);
  const dataDir = logsFirst(options.dataDir, () => options.flushLogs(group));
  const validatedSegments = wasCrashed ? VALIDATED_AFTER_CRASH : VALIDATED_AFTER_STOP;
  try {
    const firstToken = options.firstTokens?.get(context) ?? 0n;
    const isDcb = options.dcbContexts?.has(context) === true;
    const chosen = options.indexFormats?.get(context)?.[type] ?? 'BLOOM_FILTER_INDEX';
    const indexFormat: StoredIndexFormat = isDcb ? 'DCB' : chosen;
    if (isDcb) prepareDcbFolder(options.dataDir, folder, clock.nowMs);
    const rules = { overflow, closesIndexedHighest, hasVersions, validatedSegments, firstToken, indexFormat };
    const storeOptions = { dataDir, folder, type, segmentSizeBytes, ...rules };
    return new HostedEventStore(EventStore.open(storeOptions, clock.nowMs), { node, context, clock, announce });
  } catch (error) {
    if (!(error instanceof AxonError)) throw error;
    throw new AxonError('storage-start-failed', `${node}: Failed to start storage: ${error.message} (in ${folder})`, {
      cause: error,
    });
  }
}

function openLog(options: NodeStorageOptions, group: string): LogStore | null {
  const { node, dataDir, clock, announce, logSegmentSizeBytes, hasLogIndexFiles } = options;
  const { log } = options.places ?? placesTogether(node);
  const folder = dataDir.folder(...log, group);
  try {
    const logOptions = { dataDir, folder, segmentSizeBytes: logSegmentSizeBytes, hasIndexFiles: hasLogIndexFiles };
    return LogStore.open(logOptions, clock.nowMs);
  } catch (error) {
    if (!(error instanceof AxonError)) throw error;
    const message = `${group}: Failed to initialize context: ${error.message} (in ${folder})`;
    announce({ atMs: clock.nowMs, kind: 'group-failed', node, group, message });
    return null;
  }
}
