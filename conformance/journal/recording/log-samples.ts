import type { ClusterState } from '../../../server/index.ts';
import type { LogSample } from '../evidence.ts';

/** Requests of one run at which samples are taken: a client that asks for ever must not fill the memory. */
const MOST_REQUESTS_BY_RUN = 500;

/** Keeps where the logs stood while clients ran, for pictures of it. */
export class LogSamples {
  readonly #taken: LogSample[] = [];
  #requests = 0;

  get taken(): readonly LogSample[] {
    return this.#taken;
  }

  /** At the beginning or the end of a run. */
  takeAtEdge(atMs: number, state: ClusterState): void {
    this.#requests = 0;
    this.#take(atMs, state);
  }

  takeAtRequest(atMs: number, state: ClusterState): void {
    this.#requests++;
    if (this.#requests <= MOST_REQUESTS_BY_RUN) this.#take(atMs, state);
  }

  #take(atMs: number, { nodes }: ClusterState): void {
    for (const { name: node, state, groups } of nodes) {
      if (state !== 'running') continue;
      for (const [group, member] of Object.entries(groups)) {
        const { firstIndex, lastIndex, commitIndex, appliedIndex, nextCleaning } = member;
        const nextCleaningMs = nextCleaning === null ? null : Date.parse(nextCleaning);
        this.#taken.push({ atMs, node, group, firstIndex, lastIndex, commitIndex, appliedIndex, nextCleaningMs });
      }
    }
  }
}

/**
 * By group, the last entry that the log of a node had at a moment, as soon as that was looked at: what a run has asked for is
 * looked at before it is answered. A node that was not looked at any more has nothing here. Where no manual asks for the log, the last
 * entry that was applied by then: what is in the log alone nobody has to bring back.
 */
export function logReachedIn(
  samples: readonly LogSample[],
  { beforeMs, nodeName }: { readonly beforeMs: number; readonly nodeName: string },
  asksForLog: boolean,
): ReadonlyMap<string, number> {
  const reached = new Map<string, number>();
  for (const { atMs, node, group, lastIndex, appliedIndex } of samples) {
    if (atMs < beforeMs || node !== nodeName || reached.has(group)) continue;
    reached.set(group, asksForLog ? lastIndex : appliedIndex);
  }
  return reached;
}
