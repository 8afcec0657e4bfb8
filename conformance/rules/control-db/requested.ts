import type { Evidence, RunRecord } from '../../journal/evidence.ts';
import { describeAnswer, nameRequest } from '../../journal/naming.ts';
import { endingOf } from '../../journal/inference/run-ending.ts';
import { asksForControlDb, controlDbBackupsOf, isControlDbPath } from '../../journal/run-requests.ts';
import { judge, type Finding, type Rule } from '../rule.ts';

/**
 * The control database says how far each log is committed and applied. Without a backup of it made for the occasion,
 * nothing in the folder says which log entries a restored node has to apply.
 *
 * A run that claims a good backup must have been given one. Of a run that failed by itself only this is judged: to ask
 * with another method, be refused for it, and never ask by POST, is no asking at all.
 */
export const requested: Rule = {
  id: 'control-db/requested',
  level: 'must',
  requirement: 'Ask for a backup of the control database in each run, by POST, and go on only once it is there.',
  source:
    'Reference guide, Backups: a backup begins with a backup of the control database, made by a POST to createControlDbBackup; docs/backup-endpoints.md, sections 1.1 and 1.5: the endpoint knows no other method and answers 405 to it',
  why: 'The control database holds the commit index and the last applied index of each replication group, and the configuration. A restored node without it starts with an empty log position and resets its groups; with an old one it waits for log entries that have been compacted since.',
  remedy:
    'Call POST /v1/backup/createControlDbBackup at the start of every run, also where no segment has closed since the last. End with a non-zero exit code where it is not answered with 200, and where another run is at work and this one leaves the field to it.',
  timelines: {
    good: `00:00  POST /v1/backup/createControlDbBackup  → 200, controldb1704067200000.zip
00:01  GET  /v1/backup/log/filenames?context=default
00:02  GET  /v1/backup/eventstore?targetContext=default&type=EVENT
00:04  exit 0`,
    bad: `00:00  GET  /v1/backup/createControlDbBackup  → 405, and nobody looks at the status
00:01  GET  /v1/backup/log/filenames?context=default
00:02  GET  /v1/backup/eventstore?targetContext=default&type=EVENT
00:04  exit 0: the backup has no control database`,
  },
  consequenceOf: ['fault/error-is-failure', 'access/*'],
  check(evidence) {
    const judged = evidence.runs.filter((run) => endingOf(run) === 'claimed-good' || askedByAnotherMethodAlone(run));
    return judge(
      judged.length,
      'runs that ended with 0, each of which has to ask for the control database',
      judged.flatMap(findingsOf),
    );
  },
};

function findingsOf(run: RunRecord): Finding[] {
  if (controlDbBackupsOf(run).length > 0) return [];
  const asked = run.requests.filter(({ path }) => isControlDbPath(path));
  const request = asked.find(asksForControlDb) ?? asked[0];
  const subject = request === undefined ? 'POST /v1/backup/createControlDbBackup' : nameRequest(request);
  return [
    {
      run: run.run,
      atMs: request?.atMs ?? run.startMs,
      subject,
      expected: 'each run asks for a control database backup by POST, and is answered with a file',
      actual:
        request === undefined ? describeOthers(run) : `answered with ${describeAnswer(request)}, and no other was made`,
    },
  ];
}

function describeOthers({ requests }: Evidence['runs'][number]): string {
  return requests.length === 0
    ? 'the run made no request at all'
    : `none of the ${requests.length} requests of the run asked for one`;
}

/** The cluster itself has refused the method: it was no planned fault, and no fault of the network. */
function askedByAnotherMethodAlone(run: RunRecord): boolean {
  if (endingOf(run) !== 'failed' || run.requests.some(asksForControlDb)) return false;
  return run.requests.some(({ method, path, status, fault }) => {
    return method !== 'HEAD' && isControlDbPath(path) && status === 405 && fault === null;
  });
}
