import { AxonError } from '../errors.ts';
import type { EventType } from '../formats/log-entry-data.ts';
import { VirtualClock } from '../time-and-chance/clock.ts';
import { RandomStream } from '../time-and-chance/random.ts';
import type { Announce, ClusterEvent } from './terms/cluster-event.ts';
import type { ClusterOptions } from './cluster-options.ts';
import { DcbContexts } from './dcb/dcb-contexts.ts';
import { Ledger } from './writes/ledger.ts';
import type { LogPayload } from './terms/log-payload.ts';
import { ClusterNode } from './node/node.ts';
import { placesApart } from './terms/node-places.ts';
import { proposeAppend, proposeChange, proposeContexts } from './writes/proposals.ts';
import { ReplicationGroup } from './group/replication-group.ts';
import { RequestedAppends, type AppendedTokens, type Steps } from './writes/requested-appends.ts';
import { rollSegments } from './writes/roll-segments.ts';
import { runAll } from './terms/run-all.ts';
import { SyntheticEvents } from './writes/synthetic-events.ts';
import {
  ADMIN_GROUP,
  adoptIdentities,
  planTopology,
  type ReplicationGroupPlan,
  type Topology,
} from './terms/topology.ts';
import { transactionLimits, type TransactionLimits } from './writes/transaction-limits.ts';
import { Transformations } from './writes/transformations.ts';
import { Workload, type AppendRequest } from './writes/workload.ts';

/** All nodes together, and everything that moves them over virtual time. */
export class Cluster {
  readonly clock: VirtualClock;
  readonly ledger: Ledger;
  readonly nodes: ReadonlyMap<string, ClusterNode>;
  readonly groups: ReadonlyMap<string, ReplicationGroup>;
  readonly workload: Workload;
  readonly topology: Topology;
  readonly transformations: Transformations;
  readonly dcb: DcbContexts;
  readonly #options: ClusterOptions;
  /** What fits into one transaction; null where the release sets no limit. */
  readonly #limits: TransactionLimits | null;
  readonly #appends: RequestedAppends;
  /** Highest term of what lies in the folder: each process that leads it writes a higher one before anything else. */
  #incarnation = 0;

