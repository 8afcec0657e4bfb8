import type { Behaviour } from '../behaviours.ts';
import { eventStoreSuffixes, formatSegmentName, LOG_INDEX_SUFFIX, LOG_SUFFIX } from '../formats/segment-name.ts';
import type { EventStore } from '../stores/event-store.ts';
import type { LogStore } from '../stores/log-store.ts';

/** Names of the files of closed segments above `cursor`, as `behaviour` lists them. */
export function listClosedSegments(store: EventStore, cursor: bigint, behaviour: Behaviour): string[] {
  const { listingOrder, listsAbsentIndexes } = behaviour;
  const { data, index, bloom } = eventStoreSuffixes[store.type];
  const segments = store.closedAfter(cursor);
  const hasIndex = (segment: bigint): boolean => listsAbsentIndexes || store.isIndexed(segment);
  const names: string[] = [];
  switch (listingOrder) {
    case 'ascending': {
      const suffixes = [data, index, bloom].toSorted();
      for (const segment of segments) {
        const base = formatSegmentName(segment, '');
        const isIndexed = hasIndex(segment);
        for (const suffix of suffixes) if (isIndexed || suffix === data) names.push(base + suffix);
      }
      return names;
    }
    case 'descending, interleaved': {
      for (const segment of segments.toReversed()) {
        const base = formatSegmentName(segment, '');
        names.push(base + data);
        if (hasIndex(segment)) names.push(base + index, base + bloom);
      }
      return names;
    }
    case 'descending, data before indexes': {
      const reversed = segments.toReversed();
      const descending = reversed.map((segment) => formatSegmentName(segment, ''));
      for (const base of descending) names.push(base + data);
      reversed.forEach((segment, place) => {
        if (hasIndex(segment)) names.push(`${descending[place]}${index}`, `${descending[place]}${bloom}`);
      });
      return names;
    }
  }
}

/** Data files of the segments that are not closed yet, ascending; they are listed whatever the cursor is. */
export function listActiveSegments(store: EventStore): string[] {
  const { data } = eventStoreSuffixes[store.type];
  return store.activeSegments().map((segment) => formatSegmentName(segment, data));
}

/** Names of the files of a replication log, as `behaviour` lists them. */
export function listLogSegments(log: LogStore, { logListing }: Behaviour): string[] {
  const closed = log.closedSegments.map(({ firstIndex }) => BigInt(firstIndex));
  const current = BigInt(log.openSegment);
  switch (logListing) {
    case 'ascending, current last':
      return [...closed, current].map((segment) => formatSegmentName(segment, LOG_SUFFIX));
    case 'current first, descending':
      return [current, ...closed.toReversed()].map((segment) => formatSegmentName(segment, LOG_SUFFIX));
    case 'closed descending, each with its index':
      return closed
        .toReversed()
        .flatMap((segment) => [formatSegmentName(segment, LOG_SUFFIX), formatSegmentName(segment, LOG_INDEX_SUFFIX)]);
  }
}

/** A list of paths that is JSON already: see `formatPaths`. */
export interface JsonPaths {
  /** Between the brackets. */
  readonly items: string;
}

/**
 * `names` in `folder` as items of a JSON array; the names hold nothing that JSON would escape. Built as text: a full
 * listing of a large store has hundreds of thousands of names, all of them in one folder.
 */
export function formatPaths(folder: string, names: readonly string[]): JsonPaths {
  if (names.length === 0) return { items: '' };
  const prefix = JSON.stringify(`${folder}/`).slice(0, -1);
  return { items: `${prefix}${names.join(`",${prefix}`)}"` };
}

export function joinPaths(...lists: readonly JsonPaths[]): string {
  return `[${lists.flatMap(({ items }) => (items === '' ? [] : [items])).join(',')}]`;
}
