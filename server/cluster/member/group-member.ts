import { AxonError } from '../../errors.ts';
import type { EventType } from '../../formats/log-entry-data.ts';
import type { Timer } from '../../time-and-chance/clock.ts';
import type { GroupPointers } from '../../stores/control-db.ts';
import type { LogStore } from '../../stores/log-store.ts';
import { CloseJob } from './close-job.ts';
import { copyEvents } from './copy-events.ts';
import type { HostedEventStore } from './hosted-event-store.ts';
import type { ConfigurationChange, LogPayload } from '../terms/log-payload.ts';
import { runAll } from '../terms/run-all.ts';
import type { ContextStores, GroupMemberOptions } from './group-member-options.ts';
import { checkStored } from './stored-transaction.ts';
import type { GroupMemberPlan } from '../terms/topology.ts';

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 60_000;

export type { ContextStores } from './group-member-options.ts';

/** The content of the entry at an index of a member's log; the group keeps what is on its way. */
export type ReadPayload = (member: GroupMember, index: number) => LogPayload;

/**
 * One running node's part in one replication group: its log, its indexes, and how committed entries get into its event
 * stores and its control database (docs/backup-endpoints.md, sections 5.3 and 5.4).
 */
export class GroupMember {
  readonly identity: GroupMemberPlan;
  readonly log: LogStore;
  commitIndex: number;
  appliedIndex: number;
  currentTerm: number;
  votedFor: string | null;
  /** Virtual milliseconds by which planned trouble slows down what reaches this member. */
  extraLagMs = 0;
  /** True while planned trouble keeps this member from applying anything. */
  isStalled = false;
  /** Called when this member has applied what it was behind with, by itself and at no word of its leader's. */
  onCaughtUp: () => void = () => undefined;
  readonly #options: GroupMemberOptions;
  readonly #closeJob: CloseJob;
  /** The entry that the control database, or a snapshot, stands for: its term is known even where the log begins behind it. */
  #included: { readonly index: number; readonly term: number };
  #applyError: string | null = null;
  #retry: Timer | null = null;
  #retryDelayMs = FIRST_RETRY_MS;
  #payloadOf: ReadPayload | null = null;
  readonly #contexts: Map<string, ContextStores>;
  readonly #dcbContexts: Map<string, HostedEventStore>;

