import type { Evidence } from '../../journal/evidence.ts';
import { describeSegments, describeStore, isSameStore } from '../../journal/event-store-name.ts';
import { knownSegmentsOf } from '../../journal/inference/known-segments.ts';
import { listingRoundsOf } from '../../journal/inference/listing-rounds.ts';
import { formatTime, nameRequest } from '../../journal/naming.ts';
import { claimedRunsOf } from '../../journal/inference/run-ending.ts';
import { segmentListingsOf, type SegmentListing } from '../../journal/run-requests.ts';
import { judge, type Finding, type Judgement, type Rule } from '../rule.ts';

/**
 * Events and snapshots of each context count their tokens from 0, each for itself. A number that means "all of this is
 * safe" in the one means anything in the other.
 */
export const perContextAndType: Rule = {
  id: 'cursor/per-context-and-type',
  level: 'must',
  requirement: 'Keep a cursor of its own for the events and for the snapshots of each context.',
  source:
    'Reference guide, Backups, event store: asked for each context, for Event and for Snapshot; docs/event-segment-format.md, section 4: separate counters for each context and type',
  why: 'A cursor that is shared is that of the store which was asked last. Sent to a store that is behind it, it skips segments there which nobody has copied; sent to one that is ahead, it has everything copied again.',
  remedy: 'Name the file or the key that holds a cursor for both, the context and the type.',
  timelines: {
    good: `02:00:05  run 1: events of orders, lastClosedSegment 0; noted for orders and EVENT
02:00:06  run 1: snapshots of orders, lastClosedSegment 26; noted for orders and SNAPSHOT
04:00:05  run 2 asks for events above 0, for snapshots above 26`,
    bad: `02:00:05  run 1: events of orders, lastClosedSegment 0; noted for orders
02:00:06  run 1: snapshots of orders, lastClosedSegment 26; noted for orders, over the 0
03:10:00  event segment 13 closes
04:00:05  run 2 asks for events above 26 and is never told of segment 13`,
  },
  check,
};

function check(evidence: Evidence): Judgement {
  const known = knownSegmentsOf(evidence);
  const listings = evidence.runs.flatMap(segmentListingsOf).filter(({ answer }) => answer.openSegment !== null);
  const claimed = new Set(claimedRunsOf(evidence).map(({ run }) => run));
  const findings: Finding[] = [];
  let looked = 0;
  for (const round of evidence.runs.flatMap(listingRoundsOf)) {
    const { cursor, cursorListing } = round;
    const told = listings.filter(({ run }) => run < round.run.run);
    const own = told.filter(({ answer }) => isSameStore(answer, round));
    const others = told.filter(({ answer }) => !isSameStore(answer, round));
    const isOwn = (segment: bigint): boolean => own.some((listing) => known.wasClosedAt(listing, segment));
    // Only where the cursor of another store would be seen to be foreign is there anything to judge.
    const isTelling = others.some(
      ({ run, answer }) => claimed.has(run) && answer.lastClosedSegment >= 0n && !isOwn(answer.lastClosedSegment),
    );
    // The store's own open segment is a mistake of another kind, even where another store has closed that number.
    if (cursor >= 0n && !isOwn(cursor) && own.some(({ answer }) => answer.openSegment === cursor)) continue;
    if (own.some(({ run }) => claimed.has(run)) && isTelling) looked++;
    if (cursor < 0n || own.length === 0 || isOwn(cursor)) continue;
    if (listings.some((listing) => isEarlierInRun(listing, cursorListing) && known.wasClosedAt(listing, cursor)))
      continue;
    const origin = others.findLast((listing) => known.wasClosedAt(listing, cursor));
    if (origin === undefined) continue;
    const last = own.at(-1);
    const closed = last === undefined ? [] : known.closedAt(last);
    findings.push({
      run: round.run.run,
      atMs: cursorListing.atMs,
      subject: nameRequest(cursorListing),
      expected: `a cursor of the ${describeStore(round)}; closed in there when run ${last?.run} asked: ${describeSegments(closed)}`,
      actual: `cursor ${cursor}, which was a closed segment of the ${describeStore(origin.answer)} when run ${origin.run} asked ${origin.node} at ${formatTime(origin.atMs)}`,
    });
  }
  return judge(looked, 'later listings of stores whose segments differ from those of another', findings);
}

/** Earlier in the same run, about the same store. */
function isEarlierInRun(listing: SegmentListing, { run, ordinal, answer }: SegmentListing): boolean {
  return listing.run === run && listing.ordinal < ordinal && isSameStore(listing.answer, answer);
}
