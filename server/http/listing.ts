import type { Behaviour } from '../behaviours.ts';
import { eventStoreSuffixes, formatSegmentName, LOG_SUFFIX } from '../formats/segment-name.ts';
import type { EventStore } from '../stores/event-store.ts';
import type { LogStore } from '../stores/log-store.ts';

/**
 * Names that a backup endpoint lists, as the JSON array of absolute paths that it answers with. Built as text: a full
 * listing of a large store has hundreds of thousands of names, all of them in one folder.
 */
export function listClosedSegments(store: EventStore, cursor: bigint, order: Behaviour['listingOrder']): string[] {
  const { data, index, bloom } = eventStoreSuffixes[store.type];
  const segments = store.closedAfter(cursor);
  const names: string[] = [];
  switch (order) {
    case 'ascending-by-name': {
      const suffixes = [data, index, bloom].toSorted();
      for (const segment of segments) {
        const base = formatSegmentName(segment, '');
        const isIndexed = store.isIndexed(segment);
        for (const suffix of suffixes) if (isIndexed || suffix === data) names.push(base + suffix);
      }
      return names;
    }
    case 'data-descending-then-indexes': {
      const reversed = segments.toReversed();
      const descending = reversed.map((segment) => formatSegmentName(segment, ''));
      for (const base of descending) names.push(base + data);
      reversed.forEach((segment, place) => {
        if (store.isIndexed(segment)) names.push(`${descending[place]}${index}`, `${descending[place]}${bloom}`);
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

export function listLogSegments(log: LogStore, includesCurrent: boolean): string[] {
  const numbers = log.closedSegments.map(({ firstIndex }) => firstIndex);
  if (includesCurrent) numbers.push(log.openSegment);
  return numbers.map((number) => formatSegmentName(BigInt(number), LOG_SUFFIX));
}

/** `names` in `folder` as a JSON array; the names hold nothing that JSON would escape. */
export function formatPaths(folder: string, names: readonly string[]): string {
  if (names.length === 0) return '[]';
  const prefix = JSON.stringify(`${folder}/`).slice(0, -1);
  return `[${prefix}${names.join(`",${prefix}`)}"]`;
}
