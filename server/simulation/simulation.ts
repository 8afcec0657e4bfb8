import { behaviourOf, type Behaviour } from '../versions/behaviours.ts';
import { Cluster } from '../cluster/cluster.ts';
import type { AppendedTokens } from '../cluster/writes/requested-appends.ts';
import type { Transformed } from '../cluster/writes/transformations.ts';
import type { AppendRequest } from '../cluster/writes/workload.ts';
import type { ResolvedOptions } from '../config.ts';
import { AxonError } from '../errors.ts';
import type { EventType } from '../formats/log-entry-data.ts';
import { askedInShort } from './asked-in-short.ts';
import { removeDataFolderState, writeDataFolderState } from './data-folder-state.ts';
import { checkFaultRules } from './fault-rules.ts';
import { FaultPlan, type Fault } from './faults.ts';
import { Recorder } from './recorder.ts';
import { RequestJournal } from './request-journal.ts';
import { Secrets, secretsOf, type Asked } from './secrets.ts';
import { SystemTokens } from './system-tokens.ts';
import { Turns } from './turns.ts';
import { RandomStream } from '../time-and-chance/random.ts';
import type { Host } from './host.ts';
import { Listeners } from './listeners.ts';
import type { Observer } from './observer.ts';
import { loadSqlEngine, type SqlEngine } from '../stores/control-db.ts';
import { DataDir } from '../stores/data-dir.ts';

/** The beginning of virtual time: 2024-01-01T00:00:00Z. */
export const EPOCH_MS = Date.UTC(2024, 0, 1);

/** Due events that run before others, requests above all, get their turn. */
const CALLS_PER_TURN = 40_000;

/**
 * A cluster with what surrounds it while it is served: whose turn it is, planned faults, the journal of requests, and a
 * way back to the beginning. Calls that change something run one after the other; between two turns of the event loop
 * all files are up to date.
 */
export class Simulation extends Listeners {
  readonly behaviour: Behaviour;
  readonly faults = new FaultPlan();
  readonly journal = new RequestJournal();
  /** The recent past, for whoever draws it. */
  readonly recorder = new Recorder();
  readonly options: ResolvedOptions;
  readonly host: Host;
  /** Who looks on at the public API, if anybody does. */
  readonly observer: Observer | null;
  /** URL of each node by its name, once it listens. */
  readonly urls = new Map<string, string>();
  readonly #dataDir: DataDir;
  readonly #sqlEngine: SqlEngine;
  readonly #isKept: boolean;
  readonly #waits = new Turns();
  #cluster: Cluster;
  /** Null where access control is off. */
  #systemTokens: SystemTokens | null = null;
  #secrets = new Secrets();
  /** Each change is settled before the next. */
  readonly #turns = new Turns({
    begin: () => {
      if (this.#isClosed) throw new AxonError('conflict', 'the simulator is shutting down');
    },
    end: () => {
      if (!this.#isClosed) this.settle();
    },
  });
  #isClosing = false;
  #isClosed = false;
  #ordinal = 0;
  #life = new AbortController();

  private constructor(
    dataDir: DataDir,
    sqlEngine: SqlEngine,
    options: ResolvedOptions,
    host: Host,
    startMs: number,
    observer: Observer | null,
  ) {
    super();
    this.observer = observer;
    this.options = options;
    this.host = host;
    this.behaviour = behaviourOf(options.serverVersion, options.edition);
    this.#dataDir = dataDir;
    this.#sqlEngine = sqlEngine;
    this.#isKept = options.dataDir !== null;
    this.#cluster = this.#createCluster(startMs);
    this.settle();
  }

  /** Starts the cluster on what the folder holds; fails with the message of the first node that would not start. */
  static async open(
    dataDir: DataDir,
    options: ResolvedOptions,
    host: Host,
    startMs: number,
    observer: Observer | null,
  ): Promise<Simulation> {
    return new Simulation(dataDir, await loadSqlEngine(), options, host, startMs, observer);
  }

  /** Is aborted once what was going on has come to nothing: by a reset there is another one, of the next life. */
  get life(): AbortSignal {
    return this.#life.signal;
  }

  /** Numbers the requests to the public API as they arrive, over all nodes. */
  nextOrdinal(): number {
    return ++this.#ordinal;
  }

  get cluster(): Cluster {
    return this.#cluster;
  }

  get nowMs(): number {
    return this.#cluster.clock.nowMs;
  }

  /** Whether whoever calls has to say who that is. */
  get hasAccessControl(): boolean {
    const { token, tokens, users } = this.options;
    return token !== null || tokens.length > 0 || users.length > 0;
  }

  /** The token that a node keeps in a file for programs beside it; null where access control is off. */
  systemTokenOf(node: string): string | null {
    return this.#systemTokens?.of(node) ?? null;
  }

  /** A stream of chance of its own for whoever needs one. */
  randomStream(name: string): RandomStream {
    return new RandomStream(this.options.seed, name);
  }

  /** What may be shown of a request, and kept of it. */
  show(asked: Asked): Asked {
    return askedInShort(this.#secrets.strikeOut(asked));
  }

  get usedBytes(): number {
    return this.#dataDir.usedBytes;
  }

  /** The path of a folder of a node without symbolic links in it. */
  resolveLinks(folder: string): string {
    return this.#dataDir.resolveLinks(folder);
  }

  /** Runs everything that falls due in the next `byMs` virtual milliseconds, in order. */
  advance(byMs: number): Promise<void> {
    return this.#turns.take(async () => {
      const untilMs = this.nowMs + byMs;
      while (!this.#cluster.clock.runUntil(untilMs, CALLS_PER_TURN)) await this.#giveWay();
    });
  }

