import type { Behaviour } from '../../versions/behaviours.ts';
import { indexSuffixes } from '../../formats/index-format.ts';
import {
  eventStoreSuffixes,
  formatSegmentName,
  globalIndexName,
  LOG_INDEX_SUFFIX,
  LOG_SUFFIX,
} from '../../formats/segment-name.ts';
import type { EventStore } from '../../stores/event-store.ts';
import type { LogStore } from '../../stores/log-store.ts';
import { ListedNames, type NameRun } from './listed-names.ts';

/** What a client has: segments up to a number, and versions of them up to another. */
export interface ListingCursor {
  readonly segment: bigint;
  /** 0 in releases that know no versions. */
  readonly version: number;
}

/** Names of the files of closed segments above `cursor`, as `behaviour` lists them. */
export function listClosedSegments(store: EventStore, cursor: ListingCursor, behaviour: Behaviour): ListedNames {
  const { listingOrder, listsAbsentIndexes, hasSegmentVersions } = behaviour;
  // Some release looks for all segments among those of events, and names what it has not found.
  const named = behaviour.namesSnapshotsAsEvents ? 'EVENT' : store.type;
  const { data, index, bloom } = eventStoreSuffixes[named];
  const segments = hasSegmentVersions
    ? store.closedAbove(cursor.segment, cursor.version)
    : store.closedAfter(cursor.segment);
  if (store.indexFormat === 'JUMP_SKIP_INDEX')
    return ListedNames.of(listJumpSkip(store, segments, cursor, listingOrder));
  const hasIndex = (segment: bigint): boolean => listsAbsentIndexes === 'yes' || store.isIndexed(segment);
  switch (listingOrder) {
    case 'ascending': {
      const hasVersions = store.highestVersion > 0;
      return runsOf(segments, [data, index, bloom].toSorted(), (segment) => {
        if (hasVersions && store.versionOf(segment) > 0) return { names: namesOfVersions(store, segment, cursor) };
        return hasIndex(segment) ? 'all' : { names: [formatSegmentName(segment, data)] };
      });
    }
    case 'descending, interleaved':
      return runsOf(segments.toReversed(), [data, index, bloom], (segment) =>
        hasIndex(segment) ? 'all' : { names: [formatSegmentName(segment, data)] },
      );
    case 'descending, data before indexes': {
      const reversed = segments.toReversed();
      const indexed = reversed.filter(hasIndex);
      return new ListedNames([
        { segments: reversed, suffixes: [data] },
        { segments: indexed, suffixes: [index, bloom] },
      ]);
    }
  }
}

/** Nearly all segments have all the files that one can have; `filesOf` tells which of them have others. */
function runsOf(
  segments: readonly bigint[],
  suffixes: readonly string[],
  filesOf: (segment: bigint) => 'all' | { readonly names: readonly string[] },
): ListedNames {
  const runs: NameRun[] = [];
  let begin = 0;
  let names: string[] = [];
  segments.forEach((segment, place) => {
    const files = filesOf(segment);
    if (files === 'all') return;
    if (place > begin || runs.length === 0) {
      names = [];
      runs.push({ segments: segments.slice(begin, place), suffixes }, { names });
    }
    names.push(...files.names);
    begin = place + 1;
  });
  return new ListedNames([...runs, { segments: segments.slice(begin), suffixes }]);
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
