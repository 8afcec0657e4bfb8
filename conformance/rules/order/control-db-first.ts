import { countingControlDbBackupOf } from '../../journal/control-db-in-backup.ts';
import type { RunRecord } from '../../journal/evidence.ts';
import { formatTime, nameRequest } from '../../journal/naming.ts';
import { endingOf } from '../../journal/run-ending.ts';
import {
  asksForControlDb,
  controlDbBackupsOf,
  lastLogListingsOf,
  lastSegmentListingsOf,
  logListingsOf,
  segmentListingsOf,
  type ControlDbBackup,
  type LogListing,
  type SegmentListing,
} from '../../journal/run-requests.ts';
import { judge, type Finding, type Rule } from '../rule.ts';

/**
 * The control database says what is committed and applied. What is copied after it holds at least that much; what is
 * copied before can lack it, and nobody can restore such a backup.
 *
 * So nothing is listed before a POST was answered, and what the backup is made of is listed after the POST whose zip is
 * in it, since a client may ask twice. Of a run that ended badly only this is judged: to list before asking at all is
 * wrong, however the run goes on. Discovery and health are no listings, and may come first.
 */
export const controlDbFirst: Rule = {
  id: 'order/control-db-first',
  level: 'must',
  requirement: 'Create the control database backup before listing or copying any log or event segment.',
  source:
    'Reference guide, Backups: the control database comes first, for it has the commit index, and the log must not have less than that; dossier "backup endpoints", sections 5.4 and 9: control database oldest, log and event store newer',
  why: 'A log that is older than the control database ends before the commit index: the group counts entries as done that are nowhere. An event store that is older lacks events which the control database counts as applied, and no log brings them back.',
  remedy:
    'Wait for the answer to POST createControlDbBackup, then list the logs, then the event segments. A run that asks once more starts anew with its listings.',
  timelines: {
    good: `00:00  POST createControlDbBackup  → commit index 4711
00:01  GET  /v1/backup/log/filenames?context=default  → up to entry 4730
00:02  GET  /v1/backup/eventstore?targetContext=default&type=EVENT`,
    bad: `00:00  GET  /v1/backup/log/filenames?context=default  → up to entry 4730
00:02  GET  /v1/backup/eventstore?targetContext=default&type=EVENT
00:09  POST createControlDbBackup  → commit index 4790
       entries 4731 to 4790 are committed, and not in the backup`,
  },
  consequenceOf: ['control-db/requested'],
  check(evidence) {
    const judged = evidence.runs.filter((run) => listingsOf(run).length > 0 && canBeJudged(run));
    return judge(judged.length, 'runs that listed segments', judged.flatMap(findingsOf));
  },
};

type Listing = LogListing | SegmentListing;

/** A run that goes on after a failed POST, and then fails as it should, has done nothing wrong. */
function canBeJudged(run: RunRecord): boolean {
  if (endingOf(run) === 'claimed-good' || controlDbBackupsOf(run).length > 0) return true;
  return isListedFirst(run);
}

function isListedFirst(run: RunRecord): boolean {
  const firstListing = listingsOf(run)[0]?.ordinal ?? Infinity;
  return !run.requests.some((request) => asksForControlDb(request) && request.ordinal < firstListing);
}

function findingsOf(run: RunRecord): Finding[] {
  const isClaimed = endingOf(run) === 'claimed-good';
  if (!isClaimed && !isListedFirst(run)) return [];
  const first = controlDbBackupsOf(run)[0];
  const early = listingsOf(run).filter(({ ordinal }) => first === undefined || ordinal < first.ordinal);
  const counting = isClaimed ? countingControlDbBackupOf(run) : null;
  const outdated = counting === null ? [] : lastListingsOf(run).filter(({ ordinal }) => ordinal < counting.ordinal);
  return [
    ...early.map((listing) => findingOf(listing, describeFirst(first))),
    ...outdated.flatMap((listing) =>
      counting === null || early.includes(listing)
        ? []
        : [findingOf(listing, `the zip in the backup is that of ${describe(counting)}, which came later`)],
    ),
  ];
}

function findingOf(listing: Listing, actual: string): Finding {
  return {
    run: listing.run,
    atMs: listing.atMs,
    subject: nameRequest(listing),
    expected: 'a control database backup that was made earlier in this run, and is the one in the backup',
    actual,
  };
}

function describeFirst(first: ControlDbBackup | undefined): string {
  return first === undefined ? 'there was none in this run' : `the first was made later, by ${describe(first)}`;
}

function describe(made: ControlDbBackup): string {
  return `${nameRequest(made)} at ${formatTime(made.atMs)}`;
}

function listingsOf(run: RunRecord): Listing[] {
  return [...logListingsOf(run), ...segmentListingsOf(run)].toSorted((a, b) => a.ordinal - b.ordinal);
}

function lastListingsOf(run: RunRecord): Listing[] {
  return [...lastLogListingsOf(run).values(), ...lastSegmentListingsOf(run)].toSorted((a, b) => a.ordinal - b.ordinal);
}
