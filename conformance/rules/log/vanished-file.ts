import { backedUpLogsOf, type BackedUpLog } from '../../journal/in-backup/backed-up-logs.ts';
import { countingControlDbBackupOf } from '../../journal/in-backup/control-db-in-backup.ts';
import type { Evidence, RunRecord } from '../../journal/evidence.ts';
import { logSegmentsAmong, type LogCopy } from '../../journal/in-backup/log-in-backup.ts';
import { formatTime, nameRequest } from '../../journal/naming.ts';
import { endingOf } from '../../journal/inference/run-ending.ts';
import { mayHaveWritten } from '../../journal/inference/run-order.ts';
import { logListingsOf, type LogListing } from '../../journal/run-requests.ts';
import { vanishedFilesOf, type VanishedFile } from '../../journal/inference/vanished-log-files.ts';
import { judge, type Finding, type Rule } from '../rule.ts';

/**
 * Nothing keeps a listed file where it is. Log cleaning can strike between listing and copying, and then a copy fails
 * that is not an accident to be shrugged off: the list no longer says what the log is.
 *
 * The way out is to begin anew with the POST and all logs, or to fail. To list that log again is not enough: what is left of
 * it may begin behind what the control database of the earlier POST counts as applied. Where it does not, no harm was done.
 * A file that this run copied in time has not vanished for it. Where a run backs up several nodes, the log of each is judged,
 * by the copy of that node (journal/in-backup/backed-up-logs.ts).
 */
export const vanishedFile: Rule = {
  id: 'log/vanished-file',
  level: 'must',
  levelWithoutLogStep: 'should',
  requirement: 'Where a listed log file is gone, begin anew with the POST and all logs, or fail.',
  source:
    'docs/backup-endpoints.md, sections 1.3 and 9: no endpoint locks, copies or pins a file, a listed one may be deleted right after the answer; reference guide, Backups, log entry segments: the log is backed up as it is listed',
  why: 'A log without one of its files has a hole, or begins behind what the control database counts as applied. The restored group stops there, for good.',
  remedy:
    'Throw away the zip and the logs of this run and begin anew: the POST, then all logs. To list the one log again is not enough, since it may begin behind what the zip counts as applied by now. After a few attempts end with a non-zero exit code.',
  consequenceOf: ['order/log-within-30-minutes'],
  needsCluster: 'it knows which log files it has removed, and when',
  timelines: {
    good: `00:01  GET log/filenames?context=default  → 1, 101, 201
00:02  the server deletes 1 and 101
00:03  1 cannot be copied: all that this run has is thrown away
00:03  POST createControlDbBackup  → a zip that knows of 201 and 301
00:04  GET log/filenames for every group, default → 201, 301: copied, exit 0`,
    bad: `00:01  GET log/filenames?context=default  → 1, 101, 201
00:02  the server deletes 1 and 101
00:03  1 and 101 cannot be copied: a warning, and on to 201
00:04  exit 0, with a log that was never looked at again`,
  },
  isAbout: 'log',
  check(evidence) {
    const met = evidence.runs.flatMap((run) => logsWithVanishedFiles(evidence, run));
    return judge(
      met.length,
      'logs of which listed files vanished before they were copied',
      met.flatMap((log) => findingsOf(evidence, log)),
    );
  },
};

interface ShrunkenLog {
  readonly run: RunRecord;
  readonly log: BackedUpLog;
}

/** Logs of runs that ended by themselves: what became of them, the run itself says. */
function logsWithVanishedFiles(evidence: Evidence, run: RunRecord): ShrunkenLog[] {
  const ending = endingOf(run);
  if (ending !== 'claimed-good' && ending !== 'failed') return [];
  return backedUpLogsOf(evidence, run).flatMap((log) => {
    const { listing: last, copy, isOneOfSeveral } = log;
    const ofGroup = logListingsOf(run).filter(({ node, answer }) => {
      return answer.group === last.answer.group && (!isOneOfSeveral || node === last.node);
    });
    const hasMet = ofGroup.some((listing) => lostFilesOf(evidence, run, listing, copy).length > 0);
    return hasMet ? [{ run, log }] : [];
  });
}

function findingsOf(evidence: Evidence, { run, log }: ShrunkenLog): Finding[] {
  if (endingOf(run) === 'failed') return [];
  const { listing: last, copy } = log;
  const lost = lostFilesOf(evidence, run, last, copy);
  if (lost.length > 0) return lost.map((file) => describeLost(run, last, file));
  const missing = logSegmentsAmong(last.answer.files).filter(({ name }) => copy?.files.has(name) !== true);
  const left = missing.map(({ path }) => ({
    run: run.run,
    atMs: last.atMs,
    subject: path,
    expected: `what was listed anew by ${nameRequest(last)} is in the backup, or the run fails`,
    actual: 'the run ended with 0, and there is no copy of it',
  }));
  return left.length > 0 ? left : describeGap(run, log);
}

/** The log was listed again, and begins behind the control database, which was not made again. */
function describeGap(run: RunRecord, { listing: last, isOneOfSeveral }: BackedUpLog): Finding[] {
  const { group } = last.answer;
  const made = countingControlDbBackupOf(run);
  // Of several nodes one is restored: that whose zip counts.
  if (isOneOfSeveral && made?.node !== last.node) return [];
  const restored = run.restoration.groups.find((one) => one.group === group);
  if (made === null || restored === undefined) return [];
  const { firstIndex, appliedIndex } = restored;
  if (firstIndex <= appliedIndex + 1) return [];
  return [
    {
      run: run.run,
      atMs: last.atMs,
      subject: nameRequest(last),
      expected: `a POST after the files were gone, and all logs after that: the control database of ${nameRequest(made)} needs the log of ${group} from entry ${appliedIndex + 1} on`,
      actual: `the log was listed again without a new POST, and begins with entry ${firstIndex}: entries ${appliedIndex + 1} to ${firstIndex - 1} are in no file`,
    },
  ];
}

/** Files of a listing that vanished, and that the run did not copy while they were there. */
function lostFilesOf(evidence: Evidence, run: RunRecord, listing: LogListing, copy: LogCopy | null): VanishedFile[] {
  const vanished = vanishedFilesOf(evidence, run, listing);
  return vanished.filter(({ file }) => {
    const copied = copy?.files.get(file.name);
    if (copied === undefined || !mayHaveWritten(evidence, run, copied)) return true;
    // What was still written when it was listed may well have had more in it when it was copied.
    return copied.checksum !== file.checksum && !file.isOpen;
  });
}

function describeLost(run: RunRecord, last: LogListing, { file, atMs }: VanishedFile): Finding {
  return {
    run: run.run,
    atMs,
    subject: file.path,
    expected: `once a file of ${nameRequest(last)} is gone, the run begins anew with the POST and all logs, or fails`,
    actual: `the server deleted it at ${formatTime(atMs)}, before it was copied; the run did not list again, and ended with 0`,
  };
}
