import type { Behaviour } from '../behaviours.ts';
import { indexSuffixes } from '../formats/index-format.ts';
import {
  eventStoreSuffixes,
  formatSegmentName,
  globalIndexName,
  LOG_INDEX_SUFFIX,
  LOG_SUFFIX,
} from '../formats/segment-name.ts';
import type { EventStore } from '../stores/event-store.ts';
import type { LogStore } from '../stores/log-store.ts';

/** What a client has: segments up to a number, and versions of them up to another. */
export interface ListingCursor {
  readonly segment: bigint;
  /** 0 in releases that know no versions. */
  readonly version: number;
}

/** Names of the files of closed segments above `cursor`, as `behaviour` lists them. */
export function listClosedSegments(store: EventStore, cursor: ListingCursor, behaviour: Behaviour): string[] {
  const { listingOrder, listsAbsentIndexes, hasSegmentVersions } = behaviour;
  // Some release looks for all segments among those of events, and names what it has not found.
  const named = behaviour.namesSnapshotsAsEvents ? 'EVENT' : store.type;
  const { data, index, bloom } = eventStoreSuffixes[named];
  const segments = hasSegmentVersions
    ? store.closedAbove(cursor.segment, cursor.version)
    : store.closedAfter(cursor.segment);
  if (store.indexFormat === 'JUMP_SKIP_INDEX') return listJumpSkip(store, segments, cursor, listingOrder);
  const hasIndex = (segment: bigint): boolean => listsAbsentIndexes === 'yes' || store.isIndexed(segment);
  const names: string[] = [];
  switch (listingOrder) {
    case 'ascending': {
      const suffixes = [data, index, bloom].toSorted();
      const hasVersions = store.highestVersion > 0;
      for (const segment of segments) {
        if (hasVersions && store.versionOf(segment) > 0) {
          names.push(...namesOfVersions(store, segment, cursor));
          continue;
        }
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

/**
 * Data by the release's order, then the global index whatever the cursor is, then the indexes of the segments, ascending
 * (docs/backup-endpoints.md, section 1.4; of releases from 2024 on nobody knows).
 */
function listJumpSkip(
  store: EventStore,
  segments: readonly bigint[],
  cursor: ListingCursor,
  order: Behaviour['listingOrder'],
): string[] {
  const { data } = eventStoreSuffixes[store.type];
  const [index = ''] = indexSuffixes(store.type, store.indexFormat);
  const named = segments.flatMap((segment) =>
    store
      .versionsOf(segment)
      .filter((version) => segment > cursor.segment || version > cursor.version)
      .map((version) => ({ segment, version })),
  );
  const datas = named.map(({ segment, version }) => formatSegmentName(segment, data, version));
  return [
    ...(order === 'ascending' ? datas : datas.toReversed()),
    globalIndexName(store.type),
    ...named
      .filter(({ segment }) => store.isIndexed(segment))
      .map(({ segment, version }) => formatSegmentName(segment, index, version)),
  ];
}

/**
 * A segment that was transformed, in the order of its names: `.` comes before `_`. The server forgets the version when it
 * names the indexes of a segment, so the unversioned ones are listed whether they are there or not
 * (docs/event-segment-format.md, section 7.4).
 */
function namesOfVersions(store: EventStore, segment: bigint, cursor: ListingCursor): string[] {
  const { data, index, bloom } = eventStoreSuffixes[store.type];
  const listed = store
    .versionsOf(segment)
    .filter((version) => segment > cursor.segment || version > cursor.version)
    .map((version) => ({ version, suffixes: store.isIndexed(segment) ? [data, index, bloom] : [data] }));
  const unversioned = { version: 0, suffixes: store.isIndexed(segment) ? [index, bloom] : [] };
  const names = [unversioned, ...listed].flatMap(({ version, suffixes }) =>
    suffixes.map((suffix) => formatSegmentName(segment, suffix, version)),
  );
  return [...new Set(names)].toSorted();
}

/** Data files of the segments that are not closed yet, ascending; they are listed whatever the cursor is. */
export function listActiveSegments(store: EventStore): string[] {
  const { data } = eventStoreSuffixes[store.type];
  return store.activeSegments().map((segment) => formatSegmentName(segment, data, store.versionOf(segment)));
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

/** Names of files in one folder, by the path that the release gives it. */
export interface FolderListing {
  readonly folder: string;
  readonly names: readonly string[];
}

/**
 * Absolute paths as a JSON array; the names hold nothing that JSON would escape. Built as text: a full listing of a large
 * store has hundreds of thousands of names, all of them in one or two folders.
 */
export function formatPaths(...listings: readonly FolderListing[]): string {
  const parts = listings
    .filter(({ names }) => names.length > 0)
    .map(({ folder, names }) => {
      const prefix = JSON.stringify(`${folder}/`).slice(0, -1);
      return `${prefix}${names.join(`",${prefix}`)}"`;
    });
  return `[${parts.join(',')}]`;
}
