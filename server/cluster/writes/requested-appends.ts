import { AxonError } from '../../errors.ts';
import type { VirtualClock } from '../../time-and-chance/clock.ts';
import { diskLimitReached } from '../terms/disk-limit.ts';
import type { ReplicationGroup } from '../group/replication-group.ts';
import { roleTraits } from '../terms/roles.ts';
import type { SyntheticEvents, SyntheticTransaction } from './synthetic-events.ts';
import type { AppendRequest } from './workload.ts';

/** Work after which others may have their turn: events proposed, bytes proposed, entries acknowledged, milliseconds passed. */
const EVENTS_PER_STEP = 1000;
const BYTES_PER_STEP = 1 << 20;
const ENTRIES_PER_STEP = 1000;
const MILLISECONDS_PER_STEP = 100;

/** A request may move the clock by this much until its entries are committed; beyond that there is no majority. */
const LONGEST_COMMIT_MS = 10_000;

export interface AppendedTokens {
  readonly firstToken: bigint;
  readonly lastToken: bigint;
}

/**
 * Work of many steps. Between two of them whoever does it may bring the files up to date and let others see the cluster;
 * where the steps end depends on what is asked for alone, so that the same calls leave the same bytes.
 */
export type Steps<Result> = Generator<undefined, Result, undefined>;

export interface RequestedAppendsOptions {
  readonly clock: VirtualClock;
  /** The data folder as it grows: what is in it, and what may be. */
  readonly disk: { readonly used: () => number; readonly limitBytes: number };
  /** Begins a source of events for a context. */
  readonly createSource: (context: string) => SyntheticEvents;
  /** Proposes to the context's group; returns the index of the entry. */
  readonly propose: (group: ReplicationGroup, context: string, transaction: SyntheticTransaction) => number;
}

/** Appends that somebody waits for. */
export class RequestedAppends {
  readonly #options: RequestedAppendsOptions;
  readonly #sources = new Map<string, SyntheticEvents>();

  constructor(options: RequestedAppendsOptions) {
    this.#options = options;
  }

  /**
   * Moves the clock on until the leader has applied all of it and the other running nodes have followed. Fails with
   * `no-leader` where no majority confirms it, with nothing acknowledged; with `disk-limit`, and what was appended, where
   * the data folder reaches its limit.
   */
  *append(group: ReplicationGroup, context: string, request: AppendRequest): Steps<AppendedTokens> {
    const { clock, propose } = this.#options;
    const source = this.#sourceOf(context);
    const firstToken = group.nextToken(context, request.type);
    const copies = copiesOf(group);
    let lastIndex = 0;
    let proposed = 0;
    let pendingBytes = 0;
    let [events, bytes] = [0, 0];
    while (proposed < request.transactions && this.#hasRoomFor(pendingBytes * copies)) {
      const node = group.leader?.nodeName ?? '';
      const transaction =
        request.type === 'EVENT'
          ? source.transaction(node, clock.nowMs, request.eventsPerTransaction, request.payloadBytes)
          : source.snapshots(node, clock.nowMs, request.eventsPerTransaction, request.payloadBytes);
      lastIndex = propose(group, context, transaction);
      proposed++;
      const sizeBytes = sizeOf(transaction);
      pendingBytes += sizeBytes;
      events += request.eventsPerTransaction;
      bytes += sizeBytes;
      if (events < EVENTS_PER_STEP && bytes < BYTES_PER_STEP) continue;
      [events, bytes] = [0, 0];
      yield;
    }
    const lastToken = group.nextToken(context, request.type) - 1n;
    if (proposed > 0) yield* this.#runUntilApplied(group, lastIndex);
    if (proposed === request.transactions) return { firstToken, lastToken };
    throw this.#diskLimit(request, proposed, { firstToken, lastToken });
  }

  #hasRoomFor(pendingBytes: number): boolean {
    const { used, limitBytes } = this.#options.disk;
    return used() + pendingBytes < limitBytes;
  }

  #diskLimit({ transactions }: AppendRequest, appended: number, { firstToken, lastToken }: AppendedTokens): AxonError {
    const what =
      appended === 0
        ? 'nothing was appended'
        : `${appended} of ${transactions} transactions were appended, tokens ${firstToken} to ${lastToken}`;
    return diskLimitReached(this.#options.disk.limitBytes, what);
  }

  *#runUntilApplied(group: ReplicationGroup, index: number): Steps<void> {
    const { clock } = this.#options;
    const latestMs = clock.nowMs + LONGEST_COMMIT_MS;
    // Nobody waits for a node without a say, for one that is made to lag, or for one that cannot go on.
    const isEverywhere = (): boolean =>
      [...group.members].every(({ identity, appliedIndex, extraLagMs, isStalled, applyError }) => {
        const isSlow = extraLagMs > 0 || isStalled || applyError !== null;
        const isWaitedFor = roleTraits[identity.role].confirms !== 'never' && !isSlow;
        return appliedIndex >= index || !isWaitedFor;
      });
    let step = { atMs: clock.nowMs, index: group.acknowledgedIndex };
    while (clock.nowMs < latestMs && !(group.acknowledgedIndex >= index && isEverywhere())) {
      clock.runUntil(clock.nowMs + 1);
      const isLong = group.acknowledgedIndex - step.index >= ENTRIES_PER_STEP;
      if (!isLong && clock.nowMs - step.atMs < MILLISECONDS_PER_STEP) continue;
      step = { atMs: clock.nowMs, index: group.acknowledgedIndex };
      yield;
    }
    if (group.acknowledgedIndex >= index) return;
    throw new AxonError('no-leader', `No majority of ${group.name} confirmed the append: start its stopped nodes`);
  }

  #sourceOf(context: string): SyntheticEvents {
    let source = this.#sources.get(context);
    if (source === undefined) {
      source = this.#options.createSource(context);
      this.#sources.set(context, source);
    }
    return source;
  }
}

/** How often what is proposed will be written still: into the store of each member, and into the log of each but the leader. */
function copiesOf({ members }: ReplicationGroup): number {
  return [...members].reduce((copies, { identity }) => copies + (roleTraits[identity.role].storesEvents ? 2 : 0), -1);
}

/** About as much as it takes in a file. */
function sizeOf({ events }: SyntheticTransaction): number {
  return events.reduce((bytes, event) => bytes + event.length, 0);
}
