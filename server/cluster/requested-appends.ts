import { AxonError } from '../errors.ts';
import type { VirtualClock } from '../sim/clock.ts';
import type { ReplicationGroup } from './replication-group.ts';
import { roleTraits } from './roles.ts';
import type { SyntheticEvents, SyntheticTransaction } from './synthetic-events.ts';
import type { AppendRequest } from './workload.ts';

/** A request may move the clock by this much until its entries are committed; beyond that there is no majority. */
const LONGEST_COMMIT_MS = 10_000;

export interface AppendedTokens {
  readonly firstToken: bigint;
  readonly lastToken: bigint;
}

export interface RequestedAppendsOptions {
  readonly clock: VirtualClock;
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
   * `no-leader` where no majority confirms it, with nothing acknowledged.
   */
  append(group: ReplicationGroup, context: string, request: AppendRequest): AppendedTokens {
    const { clock, propose } = this.#options;
    const source = this.#sourceOf(context);
    const firstToken = group.nextToken(context, request.type);
    let lastIndex = 0;
    for (let ordinal = 0; ordinal < request.transactions; ordinal++) {
      const node = group.leader?.nodeName ?? '';
      const transaction =
        request.type === 'EVENT'
          ? source.transaction(node, clock.nowMs, request.eventsPerTransaction, request.payloadBytes)
          : source.snapshots(node, clock.nowMs, request.eventsPerTransaction, request.payloadBytes);
      lastIndex = propose(group, context, transaction);
    }
    const lastToken = group.nextToken(context, request.type) - 1n;
    this.#runUntilApplied(group, lastIndex);
    return { firstToken, lastToken };
  }

  #runUntilApplied(group: ReplicationGroup, index: number): void {
    const { clock } = this.#options;
    const latestMs = clock.nowMs + LONGEST_COMMIT_MS;
    // Nobody waits for a node without a say, for one that is made to lag, or for one that cannot go on.
    const isEverywhere = (): boolean =>
      [...group.members].every(({ identity, appliedIndex, extraLagMs, applyError }) => {
        const isWaitedFor = roleTraits[identity.role].confirms !== 'never' && extraLagMs === 0 && applyError === null;
        return appliedIndex >= index || !isWaitedFor;
      });
    while (clock.nowMs < latestMs && !(group.acknowledgedIndex >= index && isEverywhere())) {
      clock.runUntil(clock.nowMs + 1);
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
