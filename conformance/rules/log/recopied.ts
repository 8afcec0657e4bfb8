import type { Evidence, ListedFile, RunRecord } from '../../journal/evidence.ts';
import type { BackupFile } from '../../journal/inventory.ts';
import { backedUpLogsOf } from '../../journal/in-backup/backed-up-logs.ts';
import { logCopyOf, logSegmentsAmong } from '../../journal/in-backup/log-in-backup.ts';
import { nameRequest } from '../../journal/naming.ts';
import { claimedRunsOf } from '../../journal/inference/run-ending.ts';
import { areBesideEachOther } from '../../journal/inference/run-order.ts';
import { asksForControlDb, logListingsOf, type LogListing } from '../../journal/run-requests.ts';
import { hasChangedUnseen } from '../../journal/inference/unseen-changes.ts';
import { judge, type Finding, type Rule } from '../rule.ts';

/**
 * A log file that the backup already has under that name is not the file that the server has now. The open segment goes
 * on under its name and at its full size, and a group that was set up anew begins again with the old numbers.
 *
 * So each listed file that lay in the backup before has to be written by this run; where it went (another folder, a new
 * archive, a folder that was swapped in) is of no matter. A copy that was left and has the bytes of the listing is as good
 * as a new one: a client that compares bytes rightly leaves it. Of a client that lists again behind its copying, to see
 * whether a name has gone or come, each listing since its POST counts: what was written meanwhile is promised by no zip. Who goes by name, size or time leaves others, too, for
 * the open segment changes under its name, and where it is memory-mapped under the same time as well. A file that this run has written from the old copy is found out by
 * its bytes: what the server had to give had changed. The index of a closed segment never changes, and counts no more
 * than that (log/replaced). Files that are missing are the affair of other rules.
 */
export const recopied: Rule = {
  id: 'log/recopied',
  level: 'must',
  levelWithoutLogStep: 'should',
  requirement:
    'Copy all listed log files in each run, also those that the backup already has, unless their bytes are equal.',
  source:
    'Reference guide, Backups, log entry segments: the log is copied as a whole with each backup, there is no cursor for it; docs/backup-endpoints.md, sections 3.1 and 9: a log segment has its full length from its first byte, and its content changes',
  why: 'A log whose last segment is that of an earlier run ends before the commit index of the control database beside it. The entries between the two are lost, and the group never gets over it.',
  remedy:
    'Do not ask whether a log file is already there, and not for its size or time either: copy it, or compare all of its bytes (`rsync --checksum`). The bytes of an open file change while its size and its time stay.',
  timelines: {
    good: `02:00:01  run 1 copies log segments 1 and 101, the open one
04:00:01  run 2 is told of 1 and 101, and copies both again
04:00:02  the log in the backup ends behind the commit index of run 2`,
    bad: `02:00:01  run 1 copies log segments 1 and 101, the open one, up to entry 130
04:00:01  run 2 is told of 1 and 101, finds both names in its folder, and copies neither
04:00:02  the control database of run 2 counts entry 180 as committed; the log ends with 130`,
  },
  consequenceOf: ['fault/error-is-failure'],
  isAbout: 'currentLog',
  check(evidence) {
    const repeated = claimedRunsOf(evidence)
      // Of two runs at a time nobody can tell which has written a file.
      .filter((run) => !evidence.runs.some((other) => areBesideEachOther(other, run)))
      .flatMap((run) => repeatedFilesOf(evidence, run));
    return judge(
      repeated.length,
      'listed log files that the backup had before',
      repeated.flatMap((file) => findingsOf(evidence, file)),
    );
  },
};

interface RepeatedFile {
  readonly run: RunRecord;
  readonly listing: LogListing;
  readonly listed: ListedFile;
  /** As the backup had it before the run, and as it has it now. */
  readonly old: BackupFile;
  readonly copied: BackupFile;
}

function repeatedFilesOf(evidence: Evidence, run: RunRecord): RepeatedFile[] {
  const { groups } = evidence;
  return countingListingsOf(evidence, run).flatMap((listing) => {
    const { group, files } = listing.answer;
    const before = logCopyOf(run.before, group, groups, files);
    const after = logCopyOf(run.after, group, groups, files);
    return logSegmentsAmong(files).flatMap((listed) => {
      const copied = after?.files.get(listed.name);
      const old = before?.files.get(listed.name);
      return copied === undefined || old === undefined ? [] : [{ run, listing, listed, old, copied }];
    });
  });
}

/** For each group the listing that its log in the backup is of; of several nodes, each for itself, that of the last one asked. */
function countingListingsOf(evidence: Evidence, run: RunRecord): LogListing[] {
  return [...new Map(backedUpLogsOf(evidence, run).map(({ listing }) => [listing.answer.group, listing])).values()];
}

function findingsOf(evidence: Evidence, file: RepeatedFile): Finding[] {
  const skipped = describeSkipped(file, statesOf(file));
  if (skipped === null) return [];
  const { run, listing, listed, copied } = file;
  const actual = `${skipped}${hasChangedUnseen(evidence, run, listed) ? ', under the size and time of before' : ''}`;
  const expected = `copied anew, for ${nameRequest(listing)} names it`;
  return [{ run: run.run, atMs: listing.atMs, subject: copied.path, expected, actual }];
}

/** The bytes that a file had whenever this run was told of it since its last POST, as checksums. */
function statesOf({ run, listing, listed }: RepeatedFile): ReadonlySet<string | null> {
  const post = run.requests.findLast((request) => asksForControlDb(request) && request.ordinal < listing.ordinal);
  const told = logListingsOf(run).filter(
    ({ node, ordinal }) => node === listing.node && ordinal <= listing.ordinal && ordinal > (post?.ordinal ?? 0),
  );
  const files = told.flatMap(({ answer }) => answer.files.filter(({ path }) => path === listed.path));
  return new Set(files.map(({ checksum }) => checksum));
}

/** What shows that a file was not copied from the server in this run; null where nothing does. */
function describeSkipped({ run, old, copied }: RepeatedFile, states: ReadonlySet<string | null>): string | null {
  if (states.has(copied.checksum)) return null;
  if (copied.writtenInRun < run.run) {
    return `left as run ${copied.writtenInRun} wrote it; the listed file had other bytes`;
  }
  return copied.checksum === old.checksum ? 'it has the bytes of the last copy, and the listed file had others' : null;
}
