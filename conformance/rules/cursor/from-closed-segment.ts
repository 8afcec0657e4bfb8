import type { Evidence } from '../../journal/evidence.ts';
import { describeSegments, describeStore, isSameStore } from '../../journal/event-store-name.ts';
import { knownSegmentsOf, type KnownSegments } from '../../journal/inference/known-segments.ts';
import { listingRoundsOf, type ListingRound } from '../../journal/inference/listing-rounds.ts';
import { formatTime, nameRequest } from '../../journal/naming.ts';
import { claimedRunsOf, endingOf } from '../../journal/inference/run-ending.ts';
import { segmentListingsOf, type SegmentListing } from '../../journal/run-requests.ts';
import { judge, type Finding, type Judgement, type Rule } from '../rule.ts';

/**
 * The open segment is copied half full. Whoever takes its number for the cursor is never told of it again, and keeps the
 * half. Any other number that is no closed segment (one more, a count) does the same to some segment, sooner or later.
 */
export const fromClosedSegment: Rule = {
  id: 'cursor/from-closed-segment',
  level: 'must',
  requirement: 'Ask for what is new with the number of a closed segment, never with that of the open one.',
  source:
    'Reference guide, Backups, event store: lastClosedSegment of an answer is the cursor of the next backup; docs/backup-endpoints.md, section 9, item 4; docs/event-segment-format.md, section 13, item 8',
  why: 'The list has only what lies above the cursor. The segment that was open when it was copied gains events afterwards; with its number as the cursor its final content is never listed, and never copied.',
  remedy:
    'Store lastClosedSegment of the answer to GET /v1/backup/eventstore. With GET /v1/backup/filenames, which lists closed segments alone, store the highest number among the names; where the list is empty, keep the old cursor. Keep all 64 bits of it: 32 do not do, nor does a floating-point number, which JavaScript and jq before 1.7 make of it.',
  timelines: {
    good: `02:00:05  run 1: the answer says lastClosedSegment 26 and lists 0, 26 and 52, which is open
02:00:06  run 1 copies all three and notes 26
03:10:00  segment 52 closes
04:00:05  run 2 asks with cursor 26 and is told of 52: its last bytes are copied`,
    bad: `02:00:05  run 1: the answer lists 0, 26 and 52, which is open
02:00:06  run 1 copies all three and notes 52, the highest of them
03:10:00  segment 52 closes with 20 more events
04:00:05  run 2 asks with cursor 52 and is told of 78 alone: the 20 events are in no backup`,
  },
  consequenceOf: ['cursor/per-context-and-type', 'fault/error-is-failure'],
  check,
};

function check(evidence: Evidence): Judgement {
  const known = knownSegmentsOf(evidence);
  const claimed = claimedRunsOf(evidence);
  const listings = evidence.runs.flatMap(segmentListingsOf).filter(({ answer }) => answer.openSegment !== null);
  const findings: Finding[] = [];
  let looked = 0;
  for (const round of evidence.runs.flatMap(listingRoundsOf)) {
    const told = listings.filter((listing) => {
      if (!isSameStore(listing.answer, round) || listing.ordinal >= round.cursorListing.ordinal) return false;
      // What a run lists before its POST, only to see how much there is, is no segment that it has.
      const isLookedAt =
        listing.run === round.run.run && listing.node === round.node && !round.listings.includes(listing);
      return !isLookedAt;
    });
    const isLater = told.some(({ run }) => run < round.run.run);
    if (!isLater) continue;
    const isJudged = told.some(
      (listing) => listing.run < round.run.run && claimed.some(({ run }) => run === listing.run),
    );
    const isClosed = round.cursor < 0n || told.some((listing) => known.wasClosedAt(listing, round.cursor));
    const isStrange = isClosed && isOfAnotherNode(round, known);
    if (isJudged || !isClosed || isStrange) looked++;
    if (!isClosed) findings.push(describeCursor(round, told, known));
    else if (isStrange) findings.push(describeStranger(round, told, known));
  }
  return judge(looked, 'later listings that asked with a closed segment or for everything', findings);
}

/**
 * A number that is a segment elsewhere and none on the node that was asked. Segments of two nodes lie across each other, so
 * what is put together from both does not join; where it does all the same, no harm was done.
 */
function isOfAnotherNode(round: ListingRound, known: KnownSegments): boolean {
  const { run, node, cursor, context } = round;
  if (cursor < 0n || known.has(node, round, cursor) || endingOf(run) !== 'claimed-good') return false;
  return run.restoration.problems.some(({ where }) => where === context);
}

function describeStranger(round: ListingRound, told: readonly SegmentListing[], known: KnownSegments): Finding {
  const { run, node, cursor, cursorListing, lastClosedSegment } = round;
  const source = told.findLast((listing) => listing.node !== node && known.wasClosedAt(listing, cursor));
  const closed = known.upTo(node, round, lastClosedSegment);
  return {
    run: run.run,
    atMs: cursorListing.atMs,
    subject: nameRequest(cursorListing),
    expected: `a cursor of ${node} itself, or none: segments begin elsewhere on each node`,
    actual: `cursor ${cursor} is a segment of ${source?.node ?? 'another node'}; on ${node} closed were ${describeSegments(closed)}`,
  };
}

function describeCursor(round: ListingRound, told: readonly SegmentListing[], known: KnownSegments): Finding {
  const { cursor, cursorListing } = round;
  const last = told.findLast(({ run }) => run < round.run.run) ?? cursorListing;
  const moment = `when run ${last.run} asked ${last.node} at ${formatTime(last.atMs)}`;
  const closed = known.closedAt(last);
  const wasOpen = told.some(({ answer }) => answer.openSegment === cursor);
  const open = `segment ${cursor} was the open one ${moment}: what it gained since is left out`;
  const strange = `${cursor} is ${describeDistortion(cursor, last.answer.lastClosedSegment)}the number of no segment that was closed ${moment}: closed were ${describeSegments(closed)}, open was ${last.answer.openSegment}`;
  return {
    run: round.run.run,
    atMs: cursorListing.atMs,
    subject: nameRequest(cursorListing),
    expected:
      closed.length === 0
        ? `no cursor, or -1: no segment of the ${describeStore(round)} was closed ${moment}`
        : `a closed segment of the ${describeStore(round)} as the cursor: ${last.answer.lastClosedSegment} was the highest ${moment}`,
    actual: `cursor ${cursor}: ${wasOpen ? open : strange}`,
  };
}

/** What becomes of a segment's number in a variable that is too small for it; nothing where the cursor is not that. */
function describeDistortion(cursor: bigint, segment: bigint): string {
  if (segment < 0n || cursor === segment) return '';
  if (cursor === BigInt(Number(segment))) return `${segment} as a floating-point number has it, and `;
  if (cursor === BigInt.asIntN(32, segment)) return `what 32 bits keep of ${segment}, and `;
  return cursor === 2n ** 31n - 1n && segment > cursor ? `the highest number of 32 bits, below ${segment}, and ` : '';
}
