import { AxonError } from '../errors.ts';
import { encodeAppend, encodeConfigurationChange, type EventType } from '../formats/log-entry-data.ts';
import { VirtualClock } from '../sim/clock.ts';
import { RandomStream } from '../sim/random.ts';
import type { SqlEngine } from '../stores/control-db.ts';
import type { DataDir } from '../stores/data-dir.ts';
import { prepareTransaction } from '../stores/transaction.ts';
import type { Announce, ClusterEvent } from './cluster-event.ts';
import { Ledger } from './ledger.ts';
import type { ConfigurationChange, LogPayload } from './log-payload.ts';
import { ClusterNode } from './node.ts';
import { ReplicationGroup } from './replication-group.ts';
import { SyntheticEvents, type SyntheticTransaction } from './synthetic-events.ts';
import { ADMIN_GROUP, planTopology, type ReplicationGroupPlan, type Topology } from './topology.ts';
import { Workload, type AppendRequest } from './workload.ts';

/** A request may move the clock by this much until its entries are committed; beyond that there is no majority. */
const LONGEST_COMMIT_MS = 10_000;

export interface ClusterOptions {
  readonly dataDir: DataDir;
  readonly sqlEngine: SqlEngine;
  readonly seed: number;
  /** Virtual milliseconds since 1970 at which the cluster's time begins, or goes on. */
  readonly startMs: number;
  readonly nodes: number;
  readonly contexts: readonly string[];
  readonly rate: number;
  readonly payloadBytes: number | null;
  readonly maxDiskBytes: number;
  readonly segmentSizeBytes: number;
  readonly logSegmentSizeBytes: number;
  readonly overflow: 'exact-fit' | 'strict';
  readonly announce: Announce;
}

/** All nodes together, and everything that moves them over virtual time. */
export class Cluster {
  readonly clock: VirtualClock;
  readonly ledger = new Ledger();
  readonly nodes: ReadonlyMap<string, ClusterNode>;
  readonly groups: ReadonlyMap<string, ReplicationGroup>;
  readonly workload: Workload;
  readonly #options: ClusterOptions;
  readonly #topology: Topology;
  readonly #requested = new Map<string, SyntheticEvents>();

