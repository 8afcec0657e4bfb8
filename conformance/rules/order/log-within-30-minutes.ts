import { backedUpLogsOf } from '../../journal/in-backup/backed-up-logs.ts';
import { copiedByMs, describeCopying, wasCopiedBefore } from '../../journal/inference/copying-time.ts';
import type { Evidence, RunRecord } from '../../journal/evidence.ts';
import { formatSpan, formatTime, nameRequest } from '../../journal/naming.ts';
import { claimedRunsOf } from '../../journal/inference/run-ending.ts';
import {
  controlDbBackupsOf,
  segmentListingsOf,
  type ControlDbBackup,
  type LogListing,
  type SegmentListing,
} from '../../journal/run-requests.ts';
import { judge, type Finding, type Rule } from '../rule.ts';

const LIMIT_MS = 30 * 60_000;

/**
 * A control database backup keeps the node from cleaning its logs for a while; the manual promises 30 minutes. Whoever
 * copies gigabytes of events first comes back to a log that has been cut.
 *
 * The time runs from the newest POST on the node of the listing, since each of them postpones the cleaning anew, up to
 * the end of the copying, which is known from the client's folders (see journal/recording/copying-account.ts): to list events first
 * costs nothing, to copy them first does. For each group the last listing
 * counts, or of a run that backs up several nodes the last of each, and runs count that claim a good backup: a client that notices and gives up has done right. So has one that
 * copied no event segments before: it has gone for the logs at once, and if they take longer than that, or the
 * cluster does, no client could have done better.
 */
export const logWithin30Minutes: Rule = {
  id: 'order/log-within-30-minutes',
  level: 'must',
  levelWithoutLogStep: 'should',
  requirement: 'List and copy all logs within 30 minutes of the control database backup.',
  source:
    'Reference guide, Backups: the log segments are to be copied within 30 minutes of the control database backup; docs/backup-endpoints.md, section 4: the cleaning of the called node is postponed by an hour, the documented window is half of that',
  why: 'After the postponement the node deletes log segments that the control database in the backup still needs. The restored group then fails with "Read before start" and applies nothing any more.',
  remedy:
    'Copy the logs right after the control database, and the event segments last: they never change once they are closed, and can take their time. To list them earlier does no harm.',
  timelines: {
    good: `00:00  POST createControlDbBackup
00:01  GET  /v1/backup/log/filenames?context=default, and copy the files
00:02  GET  /v1/backup/eventstore?targetContext=default&type=EVENT, and copy for 50 minutes`,
    bad: `00:00  POST createControlDbBackup
00:01  GET  /v1/backup/eventstore?targetContext=default&type=EVENT, and copy for 70 minutes
01:00  the node cleans its log
01:11  GET  /v1/backup/log/filenames?context=default  → begins behind the control database`,
  },
  isAbout: 'log',
  consequenceOf: ['control-db/requested', 'order/control-db-first'],
  check(evidence) {
    const copied = claimedRunsOf(evidence).flatMap((run) => copiedLogsOf(evidence, run));
    return judge(
      copied.length,
      'logs that were copied after a control database backup',
      copied.flatMap((log) => findingsOf(evidence, log)),
    );
  },
};

interface CopiedLog {
  readonly run: RunRecord;
  readonly listing: LogListing;
  readonly since: ControlDbBackup;
}

/** Logs that were listed before any POST are the affair of order/control-db-first. */
function copiedLogsOf(evidence: Evidence, run: RunRecord): CopiedLog[] {
  return backedUpLogsOf(evidence, run).flatMap(({ listing }) => {
    const earlier = controlDbBackupsOf(run).filter(({ ordinal }) => ordinal < listing.ordinal);
    const since = earlier.findLast(({ node }) => node === listing.node) ?? earlier.at(-1);
    return since === undefined ? [] : [{ run, listing, since }];
  });
}

function findingsOf(evidence: Evidence, { run, listing, since }: CopiedLog): Finding[] {
  const sinceMs = madeAtMs(evidence, since);
  const listedAfterMs = listing.atMs - sinceMs;
  const copiedAfterMs = copiedByMs(listing) - sinceMs;
  const first = eventsBefore(run, since, listing);
  if (copiedAfterMs <= LIMIT_MS || first.length === 0) return [];
  const isListedLate = listedAfterMs > LIMIT_MS;
  const late = isListedLate
    ? `listed ${formatSpan(listedAfterMs)} after it`
    : `listed ${formatSpan(listedAfterMs)} after it, and copied ${formatSpan(copiedAfterMs)} after it`;
  return [
    {
      run: run.run,
      atMs: listing.atMs,
      subject: nameRequest(listing),
      expected: `listed and copied by ${formatTime(sinceMs + LIMIT_MS)}, 30 minutes after ${nameRequest(since)}`,
      actual: `${late}; first came ${describeFirst(first)}`,
    },
  ];
}

/** Listings of event segments since the POST whose files were copied before the log. */
function eventsBefore(run: RunRecord, since: ControlDbBackup, listing: LogListing): SegmentListing[] {
  return segmentListingsOf(run).filter((segments) => {
    return segments.ordinal > since.ordinal && wasCopiedBefore(segments, listing) && segments.answer.files.length > 0;
  });
}

/** The one that took longest, and what shows it. */
function describeFirst(first: readonly SegmentListing[]): string {
  const [longest] = first.toSorted((a, b) => (b.copying?.tookMs ?? 0) - (a.copying?.tookMs ?? 0));
  const others = first.length === 1 ? '' : `, and those of ${first.length - 1} more`;
  if (longest?.copying === undefined) return 'event segments';
  return `the files of ${nameRequest(longest)}: ${describeCopying(longest.copying)}${others}`;
}

/** When the zip was made: an answer can be held back, and with it the making. */
function madeAtMs({ events }: Evidence, { answer, node, atMs }: ControlDbBackup): number {
  const made = events.find(
    (event) => event.kind === 'control-db-backup' && event.node === node && event.file === answer.file.path,
  );
  return made?.atMs ?? atMs;
}