  /**
   * The same for whoever waits for an answer, unless `signal` ends that: whatever else is to change has its turn in
   * between. Of several who wait, one lets its time pass after the other.
   */
  letPass(byMs: number, signal: AbortSignal): Promise<void> {
    return this.#waits.take(async () => {
      const untilMs = this.nowMs + byMs;
      const isThere = (): boolean => signal.aborted || this.#cluster.clock.runUntil(untilMs, CALLS_PER_TURN);
      while (!(await this.#turns.take(isThere))) await this.host.yieldTurn();
    });
  }

  append(context: string, request: AppendRequest): Promise<AppendedTokens> {
    return this.#turns.take(async () => {
      const steps = this.#cluster.append(context, request);
      for (;;) {
        const step = steps.next();
        if (step.done === true) return step.value;
        await this.#giveWay();
      }
    });
  }

  roll(context: string, type: EventType): Promise<ReadonlyMap<string, bigint>> {
    return this.#turns.take(() => this.#cluster.roll(context, type));
  }

  /** Deletes the events with these tokens on all nodes. */
  transform(context: string, firstToken: bigint, lastToken: bigint): Promise<Transformed> {
    return this.#turns.take(() => this.#cluster.transformations.deleteEvents(context, firstToken, lastToken));
  }

  /** Deletes the old versions of segments; how many files, by node. */
  compact(context: string): Promise<ReadonlyMap<string, number>> {
    return this.#turns.take(() => this.#cluster.transformations.compact(context));
  }

  migrateToDcb(context: string): Promise<void> {
    return this.#turns.take(() => this.#cluster.dcb.migrate(context, () => this.#saveState()));
  }

  /** First indexes of the log segments that were deleted. */
  cleanLog(node: string, group: string, olderThanMs: number): Promise<readonly number[]> {
    return this.#turns.take(() => {
      const removed = this.#cluster.node(node).cleanLog(group, olderThanMs);
      if (removed === null) throw new AxonError('context-not-found', `${group}: not found`);
      return removed;
    });
  }

  stopNode(name: string): Promise<void> {
    return this.#turns.take(() => this.#cluster.stopNode(name));
  }

  startNode(name: string): Promise<void> {
    return this.#turns.take(() => this.#cluster.startNode(name));
  }

  crashNode(name: string): Promise<void> {
    return this.#turns.take(() => this.#cluster.crashNode(name));
  }

  /** Slows a node down: in what it gets from its leaders, or in what it applies of that. */
  hamper(name: string, how: 'delayReplication' | 'stallApply', byMs: number): Promise<void> {
    return this.#turns.take(() => this.#cluster.node(name)[how](byMs));
  }

  /** Takes these faults in place of the old ones. Fails with `bad-request`, and keeps the old ones. */
  planFaults(rules: readonly Fault[]): void {
    checkFaultRules(rules, [...this.#cluster.nodes.keys()]);
    this.faults.replace(rules);
  }

  /** Back to the seed's beginning: empty folders, no faults, an empty journal, the first instant. */
  reset(): Promise<void> {
    return this.#turns.take(() => {
      this.#cluster.close();
      for (const name of this.#cluster.nodes.keys()) this.#dataDir.removeFolder(`${this.#dataDir.root}/${name}`);
      removeDataFolderState(this.#dataDir, [...this.#cluster.nodes.keys()]);
      this.#life.abort();
      this.#life = new AbortController();
      this.faults.clear();
      this.journal.clear();
      this.#cluster = this.#createCluster(EPOCH_MS);
    });
  }

  /** Brings all files up to date, and notes how far time has come. */
  settle(): void {
    this.#cluster.settle();
    this.#saveState();
    this.tellSettled(this.nowMs);
  }

  /** Stops all nodes cleanly. */
  close(): Promise<void> {
    this.#isClosing = true;
    return this.#turns.take(() => {
      if (this.#isClosed) return;
      this.#isClosed = true;
      this.#cluster.close();
      this.#saveState();
    });
  }

  #saveState(): void {
    if (!this.#isKept) return;
    writeDataFolderState(this.#dataDir, { ...this.options, dcbContexts: this.#cluster.dcb.names, nowMs: this.nowMs });
  }

  #createCluster(startMs: number): Cluster {
    this.recorder.begin(startMs);
    const cluster = new Cluster({
      ...this.options,
      rootApart: this.options.mountsApart ? this.options.serverRoot : null,
      dataDir: this.#dataDir,
      sqlEngine: this.#sqlEngine,
      startMs,
      ...this.behaviour,
      hasVersions: this.behaviour.hasSegmentVersions,
      dcbContexts: new Set(this.options.dcbContexts),
      announce: (event) => {
        this.recorder.noteEvent(event);
        this.tellEvent(event);
      },
    });
    this.recorder.watch(cluster);
    if (this.hasAccessControl) {
      const nodes = [...cluster.nodes.keys()];
      this.#systemTokens = new SystemTokens(this.#dataDir, nodes, (name) => this.randomStream(name), startMs);
      this.#secrets = new Secrets([...secretsOf(this.options), ...this.#systemTokens.all]);
    }
    return cluster;
  }

  /** Amid a long change: requests get their turn, with all files up to date, and whoever wants to end the process. */
  async #giveWay(): Promise<void> {
    if (this.#isClosing) throw new AxonError('conflict', 'the simulator is shutting down');
    this.settle();
    await this.host.yieldTurn();
  }
}