  /** Starts every node on what its folder holds. Fails as the first node that the real server would not start. */
  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#limits = transactionLimits(options);
    this.ledger = new Ledger(options.firstTokens);
    this.clock = new VirtualClock(options.startMs);
    const planned = planTopology(options.nodeNames, options.groups, this.#random('identities'));
    this.nodes = new Map(planned.nodeNames.map((name) => [name, this.#createNode(name)]));
    const known = [...this.nodes.values()].flatMap((node) => node.loadControlDb()?.replicationGroups() ?? []);
    this.topology = adoptIdentities(planned, known);
    this.groups = new Map(this.topology.groups.map((plan) => [plan.name, this.#createGroup(plan)]));
    this.transformations = new Transformations({
      ...options,
      clock: this.clock,
      ledger: this.ledger,
      groupOfContext: (context) => this.groupOfContext(context),
      requirePlain: (context) => this.dcb.requirePlain(context, 'transformations'),
    });
    this.dcb = new DcbContexts({
      ...options,
      clock: this.clock,
      ids: this.#random('dcb-backups'),
      nodes: this.nodes,
      groupOfContext: (context) => this.groupOfContext(context),
    });
    try {
      this.#startAll();
      this.#appends = this.#createAppends();
      this.workload = this.#createWorkload();
      this.workload.start();
      this.settle();
    } catch (error) {
      this.#abandon();
      throw error;
    }
  }

  node(name: string): ClusterNode {
    const node = this.nodes.get(name);
    if (node !== undefined) return node;
    const known = [...this.nodes.keys()].join(', ');
    throw new AxonError('unknown-node', `There is no node "${name}"; there are ${known}`);
  }

  group(name: string): ReplicationGroup {
    const group = this.groups.get(name);
    if (group !== undefined) return group;
    throw new AxonError('replication-group-not-found', `Replication group ${name} not found`);
  }

  groupOfContext(context: string): ReplicationGroup {
    for (const group of this.groups.values()) if (group.plan.contexts.includes(context)) return group;
    throw new AxonError('context-not-found', `${context}: not found`);
  }

  /** Brings the files of all nodes up to date; the logs first, since what is nowhere else must be in a majority of them. */
  settle(): void {
    this.#flushLogs();
    for (const node of this.nodes.values()) node.settle();
  }

  /**
   * Appends through the replicated log and moves the clock on until the leader has applied all of it and the other
   * running nodes have followed, in steps. Fails with `no-leader` where no majority confirms it, with nothing acknowledged;
   * with `disk-limit` where the data folder reaches its limit.
   */
  append(context: string, request: AppendRequest): Steps<AppendedTokens> {
    this.dcb.requireType(context, request.type);
    return this.#appends.append(this.groupOfContext(context), context, request);
  }

  /** Ends and closes the open segment on every running node that has the context; the closed segments by node. */
  roll(context: string, type: EventType): ReadonlyMap<string, bigint> {
    const group = this.groupOfContext(context);
    this.dcb.requireType(context, type);
    return rollSegments(group, context, type);
  }

  /** Starts a stopped node. Where the real process would not start, the failure has its message. */
  startNode(name: string): void {
    const node = this.node(name);
    if (node.isRunning) throw new AxonError('conflict', `${name} is running already`);
    node.start(this.topology);
    this.#join(node);
    this.transformations.catchUp();
  }

  stopNode(name: string): void {
    this.#leave(this.#runningNode(name));
    this.node(name).stop();
  }

  crashNode(name: string): void {
    this.#leave(this.#runningNode(name));
    this.node(name).crash();
  }

  /** Stops every node that runs, in order. */
  close(): void {
    runAll(this.#runningNodes(), ({ name }) => this.stopNode(name));
  }

  #startAll(): void {
    for (const node of this.nodes.values()) node.start(this.topology);
    for (const node of this.nodes.values()) this.#join(node);
    for (const { members } of this.groups.values()) {
      for (const { currentTerm } of members) this.#incarnation = Math.max(this.#incarnation, currentTerm);
    }
    for (const group of this.groups.values()) group.electNow();
    this.transformations.resume();
    this.#configureContexts();
  }

  #join(node: ClusterNode): void {
    for (const [group, member] of node.members) this.groups.get(group)?.join(member);
  }

  #leave(node: ClusterNode): void {
    this.dcb.backups.forget(node.name);
    this.#flushLogs();
    for (const group of this.groups.values()) group.leave(node.name);
  }

  #flushLogs(): void {
    for (const group of this.groups.values()) group.flushLogs();
  }

  /** Lets go of what has started where the rest has not. Why it has not says more than what may fail in here. */
  #abandon(): void {
    try {
      runAll(this.#runningNodes(), (node) => node.stop());
    } catch {
      // The folder stays as a crash would leave it.
    }
  }

  #runningNodes(): ClusterNode[] {
    return [...this.nodes.values()].filter(({ isRunning }) => isRunning);
  }

  #runningNode(name: string): ClusterNode {
    const node = this.node(name);
    if (!node.isRunning) throw new AxonError('conflict', `${name} is not running`);
    return node;
  }

  #configureContexts(): void {
    const admin = this.group(ADMIN_GROUP);
    if (admin.leader === null) return;
    const nodes = [...admin.members].map(({ nodeName }) => this.node(nodeName));
    const known = new Set(nodes.flatMap((node) => node.controlDb?.contexts() ?? []).map(({ name }) => name));
    proposeContexts(admin, this.topology.groups, known);
  }

