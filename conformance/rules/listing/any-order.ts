import { BackupCopies } from '../../journal/in-backup/backup-copies.ts';
import type { Evidence, RunRecord } from '../../journal/evidence.ts';
import { describeSegments, describeStore, isSameStore } from '../../journal/event-store-name.ts';
import { isCompactedUnder } from '../../journal/inference/compacted-under.ts';
import { knownSegmentsOf, type KnownSegments } from '../../journal/inference/known-segments.ts';
import {
  decisiveRoundsOf,
  filesOfRound,
  listingRoundsOf,
  type ListingRound,
} from '../../journal/inference/listing-rounds.ts';
import { formatTime, nameRequest } from '../../journal/naming.ts';
import { claimedRunsOf } from '../../journal/inference/run-ending.ts';
import { segmentListingsOf, toldLastClosed, type SegmentListing } from '../../journal/run-requests.ts';
import { parseSegmentFileName, segmentOfDataFile } from '../../journal/segment-file-name.ts';
import { judge, type Finding, type Judgement, type Rule } from '../rule.ts';

/**
 * Releases differ in the order of the names, and a segment that closes during a call can be named twice. Nothing says
 * that the last name is the newest, or that a name comes once.
 */
export const anyOrder: Rule = {
  id: 'listing/any-order',
  level: 'must',
  requirement: 'Depend on neither the order of the listed names nor on each coming once.',
  source:
    'docs/backup-endpoints.md, sections 1.4 and 9, item 3: descending up to 4.6, ascending with the open file first from 2023; docs/event-segment-format.md, section 7.2: a file can be named twice',
  why: 'A client that takes the first or the last name for the newest segment gets another cursor with each release: the open segment, or the oldest. One that stops at a name that it has seen leaves out what comes behind.',
  remedy:
    'Take the cursor from lastClosedSegment, or compare the numbers in the names. Copy a file that is named twice once or twice, as you like.',
  timelines: {
    good: `02:00:05  run 1 is told of 78 (open), 52, 26 and 0, in this order, and that lastClosedSegment is 52
02:00:06  run 1 copies all four and notes 52`,
    bad: `02:00:05  run 1 is told of 78 (open), 52, 26 and 0, in this order
02:00:06  run 1 copies all four and notes 0, the last of them
04:00:05  run 2 asks with cursor 0 and copies 26 and 52 again, as every run will from now on`,
  },
  consequenceOf: ['listing/segment-versions', 'fault/error-is-failure'],
  check,
};

function check(evidence: Evidence): Judgement {
  const known = knownSegmentsOf(evidence);
  const findings: Finding[] = [];
  let looked = 0;
  for (const run of claimedRunsOf(evidence)) {
    const unordered = segmentListingsOf(run).filter(isOutOfOrder);
    looked += unordered.length;
    findings.push(...describeLeftOut(evidence, run, unordered));
  }
  for (const round of evidence.runs.flatMap(listingRoundsOf)) {
    const misled = misledBy(evidence, known, round);
    if (misled !== null) findings.push(describeCursor(known, round, misled));
  }
  return judge(looked, 'listings whose names do not ascend, or come twice', findings);
}

function isOutOfOrder({ answer }: SegmentListing): boolean {
  const names = answer.files.map(({ name }) => name);
  return names.some((name, place) => place > 0 && name <= (names[place - 1] ?? ''));
}

/**
 * Closed segments that a listing out of order names and that are not in the backup. Where a compaction came between, they may
 * be missing because they were gone, in whatever order they stood: that is the affair of cursor/never-skips.
 */
function describeLeftOut(evidence: Evidence, run: RunRecord, unordered: readonly SegmentListing[]): Finding[] {
  const copies = new BackupCopies(run.after, evidence.contexts);
  return decisiveRoundsOf(run).flatMap((rounds) => {
    const leftOut = rounds.map((round) => ({ round, segments: leftOutOf(round, copies) }));
    const { round, segments } = leftOut.find((other) => other.segments.length === 0) ?? leftOut[0] ?? nothingLeftOut;
    const listing = round?.listings.find((other) => unordered.includes(other));
    if (round === null || listing === undefined || segments.length === 0 || isCompactedUnder(evidence, round))
      return [];
    return [
      {
        run: run.run,
        atMs: listing.atMs,
        subject: nameRequest(listing),
        expected: `all closed segments of the ${describeStore(round)} that are listed, in whatever order`,
        actual: `${describeSegments(segments)} not in the backup after run ${run.run}`,
      },
    ];
  });
}

const nothingLeftOut = { round: null, segments: [] } as const;

function leftOutOf(round: ListingRound, copies: BackupCopies): bigint[] {
  return [...filesOfRound(round)].flatMap(([name, namings]) => {
    const segment = segmentOfDataFile(name, round.type);
    const exists = namings.some(({ file }) => file.checksum !== null);
    if (segment === null || !exists || segment > round.lastClosedSegment) return [];
    return copies.newest(round, name) === null ? [segment] : [];
  });
}

/**
 * The listing out of order whose first or last name has given the round its cursor, or null. A cursor that any listing
 * called the last closed segment is none of these; nor is one that lags by a single segment, for there are clients that
 * copy the last one twice to be on the safe side.
 */
function misledBy(evidence: Evidence, known: KnownSegments, round: ListingRound): SegmentListing | null {
  const { cursor, cursorListing } = round;
  if (cursor < 0n) return null;
  const told = evidence.runs
    .flatMap(segmentListingsOf)
    .filter(({ answer, ordinal }) => isSameStore(answer, round) && ordinal < cursorListing.ordinal);
  if (told.some((listing) => [listing.answer.lastClosedSegment, toldLastClosed(listing)].includes(cursor))) return null;
  const claimed = new Set(claimedRunsOf(evidence).map(({ run }) => run));
  const previous = told.findLast(({ run }) => run < round.run.run && claimed.has(run));
  if (previous === undefined || !isOutOfOrder(previous)) return null;
  const numbers = previous.answer.files.flatMap(({ name }) => parseSegmentFileName(name)?.segment ?? []);
  const isAnEnd = numbers[0] === cursor || numbers.at(-1) === cursor;
  // Who takes the highest number does not depend on the order, right or wrong.
  if (numbers.every((number) => number <= cursor)) return null;
  const higher = known.closedAt(previous).filter((segment) => segment > cursor).length;
  return isAnEnd && (higher >= 2 || cursor > previous.answer.lastClosedSegment) ? previous : null;
}

function describeCursor(known: KnownSegments, round: ListingRound, misled: SegmentListing): Finding {
  const { answer, run, atMs } = misled;
  const isFirst = parseSegmentFileName(answer.files[0]?.name ?? '')?.segment === round.cursor;
  const closed = describeSegments(known.closedAt(misled));
  return {
    run: round.run.run,
    atMs: round.cursorListing.atMs,
    subject: nameRequest(round.cursorListing),
    expected: `cursor ${toldLastClosed(misled)}: at ${formatTime(atMs)} run ${run} was told of the ${describeStore(round)} in no order, and closed were ${closed}`,
    actual: `cursor ${round.cursor}, which is the number of the ${isFirst ? 'first' : 'last'} name in that list`,
  };
}
