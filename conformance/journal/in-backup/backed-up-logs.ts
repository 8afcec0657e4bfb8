import { copiedZipsOf, type CopiedZip } from './control-db-in-backup.ts';
import type { Evidence, ListedFile, RunRecord } from '../evidence.ts';
import type { BackupFile } from '../inventory.ts';
import { logCopyIn, logCopyOf, logFilesOf, logSegmentsAmong, type LogCopy } from './log-in-backup.ts';
import { logListingsOf, type LogListing } from '../run-requests.ts';

/** The log of a group as a run has backed it up from one node. */
export interface BackedUpLog {
  /** The last of the group on that node: whoever lists again means the newer one. */
  readonly listing: LogListing;
  /** What of it lies in the backup; null where nothing does. */
  readonly copy: LogCopy | null;
  /** Whether the backup has the log of the same group from other nodes, too, each for itself. */
  readonly isOneOfSeveral: boolean;
}

/**
 * The logs that a run has backed up. A run that asks several nodes for one log most often goes from one to the other, and
 * the last list counts. But where the backup has received as many logs of the group as nodes were asked, or zips of several
 * nodes, each in a folder or archive of its own, all of them count: the manual asks for the log of each node beside its
 * control database.
 *
 * Logs of several nodes can be equal to the byte. Which is which is told by a folder that is named after the node, else by
 * the order in which they were asked for.
 */
export function backedUpLogsOf(evidence: Evidence, run: RunRecord): BackedUpLog[] {
  const byGroup = new Map<string, LogListing[]>();
  for (const listing of logListingsOf(run)) {
    const { group } = listing.answer;
    const others = (byGroup.get(group) ?? []).filter(({ node }) => node !== listing.node);
    byGroup.set(group, [...others, listing]);
  }
  return [...byGroup.values()].flatMap((listings) => backedUpOf(evidence, run, listings));
}

function backedUpOf({ groups }: Evidence, run: RunRecord, listings: readonly LogListing[]): BackedUpLog[] {
  const last = listings.at(-1);
  if (last === undefined) return [];
  const { group, files } = last.answer;
  const places = listings.length === 1 ? [] : placesOf(filesOf(run, group, groups, listings), run);
  const alone = nodesWithZipsApart(run);
  const several = places.length < listings.length ? listings.filter(({ node }) => alone.has(node)) : listings;
  if (several.length > 1) {
    const placed = assign(places, several);
    return several.map((listing) => {
      const place = placed.get(listing);
      const copy = place === undefined ? null : logCopyIn(place, run.after, group, groups, listing.answer.files);
      return { listing, copy, isOneOfSeveral: true };
    });
  }
  const copy = logCopyOf(run.after, group, groups, files);
  const kept = listings.findLast((listing) => alone.has(listing.node) && isAsListed(copy, listing)) ?? last;
  return [{ listing: kept, copy, isOneOfSeveral: false }];
}

/**
 * Whether a copy is a listing's, file by file. Where a run has the zip and the log of one node, what it was told by another
 * one, and has thrown away, is no list of that log.
 */
function isAsListed(copy: LogCopy | null, { answer }: LogListing): boolean {
  if (copy === null) return false;
  const listed = logSegmentsAmong(answer.files).filter(({ checksum }) => checksum !== null);
  const isCopied = ({ name, isOpen, checksum }: ListedFile): boolean => {
    const copied = copy.files.get(name);
    return copied !== undefined && (isOpen || copied.checksum === checksum);
  };
  return listed.length === copy.files.size && listed.every(isCopied);
}

function filesOf(
  run: RunRecord,
  group: string,
  groups: readonly string[],
  listings: readonly LogListing[],
): readonly BackupFile[] {
  const listed = listings.flatMap(({ answer }) => logSegmentsAmong(answer.files));
  return logFilesOf(run.after, group, groups, listed);
}

/** Nodes of which the backup has zips of this run, each in another folder or archive than those of the others. */
function nodesWithZipsApart(run: RunRecord): ReadonlySet<string> {
  const zips = copiedZipsOf(run);
  const isApart = (zip: CopiedZip): boolean =>
    zips.every(({ made, file }) => made.node === zip.made.node || file.container !== zip.file.container);
  return new Set(zips.filter(isApart).map(({ made }) => made.node));
}

/** Folders and archives that received copies in this run, in the order of their newest. */
function placesOf(files: readonly BackupFile[], { run }: RunRecord): string[] {
  const newest = new Map<string, number>();
  for (const { container, writtenInRun, recency } of files) {
    if (writtenInRun === run) newest.set(container, Math.max(newest.get(container) ?? 0, recency));
  }
  return [...newest].toSorted(([, a], [, b]) => a - b).map(([container]) => container);
}

function assign(places: readonly string[], listings: readonly LogListing[]): ReadonlyMap<LogListing, string> {
  const placed = new Map<LogListing, string>();
  for (const listing of listings) {
    const own = places.findLast((place) => place.split(/[/!]/).includes(listing.node));
    if (own !== undefined) placed.set(listing, own);
  }
  // Where folders are named after nodes, one that is not there is missing.
  if (placed.size > 0 && places.length < listings.length) return placed;
  const taken = new Set(placed.values());
  const restPlaces = places.filter((place) => !taken.has(place)).toReversed();
  const restListings = listings.filter((listing) => !placed.has(listing)).toReversed();
  for (const [index, listing] of restListings.entries()) {
    const place = restPlaces[index];
    if (place !== undefined) placed.set(listing, place);
  }
  return placed;
}
