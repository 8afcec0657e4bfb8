import { isSameStore, type EventStoreName } from '../event-store-name.ts';
import { isWithinSpan } from '../order-of-happening.ts';
import type { Evidence, RunRecord } from '../evidence.ts';
import { segmentListingsOf } from '../run-requests.ts';

/**
 * Stores of which versions of segments were deleted while a run went on that had been told of them, each with its node: what
 * was listed may be gone (docs/event-segment-format.md, section 7.4).
 */
export function compactedUnder({ events }: Pick<Evidence, 'events'>, run: RunRecord): CompactedStore[] {
  const listings = segmentListingsOf(run);
  return events.flatMap((event) => {
    if (event.kind !== 'segment-versions-compacted' || !isWithinSpan(event, run)) return [];
    const isTold = listings.some(
      ({ seq, node, answer }) => seq < event.seq && node === event.node && isSameStore(answer, event),
    );
    const { node, context, type } = event;
    return isTold ? [{ node, context, type }] : [];
  });
}

interface CompactedStore extends EventStoreName {
  readonly node: string;
}

/** Whether that came over a store as a run has asked for it. */
export function isCompactedUnder(
  evidence: Pick<Evidence, 'events'>,
  { run, node, ...store }: CompactedStore & { readonly run: RunRecord },
): boolean {
  return compactedUnder(evidence, run).some((other) => other.node === node && isSameStore(other, store));
}
