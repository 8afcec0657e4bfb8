import { BackupCopies } from '../../journal/in-backup/backup-copies.ts';
import type { Evidence } from '../../journal/evidence.ts';
import { describeStore } from '../../journal/event-store-name.ts';
import { decisiveRoundsOf, filesOfRound, type ListingRound } from '../../journal/inference/listing-rounds.ts';
import { formatTime, nameRequest } from '../../journal/naming.ts';
import { describeLoss, isInNoList } from '../../journal/inference/restore-shortfall.ts';
import { claimedRunsOf } from '../../journal/inference/run-ending.ts';
import { mayHaveWritten } from '../../journal/inference/run-order.ts';
import { dataFileName } from '../../journal/segment-file-name.ts';
import { judge, type Finding, type Judgement, type Rule } from '../rule.ts';

/**
 * The manual calls the copy of the open segment optional. Without it a restored event store ends before what the control
 * database counts as applied, and such a node does not heal on its own, only from a peer. The finding says how much that is.
 *
 * Releases before 4.5.17 do not list it, and the rule does not apply there, but for what is worse: after a burst dozens of
 * segments are full and wait for their index, one a second, and no list has those either. What a restore loses of them is
 * told; it is held against nobody, for the lists are all that a client has to go by.
 */
export const included: Rule = {
  id: 'open-segment/included',
  level: 'should',
  requirement: 'Copy the open segment, too, in every run.',
  source:
    'Reference guide, Backups, event store: the open segment may be copied, and is to be overwritten by the next backup; docs/backup-endpoints.md, section 5.4',
  why: 'All events since the last segment closed are in the open one alone, which can be those of days. A node that is restored without them refuses what the log has next: "Received invalid token".',
  remedy:
    'List with GET /v1/backup/eventstore, which names the open segment, and copy it. A client that is not meant to do so declares no-open-segment. Releases before 4.5.17 list neither the open segment nor full ones that are not closed yet: read the folder of the node, as the manual allows, and copy what lies there behind the last listed segment; or wait a few seconds, and list again.',
  timelines: {
    good: `02:00:05  run 1 is told of 0, 26 and the open segment 52, and copies all three
02:00:06  a restored node has every event up to 02:00:05`,
    bad: `02:00:05  run 1 lists with /v1/backup/filenames, is told of 0 and 26, and copies them
02:00:06  the control database of the backup counts events of segment 52 as applied
05:00:00  a restored node has none of them, and applies nothing that comes after`,
  },
  consequenceOf: ['cursor/*', 'coverage/*', 'listing/any-order', 'fault/error-is-failure'],
  waivedBy: ['no-open-segment'],
  isAbout: 'openSegments',
  check,
};

function check(evidence: Evidence): Judgement {
  const lost = evidence.lists.openSegments ? [] : fullSegmentsLost(evidence);
  return lost.length > 0 ? { verdict: 'fail', findings: lost, isOfUnlisted: true } : checkOpenSegments(evidence);
}

/** Losses of what was full and not closed when a run asked, and so in no list. */
function fullSegmentsLost(evidence: Evidence): Finding[] {
  return claimedRunsOf(evidence).flatMap((run) =>
    decisiveRoundsOf(run).flatMap(([round]) => {
      const listing = round.listings.at(-1) ?? round.listings[0];
      const { openSegment, lastClosedSegment } = listing.answer;
      const losses = run.restoration.losses.filter(
        ({ context, type, firstToken }) =>
          context === round.context &&
          type === round.type &&
          firstToken < (openSegment ?? 0n) &&
          isInNoList(evidence, listing, firstToken),
      );
      const closed = lastClosedSegment < 0n ? 'none was closed' : `the last closed one was ${lastClosedSegment}`;
      return losses.map((loss) => ({
        run: run.run,
        atMs: listing.atMs,
        subject: nameRequest(listing),
        expected: `copies of the ${describeStore(round)} that were full on ${round.node} and not closed yet: ${closed}, and ${openSegment} was open`,
        actual: `no list of this release has them, nor has the backup; after a restore ${describeLoss(loss)}`,
      }));
    }),
  );
}

function checkOpenSegments(evidence: Evidence): Judgement {
  const findings: Finding[] = [];
  let looked = 0;
  for (const run of claimedRunsOf(evidence)) {
    const before = new BackupCopies(run.before, evidence.contexts);
    const after = new BackupCopies(run.after, evidence.contexts);
    for (const rounds of decisiveRoundsOf(run)) {
      looked++;
      const hasOpenSegment = rounds.some((round) =>
        openSegmentsOf(round).some(({ name, checksums }) => {
          const copy = after.newest(round, name);
          if (copy === null) return false;
          const isOld = copy.checksum === before.newest(round, name)?.checksum;
          return (
            !isOld || checksums.has(copy.checksum) || (checksums.size === 0 && mayHaveWritten(evidence, run, copy))
          );
        }),
      );
      if (!hasOpenSegment) findings.push(describeRound(rounds[0], after));
    }
  }
  return judge(looked, 'open segments that a run was to copy', findings);
}

interface OpenSegment {
  readonly name: string;
  /** As the run was told; empty where the listing does not name the open segment. */
  readonly checksums: ReadonlySet<string>;
}

/** The segments that were open while the run asked. Who has one of them has copied as it should: the rest came later. */
function openSegmentsOf(round: ListingRound): OpenSegment[] {
  const files = filesOfRound(round);
  const names = new Set(
    round.listings.flatMap(({ answer }) => {
      const listed = answer.files.filter(({ isOpen }) => isOpen).map(({ name }) => name);
      return listed.length > 0 || answer.openSegment === null
        ? listed
        : [dataFileName(answer.openSegment, answer.type)];
    }),
  );
  return [...names].map((name) => {
    const checksums = (files.get(name) ?? []).flatMap(({ file }) => (file.checksum === null ? [] : [file.checksum]));
    return { name, checksums: new Set(checksums) };
  });
}

function describeRound(round: ListingRound, after: BackupCopies): Finding {
  const [first] = round.listings;
  const { openSegment } = first.answer;
  const name = dataFileName(openSegment ?? 0n, round.type);
  const copy = after.newest(round, name);
  const found =
    copy === null ? `no ${name} in the backup` : `only the older copy of run ${copy.writtenInRun}, ${copy.path}`;
  const losses = round.run.restoration.losses.filter(
    ({ context, type }) => context === round.context && type === round.type,
  );
  return {
    run: round.run.run,
    atMs: first.atMs,
    subject: nameRequest(first),
    expected: `a copy of segment ${openSegment} of the ${describeStore(round)}, which was open on ${round.node} at ${formatTime(first.atMs)}`,
    actual: [found, ...losses.map(describeLoss)].join('; after a restore '),
  };
}
