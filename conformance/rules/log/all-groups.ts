import type { Evidence, RunRecord } from '../../journal/evidence.ts';
import { logFilesOf, logSegmentsAmong } from '../../journal/in-backup/log-in-backup.ts';
import { describeAnswer, formatList, nameRequest } from '../../journal/naming.ts';
import { claimedRunsOf, endingOf } from '../../journal/inference/run-ending.ts';
import { lastLogListingsOf } from '../../journal/run-requests.ts';
import { judge, type Finding, type Rule } from '../rule.ts';

/**
 * Every replication group has a log of its own, and the control database has a position in each. A group that is left
 * out comes back without the entries that were not applied yet; of `_admin` these are contexts, applications and users.
 *
 * Judged is that each group was listed and that something of the listing is in the backup. What of it is missing is the
 * affair of log/replaced. A group without any log file (servers before 4.5.17 do not list the open one) asks for none.
 */
export const allGroups: Rule = {
  id: 'log/all-groups',
  level: 'must',
  levelWithoutLogStep: 'should',
  requirement: 'Back up the log of every replication group, `_admin` among them.',
  source:
    'Reference guide, Backups, log entry segments: the log is listed by replication group, and that is to be done for all of them; docs/backup-endpoints.md, sections 1.2 and 6: the parameter `context` takes the name of a group, `_admin` has a log and no event store',
  why: 'Without the log of a group the restored node has a position in a log that is not there. It resets the group, and what was committed and not yet applied is gone; for `_admin` that is configuration.',
  remedy:
    'Call GET /v1/backup/log/filenames once for each name in AXONSERVER_REPLICATION_GROUPS, and copy what it lists.',
  timelines: {
    good: `00:00  POST createControlDbBackup
00:01  GET  /v1/backup/log/filenames?context=_admin
00:02  GET  /v1/backup/log/filenames?context=default`,
    bad: `00:00  POST createControlDbBackup
00:01  GET  /v1/backup/log/filenames            → the log of default, which is what no name stands for
00:02  exit 0: an application that was registered a second ago is in no file of the backup`,
  },
  isAbout: 'log',
  consequenceOf: ['log/vanished-file', 'fault/error-is-failure', 'access/*'],
  check(evidence) {
    const runs = claimedRunsOf(evidence);
    const findings = runs.flatMap((run) => evidence.groups.flatMap((group) => findingsOf(evidence, run, group)));
    const misled = evidence.runs.flatMap((run) => misnamedLogsOf(evidence, run));
    const looked = runs.length * evidence.groups.length + misled.length;
    return judge(looked, 'logs of replication groups that a run had to copy', [...findings, ...misled]);
  },
};

/** A run that ended in failure since it took the names of contexts for those of their groups will end so every night. */
function misnamedLogsOf({ contexts, groups }: Evidence, run: RunRecord): Finding[] {
  if (endingOf(run) !== 'failed') return [];
  const listed = lastLogListingsOf(run);
  if (groups.every((group) => listed.has(group))) return [];
  const request = run.requests.find(({ path, query, answer, fault }) => {
    const asked = String(query['context']);
    const isMisnamed = contexts.includes(asked) && !groups.includes(asked);
    return path === '/v1/backup/log/filenames' && isMisnamed && answer.kind === 'failure' && fault === null;
  });
  if (request === undefined) return [];
  return [
    {
      run: run.run,
      atMs: request.atMs,
      subject: nameRequest(request),
      expected: `the log is asked for by the name of a replication group: ${formatList(groups)}`,
      actual: `that is the name of a context; it was answered with ${describeAnswer(request)}, and the run failed`,
    },
  ];
}

function findingsOf({ groups }: Evidence, run: RunRecord, group: string): Finding[] {
  const listing = lastLogListingsOf(run).get(group);
  if (listing === undefined) return [describeNotListed(run, group)];
  const names = new Set(logSegmentsAmong(listing.answer.files).map(({ name }) => name));
  const copied = logFilesOf(run.after, group, groups, listing.answer.files);
  if (names.size === 0 || copied.some(({ name }) => names.has(name))) return [];
  return [
    {
      run: run.run,
      atMs: listing.atMs,
      subject: nameRequest(listing),
      expected: `the log of the replication group ${group} is in the backup`,
      actual: `none of the ${names.size} files that were listed is there`,
    },
  ];
}

function describeNotListed(run: RunRecord, group: string): Finding {
  const refused = run.requests.findLast(
    ({ path, query, method }) => method === 'GET' && path === '/v1/backup/log/filenames' && query['context'] === group,
  );
  const listed = [...lastLogListingsOf(run).keys()];
  const others = listed.length === 0 ? 'it listed no log at all' : `it listed the log of ${formatList(listed)} alone`;
  return {
    run: run.run,
    atMs: refused?.atMs ?? run.endMs,
    subject: refused === undefined ? `the log of ${group}` : nameRequest(refused),
    expected: `the run lists the log of the replication group ${group} and copies it`,
    actual: refused === undefined ? others : `it was answered with ${describeAnswer(refused)}, and never asked again`,
  };
}
