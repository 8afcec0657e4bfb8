import type { ClusterEvent } from './cluster/terms/cluster-event.ts';
import type { GroupMember } from './cluster/member/group-member.ts';
import { ClusterNode } from './cluster/node/node.ts';
import { ReplicationGroup } from './cluster/group/replication-group.ts';
import {
  ADMIN_GROUP,
  contextNameFault,
  INTERNAL_GRPC_PORT,
  type ReplicationGroupPlan,
} from './cluster/terms/topology.ts';
import { AxonError } from './errors.ts';
import { decodeEventSegment } from './formats/event-segment.ts';
import type { EventType } from './formats/log-entry-data.ts';
import { eventStoreSuffixes } from './formats/segment-name.ts';
import { RandomStream } from './time-and-chance/random.ts';
import { VirtualClock } from './time-and-chance/clock.ts';
import { ControlDb, loadSqlEngine } from './stores/control-db.ts';
import { DataDir } from './stores/data-dir.ts';
import type { EventStore } from './stores/event-store.ts';

/** Name of a restored node, and of its folder. Whose backup it was is told by the ids that it takes over. */
export const RESTORED_NODE = 'node-1';

export interface RestoreOptions {
  /** Absolute path of a data folder with the files of `node-1` in it; the caller has made it, and removes it. */
  readonly folder: string;
  /** Contexts and groups that there must be, beside those that the control database names. */
  readonly contexts: readonly string[];
  readonly groups: readonly string[];
  /** Whose backup it is; the first member of each group where that is not known. */
  readonly nodeName: string | null;
  /** By group: entries above it conflict with the cluster's log, so that its leader has them dropped. */
  readonly logEnds: ReadonlyMap<string, number>;
  /** Where stores of the cluster begin, by context: one of which there is no segment begins there. */
  readonly firstTokens?: ReadonlyMap<string, bigint>;
  /** Folder of the node for its snapshots; that of events unless given. */
  readonly snapshotStorage?: string;
  /** Sizes of new segments. */
  readonly segmentSizeBytes: number;
  readonly logSegmentSizeBytes: number;
  /** Virtual milliseconds since 1970. */
  readonly nowMs: number;
}

/** A transaction, or a block of one of more than 32,767 events, as it stands in a segment. */
export interface StoredBlock {
  readonly firstToken: bigint;
  readonly eventCount: number;
  /** CRC-32 as stored. */
  readonly checksum: number;
}

export interface RestoredStore {
  readonly context: string;
  readonly type: EventType;
  /** As the node found it, and after it has applied its log. */
  readonly before: TokenRange;
  readonly after: TokenRange;
  /** The transactions from a token on, read from the files while the node is not closed; damaged ones are left out. */
  readonly blocksFrom: (token: bigint) => Generator<StoredBlock>;
}

interface TokenRange {
  readonly firstToken: bigint;
  readonly nextToken: bigint;
}

/** What a control database says of one group; indexes are 0 where it has no pointers of it. */
export interface ControlDbGroup {
  readonly group: string;
  readonly commitIndex: number;
  readonly appliedIndex: number;
  /** Unique to the group, so that they tell whose log an entry is from. */
  readonly nodeIds: readonly string[];
  /** Name and role as far as they are known. */
  readonly members: ReadonlyArray<{
    readonly nodeId: string;
    readonly nodeName: string | null;
    readonly role: string | null;
  }>;
  readonly contexts: readonly string[];
}

/** Names of what `_admin` has configured. */
export interface ConfiguredNames {
  readonly contexts: readonly string[];
  readonly applications: readonly string[];
  readonly users: readonly string[];
}

/** A group after its log was applied. */
export interface RestoredMember {
  readonly group: string;
  readonly contexts: readonly string[];
  readonly appliedIndex: number;
  /** What the node said: of a log that ends too early; of one that it cannot open; of what it cannot apply. */
  readonly said: ReadonlyArray<{
    readonly kind: 'log-lost' | 'group-failed' | 'apply-failed';
    readonly message: string;
  }>;
}

