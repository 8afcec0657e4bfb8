import { backedUpLogsOf } from '../../journal/in-backup/backed-up-logs.ts';
import type { Evidence, ListedFile, RunRecord } from '../../journal/evidence.ts';
import type { BackupFile } from '../../journal/inventory.ts';
import {
  firstIndexOf,
  logSegmentsAmong,
  openSegmentAmong,
  type LogCopy,
} from '../../journal/in-backup/log-in-backup.ts';
import { nameRequest } from '../../journal/naming.ts';
import { claimedRunsOf } from '../../journal/inference/run-ending.ts';
import { areBesideEachOther, mayHaveWritten } from '../../journal/inference/run-order.ts';
import { lastLogListingsOf, type LogListing } from '../../journal/run-requests.ts';
import { vanishedFilesOf } from '../../journal/inference/vanished-log-files.ts';
import { judge, type Finding, type Rule } from '../rule.ts';

/**
 * The log of a backup is no collection: it is what the server has at one moment. Segments of an earlier backup beside it
 * make a log with a hole in it, or one that ends in another time.
 *
 * The log of a group is what the folder or archive holds that received its newest copy: events, other groups and older
 * backups elsewhere are of no matter. Closed segments have to have the bytes that were listed; the open one may have
 * grown or be caught in a write, so that only its being there counts. A segment that began after the listing is newer,
 * not stale. Index files, which logs have up to 4.5.17, are no part of it: a start looks at those of the segments that are
 * there, and one that is missing is the affair of coverage/index-files. What vanished before it could be copied is that of
 * log/vanished-file, a group that is not there at all that of log/all-groups, a link that of copy/faithful.
 */
export const replaced: Rule = {
  id: 'log/replaced',
  level: 'must',
  levelWithoutLogStep: 'should',
  requirement: 'Replace the log of a group as a whole: the backup holds exactly the files of the last listing.',
  source:
    'Reference guide, Backups, log entry segments: the files are a new whole each time and take the place of the last backup of them; docs/backup-endpoints.md, section 9: a stale file with a higher number becomes the current segment',
  why: 'The server starts with the highest log segment it finds and counts backwards. A stale one behind the new ones is taken for the end of the log, and a stale one before them leaves a hole that stops the group when it is applied.',
  remedy:
    'Copy the log of each group into a new, empty folder, and let it take the place of the old one when it is whole; or give each run a folder or archive of its own.',
  timelines: {
    good: `02:00:01  run 1 copies the log of default: 1, 101, 201
04:00:01  run 2 is told of 201, 301, and copies both into an empty folder
04:00:02  run 2 puts that folder into the place of the old one`,
    bad: `02:00:01  run 1 copies the log of default: 1, 101
04:00:00  the server has deleted 1 to 301
04:00:01  run 2 is told of 401, 501, and copies them beside 1 and 101
04:00:02  the log in the backup jumps from entry 200 to entry 401`,
  },
  consequenceOf: [
    'log/all-groups',
    'log/recopied',
    'log/vanished-file',
    'fault/error-is-failure',
    'listing/unknown-suffixes',
  ],
  isAbout: 'currentLog',
  check(evidence) {
    const logs = claimedRunsOf(evidence).flatMap((run) => copiedLogsOf(evidence, run));
    return judge(
      logs.length,
      'logs in the backup',
      logs.flatMap((log) => (isOfOneBeside(evidence, log) ? [] : findingsOf(evidence, log))),
    );
  },
};

interface CopiedLog {
  readonly run: RunRecord;
  readonly listing: LogListing;
  readonly copy: LogCopy;
}

function copiedLogsOf(evidence: Evidence, run: RunRecord): CopiedLog[] {
  return backedUpLogsOf(evidence, run).flatMap(({ listing, copy }) => {
    const isListed = logSegmentsAmong(listing.answer.files).length > 0;
    return copy === null || !isListed ? [] : [{ run, listing, copy }];
  });
}

/**
 * Of two runs at a time the one may have asked last that was over first, and its log is the newest then: where that is
 * whole, it is the log of the backup, however long the other one went on.
 */
function isOfOneBeside(evidence: Evidence, { run, listing, copy }: CopiedLog): boolean {
  return claimedRunsOf(evidence).some((other) => {
    if (!areBesideEachOther(other, run)) return false;
    const listed = [...lastLogListingsOf(other).values()].find(({ answer }) => answer.group === listing.answer.group);
    return listed !== undefined && findingsOf(evidence, { run: other, listing: listed, copy }).length === 0;
  });
}

function findingsOf(evidence: Evidence, log: CopiedLog): Finding[] {
  const { run, listing, copy } = log;
  const listed = logSegmentsAmong(listing.answer.files);
  const vanished = new Set(vanishedFilesOf(evidence, run, listing).map(({ file }) => file.name));
  const open = openSegmentAmong(listed);
  const names = new Set(listed.map(({ name }) => name));
  return [
    ...[...copy.files.values()]
      .filter((file) => !names.has(file.name) && !isYounger(evidence, log, file))
      .map((file) => describeStale(log, file)),
    ...listed.flatMap((file) => {
      const copied = copy.files.get(file.name);
      if (copied === undefined)
        return vanished.has(file.name) || file.checksum === null ? [] : [describeMissing(log, file)];
      const isSame = file === open || file.checksum === null || copied.checksum === file.checksum;
      return isSame || copied.link !== 'none' ? [] : [describeOther(log, file, copied)];
    }),
  ];
}

/** Whether the node has begun the segment since the listing: it goes on from there, and nothing of it is stale. */
function isYounger(evidence: Evidence, { run, listing }: CopiedLog, file: BackupFile): boolean {
  if (!mayHaveWritten(evidence, run, file)) return false;
  return evidence.events.some((event) => {
    if (event.kind !== 'log-segment-created' || event.node !== listing.node) return false;
    if (event.group !== listing.answer.group || event.firstIndex !== firstIndexOf(file.name)) return false;
    return event.seq > listing.seq && event.seq < run.endSeq;
  });
}

function describeStale({ run, listing }: CopiedLog, file: BackupFile): Finding {
  return {
    run: run.run,
    atMs: run.endMs,
    subject: file.path,
    expected: `of the log of ${listing.answer.group} nothing but the files of ${nameRequest(listing)}`,
    actual: `this file is not among them; run ${file.writtenInRun} wrote it`,
  };
}

function describeMissing({ run, listing, copy }: CopiedLog, file: ListedFile): Finding {
  return {
    run: run.run,
    atMs: run.endMs,
    subject: file.path,
    expected: `each file of ${nameRequest(listing)} is in the backup, beside the others`,
    actual: `there is no copy of it in ${copy.container}`,
  };
}

function describeOther({ run, listing }: CopiedLog, file: ListedFile, copied: BackupFile): Finding {
  return {
    run: run.run,
    atMs: run.endMs,
    subject: copied.path,
    expected: `the bytes of the closed segment that ${nameRequest(listing)} named: ${file.sizeBytes} of them`,
    actual: `${copied.sizeBytes} bytes, and other ones; run ${copied.writtenInRun} wrote them`,
  };
}
