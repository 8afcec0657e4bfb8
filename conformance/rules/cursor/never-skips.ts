import { segmentsInBackup } from '../../journal/in-backup/backup-copies.ts';
import type { Evidence, RunRecord } from '../../journal/evidence.ts';
import { describeSegments, describeStore, isSameStore, keyOfStore } from '../../journal/event-store-name.ts';
import type { BackupFile } from '../../journal/inventory.ts';
import { knownSegmentsOf, type KnownSegments } from '../../journal/inference/known-segments.ts';
import {
  decisiveRoundsOf,
  filesOfRound,
  listingRoundsOf,
  type ListingRound,
} from '../../journal/inference/listing-rounds.ts';
import { formatTime, nameRequest } from '../../journal/naming.ts';
import { claimedRunsOf } from '../../journal/inference/run-ending.ts';
import type { SegmentListing } from '../../journal/run-requests.ts';
import { segmentOfDataFile } from '../../journal/segment-file-name.ts';
import { TokenCoverage } from '../../journal/inference/token-coverage.ts';
import { judge, type Finding, type Judgement, type Rule } from '../rule.ts';

/**
 * A cursor promises that all up to it is safe. The server takes it at its word, so a segment that it passes over by
 * mistake is never listed again, and a store with a hole does not start.
 */
export const neverSkips: Rule = {
  id: 'cursor/never-skips',
  level: 'must',
  requirement: 'Have every closed segment in the backup: those that were listed, and those that the cursor left out.',
  source:
    'Reference guide, Backups, event store: every file that is listed is to be copied; docs/event-segment-format.md, sections 7.1 (listed is what lies above the cursor; 0 says that segment 0 is safe) and 8.4 (numbers have to join)',
  why: 'Segments join each other without a gap. A server that finds one at start-up stops with AXONIQ-9200; where it is further back, the events in it are gone.',
  remedy:
    'Begin without a cursor, or with -1: 0 leaves out segment 0. Afterwards send lastClosedSegment of the last answer whose files are all safe, and copy everything that is listed. Where the finding says that a run has removed copies, the new backup has to take over what the last one had before that goes.',
  timelines: {
    good: `02:00:05  run 1 asks without a cursor and is told of the closed segments 0 and 26
02:00:06  run 1 copies both and notes 26
04:00:05  run 2 asks with 26 and is told of 52: 0, 26 and 52 are there, without a gap`,
    bad: `02:00:05  run 1 asks with cursor 0, as if that were the beginning, and is told of 26 alone
02:00:06  run 1 copies it and notes 26
04:00:05  run 2 asks with 26 and is told of 52
04:00:06  segment 0 is in no backup, and never will be`,
  },
  consequenceOf: ['cursor/*', 'coverage/*', 'listing/*', 'fault/error-is-failure'],
  check,
};

function check(evidence: Evidence): Judgement {
  const known = knownSegmentsOf(evidence);
  const reported = new Set<string>();
  const findings: Finding[] = [];
  let looked = 0;
  for (const run of claimedRunsOf(evidence)) {
    for (const rounds of decisiveRoundsOf(run)) {
      const judged = rounds.map((round) => ({ round, due: dueOf(evidence, known, round) }));
      const whole = judged.find(({ due }) => due.every(({ isThere }) => isThere));
      const { round, due } = whole ?? judged[0] ?? { round: rounds[0], due: [] };
      looked += due.length;
      const missing = due.filter(({ isThere, segment }) => {
        const key = `${keyOfStore(round)} ${segment}`;
        const isNew = !isThere && !reported.has(key);
        if (isNew) reported.add(key);
        return isNew;
      });
      findings.push(...describeMissing(round, missing));
    }
  }
  return judge(looked, 'closed segments that a run was told of or left out with its cursor', findings);
}

interface DueSegment {
  readonly segment: bigint;
  /** The listing that names it; null where the cursor left it out. */
  readonly listing: SegmentListing | null;
  /** The newest copy, whatever it is worth. */
  readonly copy: BackupFile | null;
  readonly isThere: boolean;
}