  /** Starts every node on what its folder holds. Fails as the first node that the real server would not start. */
  constructor(options: ClusterOptions) {
    this.#options = options;
    this.clock = new VirtualClock(options.startMs);
    const planned = planTopology(options.nodes, options.contexts, this.#random('identities'));
    this.nodes = new Map(planned.nodeNames.map((name) => [name, this.#createNode(name)]));
    this.#topology = this.#adoptIdentities(planned);
    this.groups = new Map(this.#topology.groups.map((plan) => [plan.name, this.#createGroup(plan)]));
    this.workload = this.#createWorkload();
    this.#startAll();
    this.workload.start();
    this.settle();
  }

  get topology(): Topology {
    return this.#topology;
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

  /** Brings the files of all nodes up to date. */
  settle(): void {
    for (const node of this.nodes.values()) node.settle();
  }

  /**
   * Appends through the replicated log and moves the clock on until the leader has applied all of it and the other
   * running nodes have followed. Fails with `no-leader` where no majority confirms it, with nothing acknowledged.
   */
  append(context: string, request: AppendRequest): { readonly firstToken: bigint; readonly lastToken: bigint } {
    const group = this.groupOfContext(context);
    const source = this.#requestedEvents(context);
    const firstToken = group.nextToken(context, request.type);
    let lastIndex = 0;
    for (let ordinal = 0; ordinal < request.transactions; ordinal++) {
      const node = group.leader?.nodeName ?? '';
      const transaction =
        request.type === 'EVENT'
          ? source.transaction(node, this.clock.nowMs, request.eventsPerTransaction, request.payloadBytes)
          : source.snapshots(node, this.clock.nowMs, request.eventsPerTransaction, request.payloadBytes);
      lastIndex = this.#propose(group, context, transaction);
    }
    const lastToken = group.nextToken(context, request.type) - 1n;
    this.#runUntilApplied(group, lastIndex);
    return { firstToken, lastToken };
  }

  /** Ends and closes the open segment on every running node that has the context; the closed segments by node. */
  roll(context: string, type: EventType): ReadonlyMap<string, bigint> {
    const group = this.groupOfContext(context);
    const rolled = new Map<string, bigint>();
    for (const member of group.members) {
      const segment = member.contexts.get(context)?.[type].roll() ?? null;
      if (segment !== null) rolled.set(member.nodeName, segment);
    }
    if (rolled.size === 0) {
      throw new AxonError('conflict', `The open ${type} segment of ${context} is empty: append something first`);
    }
    return rolled;
  }

  /** Starts a stopped node. Where the real process would not start, the failure has its message. */
  startNode(name: string): void {
    const node = this.node(name);
    if (node.isRunning) throw new AxonError('conflict', `${name} is running already`);
    node.start(this.#topology);
    this.#join(node);
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
    for (const [name, node] of this.nodes) if (node.isRunning) this.stopNode(name);
  }

  #startAll(): void {
    const started: ClusterNode[] = [];
    try {
      for (const node of this.nodes.values()) {
        node.start(this.#topology);
        started.push(node);
      }
    } catch (error) {
      for (const node of started) node.stop();
      throw error;
    }
    for (const node of started) this.#join(node);
    for (const group of this.groups.values()) group.electNow();
    this.#configureContexts();
  }

  #join(node: ClusterNode): void {
    for (const [group, member] of node.members) this.groups.get(group)?.join(member);
  }

  #leave(node: ClusterNode): void {
    for (const group of this.groups.values()) group.leave(node.name);
  }

  #runningNode(name: string): ClusterNode {
    const node = this.node(name);
    if (!node.isRunning) throw new AxonError('conflict', `${name} is not running`);
    return node;
  }

  #propose(group: ReplicationGroup, context: string, { type, events, keys }: SyntheticTransaction): number {
    const token = group.nextToken(context, type);
    const data = encodeAppend(type, { token, version: 2, events, context: context === group.name ? '' : context });
    const transaction = prepareTransaction(token, events, keys);
    return group.propose(data, { kind: 'append', context, type, transaction });
  }

  #proposeChange(change: ConfigurationChange): number {
    const data = encodeConfigurationChange(change.type, Buffer.from(JSON.stringify(change), 'utf8'));
    return this.group(ADMIN_GROUP).propose(data, { kind: 'configuration', change });
  }

  /** `_admin` of a new cluster begins with its contexts. */
  #configureContexts(): void {
    const known = new Set<string>();
    for (const node of this.nodes.values()) for (const { name } of node.controlDb?.contexts() ?? []) known.add(name);
    for (const { name, contexts } of this.#topology.groups) {
      for (const context of contexts) {
        if (!known.has(context) && this.group(ADMIN_GROUP).leader !== null) {
          this.#proposeChange({ type: 'ADD_CONTEXT', name: context, replicationGroup: name });
        }
      }
    }
  }

  #runUntilApplied(group: ReplicationGroup, index: number): void {
    const latestMs = this.clock.nowMs + LONGEST_COMMIT_MS;
    const isEverywhere = (): boolean =>
      [...group.members].every((member) => member.appliedIndex >= index || member.extraLagMs > 0);
    while (this.clock.nowMs < latestMs && !(group.acknowledgedIndex >= index && isEverywhere())) {
      this.clock.runUntil(this.clock.nowMs + 1);
    }
    if (group.acknowledgedIndex >= index) return;
    throw new AxonError('no-leader', `No majority of ${group.name} confirmed the append: start its stopped nodes`);
  }

