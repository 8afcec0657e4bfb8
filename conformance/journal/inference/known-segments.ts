import type { Evidence } from '../evidence.ts';
import { keyOfStore, type EventStoreName } from '../event-store-name.ts';
import { segmentListingsOf, type SegmentListing } from '../run-requests.ts';
import { segmentOfDataFile } from '../segment-file-name.ts';

const known = new WeakMap<Evidence, KnownSegments>();

/** Those of a scenario, put together when they are first asked for: half of the rules ask. */
export function knownSegmentsOf(evidence: Evidence): KnownSegments {
  const segments = known.get(evidence) ?? new KnownSegments(evidence);
  known.set(evidence, segments);
  return segments;
}

/**
 * The segments that each node is known to have had, from what the cluster told of itself and from what it listed. The
 * boundaries of one node say nothing of another's. A segment ends where the next one of its node begins.
 */
export class KnownSegments {
  readonly #segments = new Map<string, bigint[]>();
  readonly #sealedAt = new Map<string, number>();
  readonly #openAt = new Map<string, number>();

  constructor({ events, runs }: Evidence) {
    const found = new Map<string, Set<bigint>>();
    const add = (node: string, store: EventStoreName, segment: bigint): void => {
      const key = keyOf(node, store);
      const segments = found.get(key);
      if (segments === undefined) found.set(key, new Set([segment]));
      else segments.add(segment);
    };
    for (const event of events) {
      if (event.kind !== 'segment-created' && event.kind !== 'segment-full' && event.kind !== 'segment-closed')
        continue;
      const segment = BigInt(event.segment);
      add(event.node, event, segment);
      const key = `${keyOf(event.node, event)} ${segment}`;
      if (event.kind !== 'segment-created' && !this.#sealedAt.has(key)) this.#sealedAt.set(key, event.seq);
    }
    for (const { node, seq, answer } of runs.flatMap(segmentListingsOf)) {
      if (answer.openSegment === null) continue;
      add(node, answer, answer.openSegment);
      this.#openAt.set(`${keyOf(node, answer)} ${answer.openSegment}`, seq);
      if (answer.lastClosedSegment >= 0n) add(node, answer, answer.lastClosedSegment);
      for (const { name } of answer.files) {
        const segment = segmentOfDataFile(name, answer.type);
        if (segment !== null) add(node, answer, segment);
      }
    }
    for (const [key, segments] of found) {
      this.#segments.set(
        key,
        [...segments].toSorted((a, b) => (a < b ? -1 : 1)),
      );
    }
  }

  has(node: string, store: EventStoreName, segment: bigint): boolean {
    const segments = this.#of(node, store);
    return segments[placeOf(segments, segment)] === segment;
  }

  /** Segments of the node up to `last`, ascending: those that are closed where `last` is the highest closed one. */
  upTo(node: string, store: EventStoreName, last: bigint): readonly bigint[] {
    const segments = this.#of(node, store);
    return segments.slice(0, placeOf(segments, last + 1n));
  }

  /** The token behind the segment's last, or null where no next segment is known. */
  endOf(node: string, store: EventStoreName, segment: bigint): bigint | null {
    const segments = this.#of(node, store);
    return segments[placeOf(segments, segment + 1n)] ?? null;
  }

  /** The segments that were closed when a listing was answered. */
  closedAt({ node, answer }: SegmentListing): readonly bigint[] {
    return this.upTo(node, answer, answer.lastClosedSegment);
  }

  wasClosedAt({ node, answer }: SegmentListing, segment: bigint): boolean {
    return segment <= answer.lastClosedSegment && this.has(node, answer, segment);
  }

  /** A moment up to which the segment was still written for certain: its place among all that happened, or null where none is known. */
  writtenUntil(node: string, store: EventStoreName, segment: bigint): number | null {
    const key = `${keyOf(node, store)} ${segment}`;
    return this.#sealedAt.get(key) ?? this.#openAt.get(key) ?? null;
  }

  #of(node: string, store: EventStoreName): readonly bigint[] {
    return this.#segments.get(keyOf(node, store)) ?? [];
  }
}

function keyOf(node: string, store: EventStoreName): string {
  return `${node} ${keyOfStore(store)}`;
}

/** Place of the first element that is not below `value`. */
function placeOf(ascending: readonly bigint[], value: bigint): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? value) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