/** What became of a node that was started on a backup. */
export type RestoredNode =
  | { readonly state: 'refused'; readonly message: string }
  | {
      readonly state: 'started';
      readonly groups: readonly RestoredMember[];
      readonly stores: readonly RestoredStore[];
      readonly configuration: ConfiguredNames;
      readonly close: () => void;
    };

/** What a control database says. */
export interface ReadControlDb {
  readonly groups: readonly ControlDbGroup[];
  readonly configuration: ConfiguredNames;
  /** Contexts with a dynamic consistency boundary. */
  readonly dcbContexts: readonly string[];
}

/** Reads a control database out of a backup's zip. Fails with `control-db-unreadable`, as for H2 files of real servers. */
export async function readControlDb(image: Uint8Array): Promise<ReadControlDb> {
  const controlDb = ControlDb.open(await loadSqlEngine(), image);
  const pointers = controlDb.readPointers();
  const contexts = controlDb.contexts();
  const groups = controlDb.replicationGroups().map(({ id, name, members }) => ({
    group: name,
    commitIndex: pointers.get(id)?.commitIndex ?? 0,
    appliedIndex: pointers.get(id)?.lastAppliedIndex ?? 0,
    nodeIds: members.map(({ nodeId }) => nodeId),
    members: members.map(({ nodeId, nodeName, role }) => ({ nodeId, nodeName, role })),
    contexts: contexts.filter(({ replicationGroupName }) => replicationGroupName === name).map((each) => each.name),
  }));
  const dcbContexts = contexts.flatMap(({ name, isDcb }) => (isDcb === true ? [name] : []));
  return { groups, configuration: namesIn(controlDb), dcbContexts };
}

/**
 * Starts one node on the files of a backup by the real start-up code, as a cluster of one: it leads all its groups and
 * applies its whole log. No HTTP. Where the real process would not start, the result is `refused`, with its message.
 */
export async function restoreNode(options: RestoreOptions): Promise<RestoredNode> {
  const dataDir = new DataDir(options.folder);
  // The folder has another name each time; what is said must not.
  const sayable = (message: string): string => message.replaceAll(`${dataDir.root}/`, '');
  const events: ClusterEvent[] = [];
  const groups = new Map<string, ReplicationGroup>();
  const clock = new VirtualClock(options.nowMs);
  const { segmentSizeBytes, logSegmentSizeBytes, firstTokens = new Map<string, bigint>(), snapshotStorage } = options;
  try {
    const node = new ClusterNode({
      node: RESTORED_NODE,
      dataDir,
      clock,
      sqlEngine: await loadSqlEngine(),
      maxDiskBytes: Number.MAX_SAFE_INTEGER,
      announce: (event) => events.push(event),
      flushLogs: (group) => groups.get(group)?.flushLogs(),
      segmentSizeBytes,
      logSegmentSizeBytes,
      firstTokens,
      ...(snapshotStorage === undefined ? {} : { snapshotStorage }),
      overflow: 'exact-fit',
      closesIndexedHighest: true,
      hasLogIndexFiles: false,
      isClustered: true,
      hasVersions: true,
    });
    const plans = planGroups(node.loadControlDb(), options);
    node.start({ nodeNames: [RESTORED_NODE], groups: plans });
    const stores = [...node.members.values()].flatMap((member) => beginStores(dataDir, member));
    for (const plan of plans) {
      const group = new ReplicationGroup({
        plan,
        clock,
        random: new RandomStream(1, plan.name),
        announce: (event) => events.push(event),
        acknowledge: () => undefined,
      });
      groups.set(plan.name, group);
      const member = node.members.get(plan.name);
      if (member !== undefined) lead(group, member, options.logEnds.get(plan.name));
    }
    for (const member of node.members.values()) member.settle();
    return {
      state: 'started',
      groups: plans.map(({ name, contexts }) => ({
        group: name,
        contexts,
        appliedIndex: node.members.get(name)?.appliedIndex ?? 0,
        said: events.flatMap((event) => {
          const isSaid = event.kind === 'log-lost' || event.kind === 'group-failed' || event.kind === 'apply-failed';
          return isSaid && event.group === name ? [{ kind: event.kind, message: sayable(event.message) }] : [];
        }),
      })),
      stores: stores.map((end) => end()),
      configuration: namesIn(node.controlDb),
      close: () => [...node.members.values()].forEach((member) => member.close()),
    };
  } catch (error) {
    if (!(error instanceof AxonError)) throw error;
    return { state: 'refused', message: sayable(error.message) };
  }
}

