import { BackupCopies } from '../../journal/backup-copies.ts';
import type { Evidence } from '../../journal/evidence.ts';
import { describeStore, isSameStore, keyOfStore } from '../../journal/event-store-name.ts';
import type { BackupFile } from '../../journal/inventory.ts';
import { filesOfRound, listingRoundsOf, type ListingRound, type Naming } from '../../journal/listing-rounds.ts';
import { formatTime, nameRequest } from '../../journal/naming.ts';
import { claimedRunsOf } from '../../journal/run-ending.ts';
import { segmentOfDataFile } from '../../journal/segment-file-name.ts';
import { judge, type Finding, type Judgement, type Rule } from '../rule.ts';

/**
 * An open segment has its full size from birth, and gains events until it closes. A copy of it is out of date with the
 * next event, and neither its name nor its size says so.
 */
export const overwritten: Rule = {
  id: 'open-segment/overwritten',
  level: 'must',
  requirement: 'Replace an older copy of the open segment whenever it is listed again, open or closed.',
  source:
    'Reference guide, Backups, event store: copy every returned file with overwrite, also those that are in the target already; dossier "backup endpoints", section 9, item 6',
  why: 'A restored node reads the old copy to its last event and takes that for the end of the store, or finds a gap before the next segment and does not start.',
  remedy:
    'Copy whatever is listed, always. Where a copy is to be saved, compare the bytes: the size of an open segment never changes.',
  timelines: {
    good: `02:00:05  run 1 lists segment 52 as open and copies it with 12 events
03:10:00  segment 52 closes with 26 events
04:00:05  run 2 is told of 52 as closed and copies it over the old copy`,
    bad: `02:00:05  run 1 lists segment 52 as open and copies it with 12 events
03:10:00  segment 52 closes with 26 events
04:00:05  run 2 is told of 52, sees a file of that name and size, and leaves it
04:00:06  the backup ends segment 52 after 12 events; the next one begins 14 later`,
  },
  waivedBy: ['no-open-segment'],
  check,
};

function check(evidence: Evidence): Judgement {
  const opens = openNamings(evidence);
  const findings: Finding[] = [];
  let looked = 0;
  for (const run of claimedRunsOf(evidence)) {
    const before = new BackupCopies(run.before, evidence.contexts);
    const after = new BackupCopies(run.after, evidence.contexts);
    for (const { round, name, namings } of listedSegmentsOf(listingRoundsOf(run))) {
      const [first] = namings;
      const copy = after.newest(round, name);
      const opened = opens.findLast(
        ({ listing, file }) => listing.run < run.run && file.name === name && isSameStore(listing.answer, round),
      );
      if (copy === null || opened === undefined || first.file.checksum === null) continue;
      if (opened.file.checksum === first.file.checksum) continue;
      // What has closed only since the run first asked may wait for the next run.
      const segment = segmentOfDataFile(name, round.type) ?? 0n;
      if (!first.file.isOpen && first.listing !== round.listings[0] && segment > round.lastClosedSegment) continue;
      looked++;
      const isAsListed = namings.some(({ file }) => file.checksum === copy.checksum);
      // A segment can grow between listing and copying; it cannot become again what it was.
      const isOld = copy.checksum === before.newest(round, name)?.checksum;
      if (!isAsListed && isOld) findings.push(describeStaleCopy(round, copy, opened, first));
    }
  }
  return judge(looked, 'segments that were listed again after they were listed as open', findings);
}

interface ListedSegment {
  readonly round: ListingRound;
  readonly name: string;
  /** Of all nodes that the run asked, in order. */
  readonly namings: readonly [Naming, ...Naming[]];
}

function listedSegmentsOf(rounds: readonly ListingRound[]): ListedSegment[] {
  const listed = new Map<string, { round: ListingRound; name: string; namings: [Naming, ...Naming[]] }>();
  for (const round of rounds) {
    for (const [name, namings] of filesOfRound(round)) {
      if (segmentOfDataFile(name, round.type) === null) continue;
      const key = `${keyOfStore(round)} ${name}`;
      const others = listed.get(key);
      if (others === undefined) listed.set(key, { round, name, namings: [...namings] });
      else others.namings.push(...namings);
    }
  }
  return [...listed.values()];
}

/** All that runs which claim a good backup were told of open segments. */
function openNamings(evidence: Evidence): Naming[] {
  return claimedRunsOf(evidence)
    .flatMap(listingRoundsOf)
    .flatMap(({ listings }) =>
      listings.flatMap((listing) =>
        listing.answer.files
          .filter(({ isOpen, checksum }) => isOpen && checksum !== null)
          .map((file) => ({ listing, file })),
      ),
    );
}

function describeStaleCopy(round: ListingRound, copy: BackupFile, opened: Naming, now: Naming): Finding {
  const state = now.file.isOpen ? 'still open, with other bytes' : 'closed, with its last bytes';
  return {
    run: round.run.run,
    atMs: now.listing.atMs,
    subject: copy.path,
    expected: `the ${describeStore(round)} as ${nameRequest(now.listing)} has ${now.file.name}: ${state}`,
    actual: `a copy that was last written in run ${copy.writtenInRun}; run ${opened.listing.run} was told of the segment as open at ${formatTime(opened.listing.atMs)}`,
  };
}