/** The closed segments that the run must have: what it was told of, and what it said that it had. */
function dueOf(evidence: Evidence, known: KnownSegments, round: ListingRound): DueSegment[] {
  const { run, node, cursor, lastClosedSegment } = round;
  const copies = segmentsInBackup(run.after, round, evidence.contexts);
  const listed = listedSegments(round);
  const copiedBefore = listedInEarlierGoodRuns(evidence, run, round);
  let coverage: TokenCoverage | null = null;
  const isCovered = (segment: bigint): boolean => {
    coverage ??= new TokenCoverage(evidence, known, run, round);
    return coverage.covers(segment, known.endOf(node, round, segment) ?? segment + 1n);
  };
  return known.upTo(node, round, lastClosedSegment).flatMap((segment) => {
    const copy = copies.get(segment) ?? null;
    const listing = listed.get(segment) ?? null;
    if (listing === null && segment > cursor) return [];
    // What the copy of a listed segment is worth is for other rules to say.
    const isTakenOnTrust = copy !== null && (listing !== null || copiedBefore.has(segment));
    return [{ segment, listing, copy, isThere: isTakenOnTrust || isCovered(segment) }];
  });
}

/** Segments whose files the round names; those that do not exist cannot be copied. */
function listedSegments(round: ListingRound): ReadonlyMap<bigint, SegmentListing> {
  const listed = new Map<bigint, SegmentListing>();
  for (const [name, namings] of filesOfRound(round)) {
    const segment = segmentOfDataFile(name, round.type);
    const naming = namings.find(({ file }) => file.checksum !== null);
    if (segment !== null && naming !== undefined) listed.set(segment, naming.listing);
  }
  return listed;
}

/** Segments that a run which claimed a good backup was told of when they were closed. */
function listedInEarlierGoodRuns(evidence: Evidence, run: RunRecord, store: ListingRound): ReadonlySet<bigint> {
  const rounds = claimedRunsOf(evidence)
    .filter((earlier) => earlier.run < run.run)
    .flatMap(listingRoundsOf)
    .filter((round) => round.node === store.node && isSameStore(round, store));
  return new Set(
    rounds.flatMap((round) =>
      [...listedSegments(round).keys()].filter((segment) => segment <= round.lastClosedSegment),
    ),
  );
}

/** Whether the run that lost them is known: what it found in the backup, and did not leave there. */
function whereTheyWere({ run, context, type }: ListingRound, missing: readonly DueSegment[]): string {
  const lost = run.before.files.filter(
    ({ what }) =>
      what.kind === 'segment' &&
      what.type === type &&
      (what.context === context || what.context === null) &&
      missing.some(({ segment, copy }) => copy === null && segment === what.segment),
  );
  const [first] = lost;
  if (first === undefined) return 'no earlier run has them whole';
  return `run ${run.run} has removed the copies that there were: ${first.path}${lost.length === 1 ? '' : ` and ${lost.length - 1} more`}`;
}

function describeMissing(round: ListingRound, missing: readonly DueSegment[]): Finding[] {
  const { run, node, cursor, cursorListing, listings } = round;
  const [firstListing] = listings;
  const closed = `closed on ${node} when run ${run.run} asked at ${formatTime(firstListing.atMs)}`;
  const expectedOf = (segments: readonly DueSegment[]): string =>
    `in the backup after run ${run.run}: ${describeSegments(segments.map(({ segment }) => segment))} of the ${describeStore(round)}, ${closed}`;
  const listed = missing.filter(({ listing }) => listing !== null);
  const passed = missing.filter(({ listing }) => listing === null);
  const findings: Finding[] = [];
  const [naming] = listed;
  if (naming?.listing) {
    findings.push({
      run: run.run,
      atMs: naming.listing.atMs,
      subject: nameRequest(naming.listing),
      expected: expectedOf(listed),
      actual: `not there, although the answer names ${listed.length === 1 ? 'it' : 'them'}`,
    });
  }
  if (passed.length > 0) {
    const halves = passed.filter(({ copy }) => copy !== null).map(({ segment }) => segment);
    const copies =
      halves.length === 0
        ? ''
        : `; of ${describeSegments(halves)} there is a copy that holds a part, from when it was still written`;
    findings.push({
      run: run.run,
      atMs: cursorListing.atMs,
      subject: nameRequest(cursorListing),
      expected: expectedOf(passed),
      actual: `not there: the cursor ${cursor} leaves out all up to it, and ${whereTheyWere(round, passed)}${copies}`,
    });
  }
  return findings;
}
