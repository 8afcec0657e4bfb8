import { BackupCopies } from '../../journal/in-backup/backup-copies.ts';
import type { Evidence } from '../../journal/evidence.ts';
import { describeSegments, describeStore, isSameStore, type EventStoreName } from '../../journal/event-store-name.ts';
import { knownSegmentsOf, type KnownSegments } from '../../journal/inference/known-segments.ts';
import { filesOfRound, listingRoundsOf, type ListingRound } from '../../journal/inference/listing-rounds.ts';
import { nameRequest } from '../../journal/naming.ts';
import { claimedRunsOf, describeEnding, endingOf } from '../../journal/inference/run-ending.ts';
import { segmentOfDataFile } from '../../journal/segment-file-name.ts';
import { TokenCoverage } from '../../journal/inference/token-coverage.ts';
import { judge, type Finding, type Judgement, type Rule } from '../rule.ts';

/**
 * Between a listing and the last copy anything can happen to the client. A cursor that was noted before the copies were
 * whole tells the next run that they are safe, and nobody ever copies them.
 */
export const afterCopy: Rule = {
  id: 'cursor/after-copy',
  level: 'must',
  requirement: 'Move the cursor only when the files that it covers are safe in the backup.',
  source:
    'Reference guide, Backups, event store: the cursor is the last segment that was backed up, not the last that was listed; docs/event-segment-format.md, section 7.1',
  why: 'A run that dies between noting its cursor and copying leaves a hole. The next run asks above the cursor, gets the newer segments, and ends well; the hole shows when the backup is needed.',
  remedy:
    'Copy under temporary names, flush and rename, and write the new cursor last, with a rename, too. When in doubt ask again with the old cursor: files that are copied twice do no harm.',
  timelines: {
    good: `04:00:05  run 2 is told of the closed segments 52 and 78, and is killed when it has copied 52
06:00:05  run 3 asks with 26, the cursor of run 1, and is told of 52, 78 and 104
06:00:07  run 3 has copied all three and notes 104`,
    bad: `04:00:05  run 2 is told of the closed segments 52 and 78 and notes 78
04:00:06  run 2 is killed when it has copied 52
06:00:05  run 3 asks with 78, is told of 104 alone, copies it and exits with 0
06:00:07  segment 78 is in no backup`,
  },
  check,
};

function check(evidence: Evidence): Judgement {
  const known = knownSegmentsOf(evidence);
  const findings: Finding[] = [];
  let looked = 0;
  for (const run of evidence.runs) {
    if (endingOf(run) === 'claimed-good') continue;
    const left = new BackupCopies(run.after, evidence.contexts);
    for (const round of listingRoundsOf(run)) {
      const unsafe = listedClosed(round).filter((listed) => !isWhole(left, round, listed));
      const next = unsafe.length === 0 ? null : nextClaimedRound(evidence, round);
      if (next === null) continue;
      looked += unsafe.length;
      const passed = unsafe.filter(({ segment }) => segment <= next.cursor);
      const lost = passed.length === 0 ? [] : passed.filter(isLostAfter(evidence, known, next));
      if (lost.length > 0) findings.push(describeLoss(round, next, lost));
    }
  }
  return judge(looked, 'closed segments that a run had listed and did not bring to safety', findings);
}

/** Whether the run of the round has neither the listed segment nor all of its tokens in segments of another node. */
function isLostAfter(
  evidence: Evidence,
  known: KnownSegments,
  round: ListingRound,
): (listed: ListedSegment) => boolean {
  const copies = new BackupCopies(round.run.after, evidence.contexts);
  const coverage = new TokenCoverage(evidence, known, round.run, round);
  return (listed) => {
    if (isWhole(copies, round, listed)) return false;
    if (copies.newest(round, listed.name) !== null) return true;
    const end = known.endOf(round.node, round, listed.segment);
    return end === null || !coverage.covers(listed.segment, end);
  };
}

interface ListedSegment {
  readonly segment: bigint;
  readonly name: string;
  readonly checksum: string;
}

function listedClosed(round: ListingRound): ListedSegment[] {
  return [...filesOfRound(round)].flatMap(([name, namings]) => {
    const segment = segmentOfDataFile(name, round.type);
    const { listing, file } = namings.at(-1) ?? namings[0];
    if (segment === null || file.checksum === null || segment > listing.answer.lastClosedSegment) return [];
    return [{ segment, name, checksum: file.checksum }];
  });
}

function isWhole(copies: BackupCopies, store: EventStoreName, { name, checksum }: ListedSegment): boolean {
  return copies.all(store, name).some((copy) => copy.checksum === checksum);
}

/** What the next run that claims a good backup asked the same node about the same store. */
function nextClaimedRound(evidence: Evidence, round: ListingRound): ListingRound | null {
  for (const run of claimedRunsOf(evidence)) {
    if (run.run <= round.run.run) continue;
    const next = listingRoundsOf(run).find((other) => other.node === round.node && isSameStore(other, round));
    if (next !== undefined) return next;
  }
  return null;
}

function describeLoss(round: ListingRound, next: ListingRound, lost: readonly ListedSegment[]): Finding {
  const segments = lost.map(({ segment }) => segment).toSorted((a, b) => (a < b ? -1 : 1));
  return {
    run: next.run.run,
    atMs: next.cursorListing.atMs,
    subject: nameRequest(next.cursorListing),
    expected: `a cursor below ${segments[0] ?? next.cursor}: run ${round.run.run} ${describeEnding(round.run)} when it had listed of the ${describeStore(round)}, and not copied whole: ${describeSegments(segments)}`,
    actual: `cursor ${next.cursor}, which leaves them out; they are not whole in the backup after run ${next.run.run} either`,
  };
}
