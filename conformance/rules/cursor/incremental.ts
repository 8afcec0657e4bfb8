import type { Evidence, RunRecord } from '../../journal/evidence.ts';
import { describeStore, isSameStore } from '../../journal/event-store-name.ts';
import { listingRoundsOf, type ListingRound } from '../../journal/inference/listing-rounds.ts';
import { formatTime, nameRequest } from '../../journal/naming.ts';
import { claimedRunsOf, endingOf } from '../../journal/inference/run-ending.ts';
import { wasOverBefore } from '../../journal/inference/run-order.ts';
import { asksForControlDb, toldLastClosed } from '../../journal/run-requests.ts';
import { parseSegmentFileName } from '../../journal/segment-file-name.ts';
import { judge, type Finding, type Judgement, type Rule } from '../rule.ts';

/**
 * Closed segments never change. A client that has everything listed each time copies the whole store each time, which is
 * correct, and with a store of terabytes is no backup any more.
 */
export const incremental: Rule = {
  id: 'cursor/incremental',
  level: 'should',
  requirement: 'Ask later runs only for what is new, with the cursor of the last good one.',
  source:
    'Reference guide, Backups, event store: the cursor is there so that only new segments are listed; docs/event-segment-format.md, section 7.3',
  why: 'Listing and copying everything grows with the age of the store. Sooner or later the copy takes longer than the time between two backups.',
  remedy:
    'Send the stored cursor as lastClosedSegmentBackedUp to /v1/backup/eventstore, or as lastSegmentBackedUp to /v1/backup/filenames. Keep it where a list is empty. If a full copy is meant, each run or now and then, this can stay as it is.',
  timelines: {
    good: `02:00:05  run 1 asks for everything; lastClosedSegment is 26
04:00:05  run 2 asks with cursor 26 and is told of two new segments
06:00:05  run 3: nothing has closed, the list has the open segment alone; the cursor stays`,
    bad: `02:00:05  run 1 asks for everything; lastClosedSegment is 26
04:00:05  run 2 asks with cursor 26; nothing has closed, and the cursor is lost with the empty list
06:00:05  run 3 asks for everything and copies 26 segments that it has`,
  },
  consequenceOf: ['cursor/from-closed-segment', 'cursor/per-context-and-type'],
  check,
};

function check(evidence: Evidence): Judgement {
  const claimed = claimedRunsOf(evidence);
  const findings: Finding[] = [];
  let looked = 0;
  for (const run of evidence.runs) {
    for (const round of listingRoundsOf(run)) {
      const previousRun = claimed.findLast(
        (earlier) => wasOverBefore(earlier, run) && listingRoundsOf(earlier).some((other) => isSameStore(other, round)),
      );
      if (previousRun === undefined) continue;
      const previous = listingRoundsOf(previousRun).find(
        (other) => other.node === round.node && isSameStore(other, round),
      );
      // Another node has other boundaries: there a cursor would be a mistake.
      if (previous === undefined || toldLastClosed(previous.listings[0]) < 0n) continue;
      const asksForAll = round.listings.every(({ answer }) => answer.cursor === null || answer.cursor < 0n);
      // After a run that came to grief it is prudent to begin anew.
      const hasFailedSince = evidence.runs.some(
        (between) => between.run > previousRun.run && between.run < run.run && !claimed.includes(between),
      );
      if (asksForAll && (hasFailedSince || mayOnlyLook(run))) continue;
      looked++;
      if (asksForAll) findings.push(describeRound(round, previous));
    }
  }
  return judge(looked, 'later listings that asked for what is new alone', findings);
}

/** Whether a run ended badly before it came to its POST: it may have listed to see how much there is. */
function mayOnlyLook(run: RunRecord): boolean {
  return endingOf(run) !== 'claimed-good' && !run.requests.some(asksForControlDb);
}

function describeRound(round: ListingRound, previous: ListingRound): Finding {
  const [first] = round.listings;
  const [told] = previous.listings;
  const isOld = (name: string): boolean => {
    const segment = parseSegmentFileName(name)?.segment;
    return segment !== undefined && segment <= previous.lastClosedSegment;
  };
  const again = first.answer.files.filter(({ name }) => isOld(name)).length;
  return {
    run: round.run.run,
    atMs: first.atMs,
    subject: nameRequest(first),
    expected: `a cursor for the ${describeStore(round)}: run ${previous.run.run} was told at ${formatTime(told.atMs)} that ${toldLastClosed(told)} is the last closed segment`,
    actual: `${first.answer.cursor === null ? 'no cursor' : `cursor ${first.answer.cursor}`}: of ${first.answer.files.length} files that are listed, ${again} belong to segments up to that`,
  };
}