  #createNode(name: string): ClusterNode {
    const { rootApart = null } = this.#options;
    return new ClusterNode({
      ...this.#options,
      node: name,
      ...(rootApart === null ? {} : { places: placesApart(name, rootApart) }),
      segmentSizeBytes: this.#options.nodeSegmentSizeBytes[name] ?? this.#options.segmentSizeBytes,
      clock: this.clock,
      announce: (event) => this.#noted(event, this.#options.announce),
      flushLogs: (group) => this.groups.get(group)?.flushLogs(),
    });
  }

  /** An installed snapshot of `_admin` brings the configuration along; with any, the pointers leap and are stored at once. */
  #noted(event: ClusterEvent, announce: Announce): void {
    announce(event);
    if (event.kind !== 'snapshot-installed') return;
    const leader = event.group === ADMIN_GROUP ? this.group(ADMIN_GROUP).leader?.nodeName : undefined;
    const configuration = leader === undefined ? null : this.node(leader).controlDb;
    if (configuration !== null) this.node(event.node).takeConfiguration(configuration);
    this.node(event.node).persist();
  }

  #createGroup(plan: ReplicationGroupPlan): ReplicationGroup {
    return new ReplicationGroup({
      plan,
      clock: this.clock,
      random: this.#random(`replication/${plan.name}`),
      announce: this.#options.announce,
      acknowledge: (index, payload) => this.#acknowledge(index, payload),
    });
  }

  #acknowledge(logIndex: number, payload: LogPayload): void {
    const atMs = this.clock.nowMs;
    this.ledger.noteEntry(logIndex, atMs, payload);
    if (payload.kind !== 'configuration') return;
    const { type, name } = payload.change;
    this.#options.announce({ atMs, kind: 'configuration-changed', change: type, name });
  }

  #createAppends(): RequestedAppends {
    const prefix = `requested-${this.#prefix}`;
    const { dataDir, maxDiskBytes: limitBytes } = this.#options;
    return new RequestedAppends({
      clock: this.clock,
      disk: { used: () => dataDir.usedBytes, limitBytes },
      createSource: (context) => new SyntheticEvents({ context, random: this.#random(`requested/${context}`), prefix }),
      propose: (group, context, transaction) => proposeAppend(group, context, transaction, this.#limits),
    });
  }

  #createWorkload(): Workload {
    const { groups, rate, payloadBytes, maxDiskBytes, dataDir, announce } = this.#options;
    return new Workload({
      clock: this.clock,
      contexts: groups.flatMap(({ contexts }) => contexts),
      rate,
      payloadBytes,
      random: (name) => this.#random(name),
      prefix: this.#prefix,
      target: {
        leaderOf: (context) => this.groupOfContext(context).leader?.nodeName ?? null,
        append: (context, transaction) =>
          proposeAppend(this.groupOfContext(context), context, transaction, this.#limits),
        hasSnapshots: (context) => !this.dcb.has(context),
        changeConfiguration: (change) => {
          if (this.group(ADMIN_GROUP).leader === null) return false;
          proposeChange(this.group(ADMIN_GROUP), change);
          return true;
        },
        reasonToPause: () =>
          dataDir.usedBytes < maxDiskBytes
            ? null
            : `the data folder holds ${dataDir.usedBytes} bytes, the limit is ${maxDiskBytes}`,
        pausedChanged: (reason) =>
          announce({
            atMs: this.clock.nowMs,
            kind: reason === null ? 'workload-resumed' : 'workload-paused',
            reason: reason ?? 'there is room again',
          }),
      },
    });
  }

  /** Aggregates of a process that goes on with a data folder have names of their own. */
  get #prefix(): string {
    return `order-${this.#options.startMs.toString(36)}-${this.#incarnation}`;
  }

  /**
   * A process that goes on with a data folder must not repeat the numbers of the one before it, not even where that one
   * was killed before it could note how far time had come.
   */
  #random(name: string): RandomStream {
    return new RandomStream(this.#options.seed, `${name}@${this.#options.startMs}/${this.#incarnation}`);
  }
}
