import { backedUpLogsOf } from '../../journal/in-backup/backed-up-logs.ts';
import { controlDbBackupOn, countingControlDbBackupOf } from '../../journal/in-backup/control-db-in-backup.ts';
import {
  logsListedTwice,
  signOfEarlyCopy,
  storesListedTwice,
  type ListedTwice,
} from '../../journal/inference/early-listings.ts';
import { keyOfStore } from '../../journal/event-store-name.ts';
import type { Evidence, RunRecord } from '../../journal/evidence.ts';
import { startedBy } from '../../journal/inference/pushed-backups.ts';
import { formatTime, nameRequest } from '../../journal/naming.ts';
import { endingOf } from '../../journal/inference/run-ending.ts';
import {
  asksForControlDb,
  controlDbBackupsOf,
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
 * So what the backup is made of is listed after the POST on its own node whose zip is in the backup, since a client may ask
 * twice, and may back up several nodes, each with a zip of its own. What comes from a node of which there is no zip stands
 * behind the zip that there is: mixing is the affair of order/same-node, unless the log of that group is there from several
 * nodes. Discovery, health, and lists that are asked for again behind the POST may come first, as long as it is the second
 * list that the backup is made from (journal/inference/early-listings.ts). Of a run that ended badly only this is judged: to copy
 * before asking at all is wrong, however the run goes on.
 */
export const controlDbFirst: Rule = {
  id: 'order/control-db-first',
  level: 'must',
  requirement:
    'Create the control database backup before listing or copying any log or event segment that goes into the backup.',
  source:
    'Reference guide, Backups: the control database comes first, for it has the commit index, and the log must not have less than that; docs/backup-endpoints.md, sections 5.4 and 9: control database oldest, log and event store newer',
  why: 'A log that is older than the control database ends before the commit index: the group counts entries as done that are nowhere. An event store that is older lacks events which the control database counts as applied, and no log brings them back.',
  remedy:
    'Wait for the answer to POST createControlDbBackup, then list the logs, then the event segments. A run that asks once more starts anew with its listings, and so does one that has listed before to see how much there is. With several nodes, ask each for its own. What the server writes itself (POST /v2/backup) comes behind that POST, too.',
  timelines: {
    good: `00:00  POST createControlDbBackup  → commit index 4711
00:01  GET  /v1/backup/log/filenames?context=default  → up to entry 4730
00:02  GET  /v1/backup/eventstore?targetContext=default&type=EVENT`,
    bad: `00:00  GET  /v1/backup/log/filenames?context=default  → up to entry 4730
00:02  GET  /v1/backup/eventstore?targetContext=default&type=EVENT
00:09  POST createControlDbBackup  → commit index 4790
       entries 4731 to 4790 are committed, and not in the backup`,
  },
  isAbout: 'log',
  consequenceOf: ['control-db/requested'],
  check(evidence) {
    const judged = evidence.runs.filter((run) => listingsOf(run).length > 0 && canBeJudged(run));
    return judge(
      judged.length,
      'runs that listed segments',
      judged.flatMap((run) => findingsOf(evidence, run)),
    );
  },
};

const EXPECTED = 'a control database backup that was made earlier in this run, and is the one in the backup';

type Listing = LogListing | SegmentListing;

/** A run that goes on after a failed POST, and then fails as it should, has done nothing wrong. */
function canBeJudged(run: RunRecord): boolean {
  if (endingOf(run) === 'claimed-good' || controlDbBackupsOf(run).length > 0) return true;
  return copiedBeforeAsking(run).length > 0;
}

/** Listings whose files lay in the client's folders before it asked for the control database at all. */
function copiedBeforeAsking(run: RunRecord): Listing[] {
  const asked = run.requests.find(asksForControlDb)?.ordinal ?? Infinity;
  return listingsOf(run).filter(({ copying }) => {
    if (copying === undefined || copying.shownBy.kind === 'end') return false;
    return (copying.seenAtRequest ?? Infinity) <= asked && (copying.seenAtRequest !== null || asked === Infinity);
  });
}

function findingsOf(evidence: Evidence, run: RunRecord): Finding[] {
  const first = controlDbBackupsOf(run)[0];
  if (endingOf(run) !== 'claimed-good') {
    return copiedBeforeAsking(run).map((listing) => findingOf(listing, `copied at once; ${describeFirst(first)}`));
  }
  const findings = [
    ...pushesBeforePost(evidence, run, first),
    ...backedUpLogsOf(evidence, run).flatMap((log) => {
      const { listing, isOneOfSeveral } = log;
      const made = madeFor(run, listing.node) ?? (isOneOfSeveral ? null : countingControlDbBackupOf(run));
      return lookAt(listing, made, first) ?? firstOf(made, logsListedTwice, run, log);
    }),
    ...storeListingsOf(run).flatMap((listing) => {
      const made = madeFor(run, listing.node) ?? countingControlDbBackupOf(run);
      return (
        lookAt(listing, made, first) ??
        firstOf(made, (each, late, post) => storesListedTwice(evidence, each, late, post), run, listing)
      );
    }),
  ];
  return findings.toSorted((a, b) => (a.atMs ?? 0) - (b.atMs ?? 0));
}

/** Of contexts whose backups the server writes: the newest of each, where the server was asked for it before the POST. */
function pushesBeforePost({ events }: Evidence, run: RunRecord, first: ControlDbBackup | undefined): Finding[] {
  const newest = new Map(startedBy(events, run).map((push) => [push.context, push]));
  return [...newest.values()].flatMap((push) => {
    const made = madeFor(run, push.node) ?? countingControlDbBackupOf(run) ?? first;
    if (made === undefined || push.seq > made.seq) return [];
    return [
      {
        run: run.run,
        atMs: push.atMs,
        subject: `POST /v2/backup of ${push.context} on ${push.node}`,
        expected: EXPECTED,
        actual: `the zip in the backup is that of ${describe(made)}, which came later`,
      },
    ];
  });
}

/** Null where the listing stands behind its POST. */
function lookAt(listing: Listing, made: ControlDbBackup | null, first: ControlDbBackup | undefined): Finding[] | null {
  if (first === undefined || listing.ordinal < first.ordinal) return [findingOf(listing, describeFirst(first))];
  if (made === null)
    return [
      findingOf(
        listing,
        `there was none on ${listing.node} in this run, and its log is in the backup beside those of other nodes`,
      ),
    ];
  if (listing.ordinal > made.ordinal) return null;
  return [findingOf(listing, `the zip in the backup is that of ${describe(made)}, which came later`)];
}

/** Of lists before the POST that were asked for again the first that the backup was made from all the same. */
function firstOf<Late>(
  made: ControlDbBackup | null,
  listedTwice: (run: RunRecord, late: Late, made: ControlDbBackup) => readonly ListedTwice[],
  run: RunRecord,
  late: Late,
): Finding[] {
  if (made === null) return [];
  for (const twice of listedTwice(run, late, made)) {
    const sign = signOfEarlyCopy(twice);
    if (sign !== null) return [findingOf(twice.early, `it was listed again after ${describe(made)}, but ${sign}`)];
  }
  return [];
}

/** On that node: the POST whose zip is in the backup, or one of which the zip was not kept. */
function madeFor(run: RunRecord, node: string): ControlDbBackup | null {
  return controlDbBackupOn(run, node) ?? controlDbBackupsOf(run).find((made) => made.node === node) ?? null;
}

function findingOf(listing: Listing, actual: string): Finding {
  return {
    run: listing.run,
    atMs: listing.atMs,
    subject: nameRequest(listing),
    expected: EXPECTED,
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

/** The last of each store, and of a run that has zips of several nodes the last of each store on each of these. */
function storeListingsOf(run: RunRecord): SegmentListing[] {
  const last = lastSegmentListingsOf(run);
  const others = new Map(
    segmentListingsOf(run)
      .filter(({ node }) => controlDbBackupOn(run, node) !== null)
      .map((listing) => [`${listing.node} ${keyOfStore(listing.answer)}`, listing] as const),
  );
  return [...new Set([...last, ...others.values()])];
}