/** All groups that the control database and the caller know of, with this node as the only member of each. */
function planGroups(
  controlDb: ControlDb | null,
  { contexts, groups, nodeName }: RestoreOptions,
): readonly ReplicationGroupPlan[] {
  const known = controlDb?.replicationGroups() ?? [];
  // Of contexts with a dynamic consistency boundary nothing is pulled: what the log has of them is passed over.
  const plain = controlDb?.contexts().filter(({ isDcb }) => isDcb !== true);
  const groupOf = new Map(plain?.map((context) => [context.name, context.replicationGroupName]));
  for (const context of contexts) if (!groupOf.has(context)) groupOf.set(context, context);
  const names = new Set([ADMIN_GROUP, ...known.map(({ name }) => name), ...groups, ...groupOf.values()]);
  // Names become folders, and a backup may say anything.
  for (const name of [...names, ...groupOf.keys()]) {
    const fault = name === ADMIN_GROUP ? null : contextNameFault(name);
    if (fault !== null) throw new AxonError('other', `this cannot be restored: ${fault}`);
  }
  return [...names].map((name) => {
    const group = known.find((each) => each.name === name);
    const original = group?.members.find((member) => member.nodeName === nodeName) ?? group?.members[0];
    return {
      name,
      id: group?.id ?? name,
      // Alone it has to lead, whatever its role was.
      members: [
        {
          nodeName: RESTORED_NODE,
          nodeId: original?.nodeId ?? RESTORED_NODE,
          role: 'PRIMARY',
          internalPort: INTERNAL_GRPC_PORT,
        },
      ],
      contexts: [...groupOf].filter(([, owner]) => owner === name).map(([context]) => context),
    };
  });
}

/** Makes the member the leader of its group: it commits what its log holds, and applies it. */
function lead(group: ReplicationGroup, member: GroupMember, logEnd: number | undefined): void {
  try {
    if (logEnd !== undefined) member.truncateAfter(logEnd);
    group.join(member);
    group.electNow();
  } catch (error) {
    if (!(error instanceof AxonError)) throw error;
    member.reportFailure('Cannot lead', error.message);
  }
}

/** Notes where the member's stores stand now; each result, called later, adds where its store stands then. */
function beginStores(dataDir: DataDir, member: GroupMember): Array<() => RestoredStore> {
  return [...member.contexts].flatMap(([context, stores]) =>
    [stores.EVENT, stores.SNAPSHOT].map(({ type, store }) => {
      const before = rangeOf(store);
      const blocksFrom = (token: bigint): Generator<StoredBlock> => readBlocks(dataDir, store, token);
      return () => ({ context, type, before, after: rangeOf(store), blocksFrom });
    }),
  );
}

function rangeOf({ firstToken, nextToken }: EventStore): TokenRange {
  return { firstToken, nextToken };
}

function* readBlocks(dataDir: DataDir, store: EventStore, from: bigint): Generator<StoredBlock> {
  const segments = [...store.closedAfter(-1n), ...store.activeSegments()];
  const first = segments.findLastIndex((segment) => segment <= from);
  for (const segment of segments.slice(Math.max(0, first))) {
    const bytes = dataDir.read(store.pathOf(segment, eventStoreSuffixes[store.type].data));
    for (const block of decodeEventSegment(bytes, segment).transactions) {
      const { firstToken, events, position, lengthBytes, isChecksumGood } = block;
      if (firstToken < from || !isChecksumGood) continue;
      yield { firstToken, eventCount: events.length, checksum: bytes.readUInt32BE(position + lengthBytes - 4) };
    }
  }
}

function namesIn(controlDb: ControlDb | null): ConfiguredNames {
  return {
    contexts: controlDb?.contexts().map(({ name }) => name) ?? [],
    applications: controlDb?.applications().map(({ name }) => name) ?? [],
    users: controlDb?.users().map(({ userName }) => userName) ?? [],
  };
}
