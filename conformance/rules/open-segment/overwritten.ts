import { BackupCopies, segmentsInBackup } from '../../journal/in-backup/backup-copies.ts';
import type { Evidence, RunRecord } from '../../journal/evidence.ts';
import { describeStore, keyOfStore } from '../../journal/event-store-name.ts';
import type { BackupFile } from '../../journal/inventory.ts';
import {
  filesOfRound,
  listingRoundsOf,
  type ListingRound,
  type Naming,
} from '../../journal/inference/listing-rounds.ts';
import { formatTime, nameRequest } from '../../journal/naming.ts';
import { claimedRunsOf } from '../../journal/inference/run-ending.ts';
import { dataFileName, segmentOfDataFile } from '../../journal/segment-file-name.ts';
import { hasChangedUnseen } from '../../journal/inference/unseen-changes.ts';
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
    'Reference guide, Backups, event store: copy every returned file with overwrite, also those that are in the target already; docs/backup-endpoints.md, section 9, item 6',
  why: 'A restored node reads the old copy to its last event and takes that for the end of the store, or finds a gap before the next segment and does not start.',
  remedy:
    'Copy whatever is listed, always. Where a copy is to be saved, compare the bytes: the size of an open segment never changes, and its time not with every write.',
  timelines: {
    good: `02:00:05  run 1 lists segment 52 as open and copies it with 12 events
03:10:00  segment 52 closes with 26 events
04:00:05  run 2 is told of 52 as closed and copies it over the old copy`,
    bad: `02:00:05  run 1 lists segment 52 as open and copies it with 12 events
03:10:00  segment 52 closes with 26 events
04:00:05  run 2 is told of 52, sees a file of that name and size, and leaves it
04:00:06  the backup ends segment 52 after 12 events; the next one begins 14 later`,
  },
  consequenceOf: ['cursor/*', 'coverage/*', 'listing/any-order', 'fault/error-is-failure'],
  waivedBy: ['no-open-segment'],
  isAbout: 'openSegments',
  check,
};

function check(evidence: Evidence): Judgement {
  const sightings = sightingsOf(evidence);
  const findings: Finding[] = [];
  let looked = 0;
  for (const run of claimedRunsOf(evidence)) {
    const before = new BackupCopies(run.before, evidence.contexts);
    const after = new BackupCopies(run.after, evidence.contexts);
    for (const { round, name, namings } of segmentsOf(listingRoundsOf(run))) {
      const copy = after.newest(round, name);
      const old = before.newest(round, name);
      if (copy === null || waitsForNextRun(round, name, namings)) continue;
      const [first] = namings;
      // Where no list has the open segment, only its copies tell that it has changed.
      const now = first === undefined ? copy.checksum : first.file.checksum;
      const earlier = (sightings.get(`${keyOfStore(round)} ${name}`) ?? []).findLast(
        (sighting) => sighting.run.run < run.run && sighting.checksum !== now,
      );
      if (earlier === undefined || now === null) continue;
      looked++;
      // A segment can grow between listing and copying; it cannot become again what it was.
      const isAsListed = first === undefined || namings.some(({ file }) => file.checksum === copy.checksum);
      if (first !== undefined && !isAsListed && copy.checksum === old?.checksum) {
        findings.push(describeStaleCopy(evidence, round, copy, earlier, first));
      }
    }
  }
  return judge(looked, 'segments that have changed since a run had them when they were not closed yet', findings);
}

interface Segment {
  readonly round: ListingRound;
  readonly name: string;
  /** Of all nodes that the run asked, in order; none where no list has the open segment. */
  readonly namings: readonly Naming[];
}

/** The segments that a run was told of, and those that were open then. */
function segmentsOf(rounds: readonly ListingRound[]): Segment[] {
  const segments = new Map<string, { round: ListingRound; name: string; namings: Naming[] }>();
  for (const round of rounds) {
    const add = (name: string, namings: readonly Naming[]): void => {
      const key = `${keyOfStore(round)} ${name}`;
      const known = segments.get(key);
      if (known === undefined) segments.set(key, { round, name, namings: [...namings] });
      else known.namings.push(...namings);
    };
    for (const [name, namings] of filesOfRound(round)) {
      if (segmentOfDataFile(name, round.type) !== null) add(name, namings);
    }
    const [{ answer }] = round.listings;
    if (answer.openSegment !== null) add(dataFileName(answer.openSegment, round.type), []);
  }
  return [...segments.values()];
}

/** Whether the segment has closed only since the run first asked: it is for the next run to copy. */
function waitsForNextRun(round: ListingRound, name: string, [first]: readonly Naming[]): boolean {
  if (first === undefined || first.file.isOpen || first.listing === round.listings[0]) return false;
  return (segmentOfDataFile(name, round.type) ?? 0n) > round.lastClosedSegment;
}

/** A segment that was not closed yet, as a run which claims a good backup was told of it or has copied it. */
interface Sighting {
  readonly run: RunRecord;
  readonly atMs: number;
  readonly checksum: string;
}

function sightingsOf(evidence: Evidence): ReadonlyMap<string, readonly Sighting[]> {
  const sightings = new Map<string, Sighting[]>();
  for (const run of claimedRunsOf(evidence)) {
    for (const round of listingRoundsOf(run)) {
      const add = (name: string, atMs: number, checksum: string): void => {
        const key = `${keyOfStore(round)} ${name}`;
        sightings.set(key, [...(sightings.get(key) ?? []), { run, atMs, checksum }]);
      };
      for (const { atMs, answer } of round.listings) {
        for (const { name, isOpen, checksum } of answer.files)
          if (isOpen && checksum !== null) add(name, atMs, checksum);
      }
      const { answer, atMs } = round.listings.at(-1) ?? round.listings[0];
      for (const [segment, copy] of segmentsInBackup(run.after, round, evidence.contexts)) {
        if (segment > answer.lastClosedSegment) add(dataFileName(segment, round.type), atMs, copy.checksum);
      }
    }
  }
  return sightings;
}

function describeStaleCopy(
  evidence: Evidence,
  round: ListingRound,
  copy: BackupFile,
  earlier: Sighting,
  now: Naming,
): Finding {
  const unseen = hasChangedUnseen(evidence, round.run, now.file) ? ', and its size and time are as they were' : '';
  const state = now.file.isOpen ? 'still open, with other bytes' : 'closed, with its last bytes';
  return {
    run: round.run.run,
    atMs: now.listing.atMs,
    subject: copy.path,
    expected: `the ${describeStore(round)} as ${nameRequest(now.listing)} has ${now.file.name}: ${state}`,
    actual: `the bytes that run ${round.run.run} found in the backup when it began; the segment was still written when run ${earlier.run.run} asked at ${formatTime(earlier.atMs)}${unseen}`,
  };
}
