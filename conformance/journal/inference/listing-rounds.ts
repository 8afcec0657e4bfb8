import { controlDbBackupOn, countingControlDbBackupOf } from '../in-backup/control-db-in-backup.ts';
import type { ListedFile, RunRecord } from '../evidence.ts';
import { keyOfStore, isSameStore, type EventStoreName } from '../event-store-name.ts';
import { endingOf } from './run-ending.ts';
import { asksForControlDb, segmentListingsOf, type SegmentListing } from '../run-requests.ts';
import { lowestVersionsOf, parseSegmentFileName } from '../segment-file-name.ts';

/**
 * All that one run was told by one node about one event store. A client may well ask more than once: to try again, to
 * look before it copies or after it, to fetch what has closed meanwhile. What it leaves out is left out by all of its
 * cursors, and so by the lowest; what it has to copy is what was closed when it first asked, for the rest can wait for
 * the next run. What was listed before the POST and once more behind it is not among it.
 */
export interface ListingRound extends EventStoreName {
  readonly run: RunRecord;
  readonly node: string;
  /** In order; at least one. */
  readonly listings: readonly [SegmentListing, ...SegmentListing[]];
  /** The lowest cursor that was sent, -1 where one request asked for everything. */
  readonly cursor: bigint;
  /** The first request with that cursor. */
  readonly cursorListing: SegmentListing;
  /** The highest segment that was closed when the run first asked, -1 where none was. */
  readonly lastClosedSegment: bigint;
}

/** The rounds of a run, in the order of their first listing. Stores that the node does not have make none. */
export function listingRoundsOf(run: RunRecord): ListingRound[] {
  const byStore = new Map<string, [SegmentListing, ...SegmentListing[]]>();
  for (const listing of countingListingsOf(run)) {
    const key = `${listing.node} ${keyOfStore(listing.answer)}`;
    const listings = byStore.get(key);
    if (listings === undefined) byStore.set(key, [listing]);
    else listings.push(listing);
  }
  return [...byStore.values()].map((listings) => {
    const [first] = listings;
    const cursorListing = listings.reduce((lowest, next) => (cursorOf(next) < cursorOf(lowest) ? next : lowest));
    return {
      context: first.answer.context,
      type: first.answer.type,
      run,
      node: first.node,
      listings,
      cursor: cursorOf(cursorListing),
      cursorListing,
      lastClosedSegment: first.answer.lastClosedSegment,
    };
  });
}

/**
 * Without what a run listed before the POST that its backup stands on, and listed again behind it: that was to see how much
 * there is, perhaps without a cursor, and nothing of it counts. A run that ended badly may not have
 * come to listing again, or not even to the POST.
 */
function countingListingsOf(run: RunRecord): SegmentListing[] {
  const listings = segmentListingsOf(run).filter(({ answer }) => answer.openSegment !== null);
  if (endingOf(run) !== 'claimed-good') {
    const first = run.requests.find(asksForControlDb)?.ordinal ?? -Infinity;
    return listings.filter(({ ordinal }) => ordinal > first);
  }
  const posts = new Map<string, number | null>();
  const postOf = (node: string): number | null => {
    const known = posts.get(node);
    if (known !== undefined) return known;
    const made = controlDbBackupOn(run, node) ?? countingControlDbBackupOf(run);
    posts.set(node, made?.ordinal ?? null);
    return made?.ordinal ?? null;
  };
  return listings.filter(({ node, ordinal, answer }) => {
    const post = postOf(node);
    if (post === null || ordinal > post) return true;
    return !listings.some((other) => other.node === node && other.ordinal > post && isSameStore(other.answer, answer));
  });
}

/** One file as one listing named it. */
export interface Naming {
  readonly listing: SegmentListing;
  readonly file: ListedFile;
}

/** The files of a round by name, each with every listing that has it, in order; without those that are replaced. */
export function filesOfRound(round: ListingRound): ReadonlyMap<string, readonly [Naming, ...Naming[]]> {
  const byName = new Map<string, [Naming, ...Naming[]]>();
  const replaced = replacedInRound(round);
  for (const listing of round.listings) {
    for (const file of listing.answer.files) {
      if (replaced.has(file.name)) continue;
      const namings = byName.get(file.name);
      if (namings === undefined) byName.set(file.name, [{ listing, file }]);
      else namings.push({ listing, file });
    }
  }
  return byName;
}

/**
 * Names of which the round was told no more when it last heard of their segments, but of a newer version alone: a compaction
 * came between, and what nobody had copied by then nobody can have.
 */
export function replacedInRound({ listings }: Pick<ListingRound, 'listings'>): ReadonlySet<string> {
  if (listings.length < 2) return new Set();
  const lowest = lastVersionsOf({ listings });
  const names = listings.slice(0, -1).flatMap(({ answer }) => answer.files.map(({ name }) => name));
  return new Set(
    names.filter((name) => {
      const parsed = parseSegmentFileName(name);
      return parsed !== null && parsed.version < (lowest.get(parsed.segment) ?? 0);
    }),
  );
}

/** Of each segment the lowest version of its data in the last listing of the round that names any. */
export function lastVersionsOf({ listings }: Pick<ListingRound, 'listings'>): ReadonlyMap<bigint, number> {
  return new Map(listings.flatMap(({ answer }) => [...lowestVersionsOf(answer.files)]));
}

/**
 * The rounds by which a run's care for each store is judged: that with the node which the run was to back up, and that
 * with the node which it asked last, where it turned to another. Whoever has all that either of them had has it all.
 */
export function decisiveRoundsOf(run: RunRecord): ReadonlyArray<readonly [ListingRound, ...ListingRound[]]> {
  const byStore = new Map<string, [ListingRound, ...ListingRound[]]>();
  for (const round of listingRoundsOf(run)) {
    const rounds = byStore.get(keyOfStore(round));
    if (rounds === undefined) byStore.set(keyOfStore(round), [round]);
    else rounds.push(round);
  }
  return [...byStore.values()].map((rounds) => {
    const last = rounds.reduce((latest, next) => (endOf(next) > endOf(latest) ? next : latest));
    const own = rounds.find(({ node }) => node === run.node);
    return own === undefined || own === last ? [last] : [own, last];
  });
}

function cursorOf({ answer }: SegmentListing): bigint {
  return answer.cursor === null || answer.cursor < 0n ? -1n : answer.cursor;
}

function endOf({ listings }: ListingRound): number {
  return listings.at(-1)?.ordinal ?? 0;
}