  #requestedEvents(context: string): SyntheticEvents {
    let source = this.#requested.get(context);
    if (source === undefined) {
      const random = this.#random(`requested/${context}`);
      source = new SyntheticEvents({ context, random, prefix: `requested-${this.#prefix}` });
      this.#requested.set(context, source);
    }
    return source;
  }

  #createNode(name: string): ClusterNode {
    const { clock } = this;
    const { dataDir, sqlEngine, announce, segmentSizeBytes, logSegmentSizeBytes, overflow } = this.#options;
    const sizes = { segmentSizeBytes, logSegmentSizeBytes, overflow };
    return new ClusterNode({
      node: name,
      dataDir,
      clock,
      sqlEngine,
      announce: (event) => this.#noted(event, announce),
      ...sizes,
    });
  }

  /** An installed snapshot of `_admin` brings the configuration along. */
  #noted(event: ClusterEvent, announce: Announce): void {
    announce(event);
    if (event.kind !== 'snapshot-installed' || event.group !== ADMIN_GROUP) return;
    const leader = this.group(ADMIN_GROUP).leader?.nodeName;
    const configuration = leader === undefined ? null : this.node(leader).controlDb;
    if (configuration !== null) this.node(event.node).takeConfiguration(configuration);
  }

  /** Nodes that have a control database keep the ids in it; one without takes those that the others know. */
  #adoptIdentities(planned: Topology): Topology {
    const known = new Map(
      [...this.nodes.values()].flatMap((node) =>
        (node.loadControlDb()?.replicationGroups() ?? []).map((group) => [group.name, group] as const),
      ),
    );
    const groups = planned.groups.map((plan) => {
      const group = known.get(plan.name);
      if (group === undefined) return plan;
      const members = plan.members.map((member) => {
        const before = group.members.find(({ nodeName }) => nodeName === member.nodeName);
        return before === undefined ? member : { ...member, nodeId: before.nodeId, role: before.role };
      });
      return { ...plan, id: group.id, members };
    });
    return { ...planned, groups };
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
    if (payload.kind === 'append') {
      const { firstToken, eventCount, bytes } = payload.transaction;
      const checksum = bytes.readUInt32BE(bytes.length - 4);
      this.ledger.of(payload.context, payload.type).note({ firstToken, eventCount, atMs, logIndex, checksum });
    } else if (payload.kind === 'configuration') {
      const { type, name } = payload.change;
      this.ledger.noteChange({ logIndex, atMs, type, name });
      this.#options.announce({ atMs, kind: 'configuration-changed', change: type, name });
    }
  }

  #createWorkload(): Workload {
    const { contexts, rate, payloadBytes, maxDiskBytes, dataDir, announce } = this.#options;
    return new Workload({
      clock: this.clock,
      contexts,
      rate,
      payloadBytes,
      random: (name) => this.#random(name),
      prefix: this.#prefix,
      target: {
        leaderOf: (context) => this.groupOfContext(context).leader?.nodeName ?? null,
        append: (context, transaction) => this.#propose(this.groupOfContext(context), context, transaction),
        changeConfiguration: (change) => {
          if (this.group(ADMIN_GROUP).leader === null) return false;
          this.#proposeChange(change);
          return true;
        },
        reasonToPause: () =>
          dataDir.usedBytes < maxDiskBytes
            ? null
            : `the data folder holds ${dataDir.usedBytes} bytes, the limit is ${maxDiskBytes}`,
        pausedChanged: (reason) => {
          const atMs = this.clock.nowMs;
          if (reason === null) announce({ atMs, kind: 'workload-resumed', reason: 'there is room again' });
          else announce({ atMs, kind: 'workload-paused', reason });
        },
      },
    });
  }

  /** Aggregates of a process that goes on with a data folder have names of their own. */
  get #prefix(): string {
    return `order-${this.#options.startMs.toString(36)}`;
  }

  /** A process that goes on with a data folder must not repeat the numbers of the one before it. */
  #random(name: string): RandomStream {
    return new RandomStream(this.#options.seed, `${name}@${this.#options.startMs}`);
  }
}
