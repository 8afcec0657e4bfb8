import { deletedEvent } from '../../formats/deleted-event.ts';
import type { StoredTransaction } from '../../formats/event-segment.ts';
import { toExactNumber } from '../../formats/exact-number.ts';
import type { EventType } from '../../formats/log-entry-data.ts';
import type { VirtualClock } from '../../time-and-chance/clock.ts';
import type { EventStore } from '../../stores/event-store.ts';
import type { PreparedTransaction } from '../../stores/transaction.ts';
import { CloseJob } from './close-job.ts';
import type { Announce } from '../terms/cluster-event.ts';
import type { Transformation } from './transformation-notes.ts';

/** Whose store it is, for those who are told of its segments. */
export interface HostedEventStoreOptions {
  readonly node: string;
  readonly context: string;
  readonly clock: VirtualClock;
  readonly announce: Announce;
}

/** An event store as it lives on a running node: with the job that closes its full segments. */
export class HostedEventStore {
  readonly store: EventStore;
  readonly #options: HostedEventStoreOptions;
  readonly #closeJob: CloseJob;
  /** A log that is applied again asks for one transaction after the other; each segment is then read once. */
  #reader: { readonly transactions: Iterator<StoredTransaction>; readonly nextToken: bigint } | null = null;

  constructor(store: EventStore, options: HostedEventStoreOptions) {
    this.store = store;
    this.#options = options;
    this.#closeJob = new CloseJob(options.clock, {
      hasFullSegments: () => store.hasFullSegments,
      closeNext: () => {
        const closed = store.closeNext(options.clock.nowMs);
        if (closed !== null) this.#announce('segment-closed', closed);
      },
    });
  }

  get type(): EventType {
    return this.store.type;
  }

  append(transaction: PreparedTransaction): void {
    this.#reader = null;
    const before = this.store.openSegment;
    this.store.append(transaction, this.#options.clock.nowMs);
    if (this.store.openSegment === before) return;
    this.#announce('segment-full', before);
    this.#announce('segment-created', this.store.openSegment);
    this.#closeJob.plan();
  }

  /** The stored transaction that begins at a token, or the one that holds it; null where there is none. */
  transactionAt(token: bigint): StoredTransaction | null {
    const transactions =
      this.#reader?.nextToken === token ? this.#reader.transactions : this.store.transactionsFrom(token);
    const { value, done } = transactions.next();
    if (done === true) {
      this.#reader = null;
      return null;
    }
    this.#reader = { transactions, nextToken: value.firstToken + BigInt(value.events.length) };
    return value;
  }

  /** Ends and closes the open segment now; its number, or null where it holds nothing. */
  roll(): bigint | null {
    const lastClosed = this.store.lastClosedSegment;
    const rolled = this.store.roll(this.#options.clock.nowMs);
    if (rolled === null) return null;
    this.#announce('segment-full', rolled);
    this.#announce('segment-created', this.store.openSegment);
    this.#announceClosedAfter(lastClosed);
    return rolled;
  }

  /**
   * Gives the segments that hold the tokens a version without their events; those that have it already stay as they are.
   * What is not closed is closed first, the open segment too.
   */
  deleteEvents({ version, firstToken, lastToken }: Transformation): void {
    this.#reader = null;
    this.#closeThrough(lastToken);
    const { node, context, clock, announce } = this.#options;
    for (const segment of this.store.closedHolding(firstToken, lastToken)) {
      if (this.store.versionOf(segment) >= version) continue;
      const change = (token: bigint, event: Buffer): Buffer =>
        token < firstToken || token > lastToken ? event : deletedEvent(event);
      this.store.transform(segment, version, change, clock.nowMs);
      const about = { node, context, type: this.store.type, segment: toExactNumber(segment) };
      announce({ atMs: clock.nowMs, kind: 'segment-transformed', ...about, version });
    }
  }

  /** Deletes the versions that are not current; the number of files. */
  compactVersions(): number {
    const deletedFiles = this.store.compactVersions();
    if (deletedFiles === 0) return 0;
    const { node, context, clock, announce } = this.#options;
    const about = { node, context, type: this.store.type };
    announce({ atMs: clock.nowMs, kind: 'segment-versions-compacted', ...about, deletedFiles });
    return deletedFiles;
  }

  close(): void {
    this.#closeJob.cancel();
    const lastClosed = this.store.lastClosedSegment;
    this.store.close(this.#options.clock.nowMs);
    this.#announceClosedAfter(lastClosed);
  }

  crash(): void {
    this.#closeJob.cancel();
    this.store.crash();
  }

  /** Closes the segments up to the one that holds a token that is there. */
  #closeThrough(token: bigint): void {
    if (token >= this.store.openSegment) {
      this.roll();
      return;
    }
    while ((this.store.activeSegments()[0] ?? token + 1n) <= token) {
      const closed = this.store.closeNext(this.#options.clock.nowMs);
      if (closed !== null) this.#announce('segment-closed', closed);
    }
  }

  #announceClosedAfter(segment: bigint): void {
    for (const closed of this.store.closedAfter(segment)) this.#announce('segment-closed', closed);
  }

  #announce(kind: 'segment-created' | 'segment-full' | 'segment-closed', segment: bigint): void {
    const { node, context, clock, announce } = this.#options;
    announce({ atMs: clock.nowMs, kind, node, context, type: this.store.type, segment: toExactNumber(segment) });
  }
}