  constructor(options: GroupMemberOptions) {
    this.#options = options;
    this.identity = options.identity;
    this.log = options.log;
    this.#contexts = new Map(options.contexts);
    this.#dcbContexts = new Map(options.dcbContexts);
    this.#closeJob = new CloseJob(options.clock, {
      hasFullSegments: () => this.log.hasFullSegments,
      closeNext: () => void this.log.closeNext(options.clock.nowMs),
    });
    const { pointers } = options;
    this.currentTerm = Math.max(pointers?.currentTerm ?? 0, this.log.lastTerm);
    this.votedFor = pointers?.votedFor ?? null;
    this.commitIndex = pointers?.commitIndex ?? 0;
    this.appliedIndex = pointers?.lastAppliedIndex ?? 0;
    this.#included = { index: this.appliedIndex, term: pointers?.lastAppliedTerm ?? 0 };
    if (this.appliedIndex > this.log.lastIndex) this.#meetLostLog();
  }

  get contexts(): ReadonlyMap<string, ContextStores> {
    return this.#contexts;
  }

  get dcbContexts(): ReadonlyMap<string, HostedEventStore> {
    return this.#dcbContexts;
  }

  /** The store of a context, of either kind; undefined where this node has none. */
  storeOf(context: string, type: EventType): HostedEventStore | undefined {
    return this.#contexts.get(context)?.[type] ?? (type === 'EVENT' ? this.#dcbContexts.get(context) : undefined);
  }

  /** Closes the stores of a plain context, and goes on with the one that `open` makes of their folder. */
  migrateToDcb(context: string, open: () => HostedEventStore): void {
    const stores = this.#contexts.get(context);
    if (stores === undefined) return;
    stores.EVENT.close();
    stores.SNAPSHOT.close();
    this.#contexts.delete(context);
    this.#dcbContexts.set(context, open());
  }

  get nodeName(): string {
    return this.identity.nodeName;
  }

  /** Term of the last entry, also where the log is empty and a snapshot stands for that entry; 0 where there is none. */
  get lastTerm(): number {
    return this.#termAt(this.log.lastIndex);
  }

  /** Why applying has stopped, or null. */
  get applyError(): string | null {
    return this.#applyError;
  }

  /** What the next flush writes into `rg_state`. */
  get pointers(): GroupPointers {
    return {
      commitIndex: this.commitIndex,
      commitTerm: this.#termAt(this.commitIndex),
      currentTerm: this.currentTerm,
      lastAppliedIndex: this.appliedIndex,
      lastAppliedTerm: this.#termAt(this.appliedIndex),
      votedFor: this.votedFor,
    };
  }

  /** Adds an entry, given as a whole record, to this member's log. */
  append(record: Buffer, term: number): void {
    const { clock, announce, group } = this.#options;
    const before = this.log.openSegment;
    this.log.append(record, clock.nowMs);
    this.currentTerm = Math.max(this.currentTerm, term);
    const firstIndex = this.log.openSegment;
    if (firstIndex === before) return;
    announce({ atMs: clock.nowMs, kind: 'log-segment-created', node: this.nodeName, group, firstIndex });
    this.#closeJob.plan();
  }

  /** Moves the commit index forward, never back, and applies what that allows. */
  commit(index: number, payloadOf: ReadPayload): void {
    this.commitIndex = Math.max(this.commitIndex, Math.min(index, this.log.lastIndex));
    this.#payloadOf = payloadOf;
    if (this.#retry === null) this.#applyCommitted(payloadOf);
  }

  /**
   * Applies nothing for a while, as where the event store is slow, though the log goes on; 0 ends it. A leader that stalls
   * acknowledges nothing.
   */
  stallApply(forMs: number): void {
    this.#retry?.cancel();
    this.isStalled = forMs > 0;
    this.#retry = this.#options.clock.after(forMs, () => {
      this.#retry = null;
      this.isStalled = false;
      if (this.#payloadOf !== null) this.#applyCommitted(this.#payloadOf);
      this.onCaughtUp();
    });
  }

  /** Drops the entries behind `index`, which no majority ever held. */
  truncateAfter(index: number): void {
    this.log.truncateAfter(index, this.#options.clock.nowMs);
  }

  /**
   * Installed snapshot (section 4): the events above this member's own come from the leader's stores, the whole log
   * goes, and the pointers stand at the last entry that the snapshot includes. Fails with `data-file-read` where the
   * leader has not applied what its log no longer holds, or cannot read it.
   */
  installSnapshot(leader: GroupMember): void {
    const { clock, announce, group } = this.#options;
    const { appliedIndex, log } = leader;
    const next = appliedIndex + 1;
    if (next < log.firstIndex) throw new AxonError('data-file-read', `Read before start: ${next}`);
    for (const context of [...this.#contexts.keys(), ...this.#dcbContexts.keys()]) {
      for (const type of ['EVENT', 'SNAPSHOT'] as const) {
        const [source, target] = [leader.storeOf(context, type)?.store, this.storeOf(context, type)];
        if (source !== undefined && target !== undefined) copyEvents(source, target);
      }
    }
    this.log.clear(next, clock.nowMs);
    this.#included = { index: appliedIndex, term: leader.#termAt(appliedIndex) };
    this.commitIndex = appliedIndex;
    this.appliedIndex = appliedIndex;
    this.currentTerm = Math.max(this.currentTerm, leader.currentTerm);
    this.#applyError = null;
    this.isStalled = false;
    this.#retry?.cancel();
    this.#retry = null;
    const lastIncludedIndex = appliedIndex;
    announce({ atMs: clock.nowMs, kind: 'snapshot-installed', node: this.nodeName, group, lastIncludedIndex });
  }

  /** Says once, for each distinct message, what keeps this member from going on. */
  reportFailure(what: string, message: string): void {
    const { clock, announce, group } = this.#options;
    if (message !== this.#applyError) {
      const text = `${group}: ${what} last applied : ${this.appliedIndex}, commitIndex: ${this.commitIndex}, ${message}`;
      announce({ atMs: clock.nowMs, kind: 'apply-failed', node: this.nodeName, group, message: text });
    }
    this.#applyError = message;
  }

  /** Brings the files up to date. About every other time a write is caught in its middle. */
  settle(): void {
    const isCaughtWriting = this.log.lastIndex % 2 === 0;
    this.log.settle(isCaughtWriting);
    for (const { store } of this.#hostedStores()) store.settle(isCaughtWriting);
  }

  close(): void {
    this.#retry?.cancel();
    const stores = [...this.#hostedStores()].map((store) => () => store.close());
    runAll([() => this.#closeJob.finish(), () => this.log.close(), ...stores], (step) => step());
  }

  crash(): void {
    this.#retry?.cancel();
    this.#closeJob.cancel();
    runAll([this.log, ...this.#hostedStores()], (store) => store.crash());
  }

  /** Applies all entries up to the commit index. One that cannot be applied stops it; it is tried again later. */
  #applyCommitted(payloadOf: ReadPayload): void {
    while (this.appliedIndex < this.commitIndex) {
      try {
        this.#apply(payloadOf(this, this.appliedIndex + 1));
      } catch (error) {
        if (!(error instanceof AxonError)) throw error;
        this.#stopApplying(error.message, payloadOf);
        return;
      }
      this.appliedIndex++;
    }
    this.#applyError = null;
    this.#retryDelayMs = FIRST_RETRY_MS;
  }

  #apply(payload: LogPayload): void {
    if (payload.kind === 'configuration') return this.#applyChange(payload.change);
    if (payload.kind === 'none') return;
    const hosted = this.storeOf(payload.context, payload.type);
    // A context without event store on this node: the server warns and goes on.
    if (hosted === undefined) return;
    const { firstToken } = payload.transaction;
    if (firstToken === hosted.store.nextToken) return hosted.append(payload.transaction);
    if (firstToken < hosted.store.nextToken) return checkStored(hosted, payload.context, payload.transaction);
    throw new AxonError(
      'event-store-mismatch',
      `Received invalid token: expected ${hosted.store.nextToken}, received ${firstToken}`,
    );
  }

  /** A change that contradicts what is there already comes from a damaged log. */
  #applyChange(change: ConfigurationChange): void {
    try {
      this.#options.applyChange(change);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new AxonError('other', `failed to apply ${change.type}: ${reason}`, { cause: error });
    }
  }

  #stopApplying(message: string, payloadOf: ReadPayload): void {
    this.reportFailure('Apply failed', message);
    this.#retry = this.#options.clock.after(this.#retryDelayMs, () => {
      this.#retry = null;
      this.#applyCommitted(payloadOf);
      this.onCaughtUp();
    });
    this.#retryDelayMs = Math.min(LONGEST_RETRY_MS, this.#retryDelayMs * 2);
  }

  /** Section 5.3: without any log the pointers start over; a log that is merely too short is left as it is. */
  #meetLostLog(): void {
    const { clock, announce, group } = this.#options;
    const message = `Last applied index ${this.appliedIndex} is higher than last log index ${this.log.lastIndex}`;
    announce({ atMs: clock.nowMs, kind: 'log-lost', node: this.nodeName, group, message });
    if (this.log.lastIndex > 0) return;
    this.commitIndex = 0;
    this.appliedIndex = 0;
  }

  #termAt(index: number): number {
    const term = this.log.termAt(index);
    return term === 0 && index === this.#included.index ? this.#included.term : term;
  }

  *#hostedStores(): Generator<HostedEventStore> {
    for (const stores of this.#contexts.values()) yield* [stores.EVENT, stores.SNAPSHOT];
    yield* this.#dcbContexts.values();
  }
}
