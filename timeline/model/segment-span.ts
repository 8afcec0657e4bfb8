import type { TimelineEvent } from '../timeline-journal.ts';

/**
 * The life of one segment: written, closed, deleted. A store goes on in the next segment as soon as one is full, and
 * closes the full one up to a second later; a log does both at once.
 */
export interface SegmentSpan {
  /** First token or index; null for one that was there before the journal began and is never named. */
  readonly first: number | null;
  /** Null where that was before the journal began. */
  readonly openedMs: number | null;
  /** Null while it is written. */
  readonly fullMs: number | null;
  readonly closedMs: number | null;
  /** When it was deleted; only logs are cleaned. */
  readonly cleanedMs: number | null;
}

/** A segment that is transformed, or whatever else is told of it, is as old as before. */
const storeKinds: ReadonlySet<string> = new Set(['segment-created', 'segment-full', 'segment-closed']);

/** The event or snapshot segments of one context on one node, in order; the last one is open. Never empty. */
export function segmentsOfStore(
  events: readonly TimelineEvent[],
  node: string,
  context: string,
  type: string,
): SegmentSpan[] {
  const drafts = new Drafts();
  for (const event of events) {
    if (event.context !== context || event.type !== type || event.node !== node || event.segment === undefined)
      continue;
    if (!storeKinds.has(event.kind)) continue;
    const draft = drafts.of(event.segment);
    if (event.kind === 'segment-created') draft.openedMs = event.atMs;
    if (event.kind === 'segment-full') draft.fullMs = event.atMs;
    if (event.kind === 'segment-closed') {
      draft.closedMs = event.atMs;
      draft.fullMs ??= event.atMs;
    }
  }
  return drafts.finish(null);
}

/** The log segments of one group on one node, in order; the last one is open. Never empty. */
export function segmentsOfLog(
  events: readonly TimelineEvent[],
  node: string,
  group: string,
  firstKnownIndex: number | null,
): SegmentSpan[] {
  const drafts = new Drafts();
  for (const event of events) {
    if (event.group !== group || event.node !== node) continue;
    if (event.kind === 'log-segment-created' && event.firstIndex !== undefined) {
      drafts.of(event.firstIndex).openedMs = event.atMs;
    }
    // A node that was left too far behind gets a new log; the old one is thrown away.
    if (event.kind === 'snapshot-installed') drafts.cleanBefore(event.atMs);
    for (const removed of event.removed ?? []) drafts.of(removed).cleanedMs = event.atMs;
  }
  const segments = drafts.finish(firstKnownIndex);
  return segments.map((segment) => ({ ...segment, closedMs: segment.fullMs }));
}

interface Draft {
  openedMs: number | null;
  fullMs: number | null;
  closedMs: number | null;
  cleanedMs: number | null;
}

/** Segments as far as events have told of them. */
class Drafts {
  readonly #bySegment = new Map<number, Draft>();
  /** When all that was there was deleted for the first time, also what nobody has named. */
  #cleanedMs: number | null = null;

  of(segment: number): Draft {
    const known = this.#bySegment.get(segment);
    if (known !== undefined) return known;
    const draft: Draft = { openedMs: null, fullMs: null, closedMs: null, cleanedMs: null };
    this.#bySegment.set(segment, draft);
    return draft;
  }

  cleanBefore(atMs: number): void {
    this.#cleanedMs ??= atMs;
    for (const draft of this.#bySegment.values()) if ((draft.openedMs ?? -Infinity) < atMs) draft.cleanedMs ??= atMs;
  }

  /** In order, with the one before the first that was announced, and each full at the latest when the next opens. */
  finish(firstKnown: number | null): SegmentSpan[] {
    const known = [...this.#bySegment].toSorted(([a], [b]) => a - b);
    const [earliest] = known;
    const drafts: Array<readonly [number | null, Draft]> = [...known];
    if (earliest === undefined || (earliest[1].openedMs !== null && earliest[0] > 0)) {
      const isEarlier = firstKnown !== null && (earliest === undefined || firstKnown < earliest[0]);
      const closedMs = earliest?.[1].openedMs ?? null;
      drafts.unshift([
        isEarlier ? firstKnown : null,
        { openedMs: null, fullMs: null, closedMs, cleanedMs: this.#cleanedMs },
      ]);
    }
    return drafts.map(([first, draft], place) => {
      const next = drafts[place + 1]?.[1];
      return { first, ...draft, fullMs: draft.fullMs ?? next?.openedMs ?? null };
    });
  }
}
