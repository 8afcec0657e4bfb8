import { onTestFinished } from 'vitest';
import { Cluster } from '../../server/cluster/cluster.ts';
import type { ClusterOptions } from '../../server/cluster/cluster-options.ts';
import type { ClusterEvent } from '../../server/cluster/terms/cluster-event.ts';
import type { GroupMember } from '../../server/cluster/member/group-member.ts';
import type { Steps } from '../../server/cluster/writes/requested-appends.ts';
import { groupPerContext, nodeNamesOf } from '../../server/cluster/terms/topology.ts';
import type { EventType } from '../../server/formats/log-entry-data.ts';
import { loadSqlEngine } from '../../server/stores/control-db.ts';
import { DataDir } from '../../server/stores/data-dir.ts';
import { temporaryFolder } from './temporary-folder.ts';

/* Clusters without HTTP, with small segments, where nothing is written unless the test asks for it. */

export const startMs = Date.UTC(2024, 0, 1);
export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;

const sqlEngine = await loadSqlEngine();

export interface RunningCluster {
  readonly cluster: Cluster;
  readonly folder: string;
  /** What has happened so far, start-up included. */
  readonly events: readonly ClusterEvent[];
  /** Lets time pass, then brings the files up to date. */
  advance(byMs: number): void;
}

export interface TestClusterOptions extends Partial<Omit<ClusterOptions, 'dataDir' | 'announce' | 'nodeNames'>> {
  /** node-1 and so on; 3 unless given. */
  readonly nodes?: number;
  /** Each in a group of its own with all nodes, unless there are `groups`. */
  readonly contexts?: readonly string[];
  /** Data folder; a new one unless told otherwise. */
  readonly folder?: string;
}

/** A cluster for one test, which ends it. */
export function startCluster(options: TestClusterOptions = {}): RunningCluster {
  const running = openCluster({ folder: temporaryFolder(), ...options });
  onTestFinished(() => running.cluster.close());
  return running;
}

/** A cluster that the caller closes. */
export function openCluster({
  folder,
  nodes = 3,
  contexts = ['default'],
  ...options
}: TestClusterOptions & { readonly folder: string }): RunningCluster {
  const events: ClusterEvent[] = [];
  const cluster = new Cluster({
    dataDir: new DataDir(folder),
    sqlEngine,
    seed: 1,
    startMs,
    nodeNames: nodeNamesOf(nodes),
    groups: groupPerContext(nodeNamesOf(nodes), contexts),
    rate: 0,
    payloadBytes: null,
    maxDiskBytes: Number.MAX_SAFE_INTEGER,
    segmentSizeBytes: 8 * 1024,
    logSegmentSizeBytes: 4 * 1024,
    nodeSegmentSizeBytes: {},
    overflow: 'exact-fit',
    closesIndexedHighest: true,
    hasVersions: false,
    limitsTransactions: false,
    hasLogIndexFiles: false,
    isClustered: true,
    announce: (event) => events.push(event),
    ...options,
  });
  return {
    cluster,
    folder,
    events,
    advance(byMs) {
      cluster.clock.runUntil(cluster.clock.nowMs + byMs);
      cluster.settle();
    },
  };
}

/** Does all of it, without a turn for anybody in between. */
export function finish<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Appends transactions of one event with 100 bytes of payload. */
export function append(
  { cluster }: RunningCluster,
  transactions: number,
  { context = 'default', type = 'EVENT' }: { readonly context?: string; readonly type?: EventType } = {},
): { readonly firstToken: bigint; readonly lastToken: bigint } {
  const tokens = finish(cluster.append(context, { transactions, eventsPerTransaction: 1, payloadBytes: 100, type }));
  cluster.settle();
  return tokens;
}

/** The part that a running node has in a group. */
export function memberOf({ cluster }: RunningCluster, node: string, group = 'default'): GroupMember {
  const member = cluster.node(node).members.get(group);
  if (member === undefined) throw new Error(`${node} has no part in ${group}`);
  return member;
}

export function leaderOf({ cluster }: RunningCluster, group = 'default'): string | null {
  return cluster.group(group).leader?.nodeName ?? null;
}

/** Slows down what reaches a node from its leaders, in every group. */
export function delayReplication({ cluster }: RunningCluster, node: string, lagMs: number): void {
  for (const member of cluster.node(node).members.values()) member.extraLagMs = lagMs;
}

export function eventsOfKind<Kind extends ClusterEvent['kind']>(
  { events }: RunningCluster,
  kind: Kind,
): (ClusterEvent & { readonly kind: Kind })[] {
  return events.filter((event): event is ClusterEvent & { readonly kind: Kind } => event.kind === kind);
}

/** Lets time pass until all that was written has reached every running node; the workload does not write all the time. */
export function letSettle(running: RunningCluster): void {
  const isUnderWay = (): boolean =>
    [...running.cluster.groups.values()].some((group) =>
      [...group.members].some(({ appliedIndex }) => appliedIndex !== group.leader?.log.lastIndex),
    );
  for (let rounds = 0; isUnderWay(); rounds++) {
    if (rounds === 10_000) throw new Error('The cluster never settles');
    running.cluster.clock.runUntil(running.cluster.clock.nowMs + 1);
  }
  running.cluster.settle();
}

/** The folder of a cluster that has stopped, with a dozen segments of each kind. */
export function stoppedCluster({ crashed = false, folder = temporaryFolder() } = {}): string {
  const running = openCluster({ folder });
  append(running, 200);
  append(running, 40, { type: 'SNAPSHOT' });
  running.advance(MINUTE_MS);
  append(running, 3);
  if (crashed) for (const node of ['node-1', 'node-2', 'node-3']) running.cluster.crashNode(node);
  running.cluster.close();
  return folder;
}
