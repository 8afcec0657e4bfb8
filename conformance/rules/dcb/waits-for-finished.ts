import type { Evidence, RunRecord } from '../../journal/evidence.ts';
import {
  finishedFor,
  missingOf,
  startedBy,
  tellsOfEnd,
  type StartedPush,
} from '../../journal/inference/pushed-backups.ts';
import { claimedRunsOf } from '../../journal/inference/run-ending.ts';
import { judge, type Finding, type Judgement, type Rule } from '../rule.ts';

/**
 * POST /v2/backup answers at once; the server writes behind that. What lies in the location before it says FINISHED is half of a
 * backup, whatever it looks like.
 *
 * Judged is the newest that a run that claims a good backup has begun of each context: it has to be finished, the run has to have
 * been told so, and all that the server has written by then has to be in the backup as it was written.
 */
export const waitsForFinished: Rule = {
  id: 'dcb/waits-for-finished',
  level: 'must',
  requirement:
    'Ask for the state of a backup that the server writes until it is FINISHED, and take all that is there then.',
  source:
    'Reference guide of 2025.2 and later, Backups: the location may be copied once the backup is finished; docs/newer-versions.md, section 3',
  why: 'Whoever copies the location earlier has some of the files, and the first part of others. The state is the only sign: files appear under their own names while the server is still at work.',
  remedy:
    'GET /v2/backup/<id>, with the id that the POST was answered with, until its backupState is FINISHED; wait a little between two questions, and fail the run where it is FAILED, or where the server no longer knows it. Only then copy, pack, or count what lies in the location.',
  timelines: {
    good: `02:00:05  POST /v2/backup  → an id
02:00:06  GET  /v2/backup/<id>  → {"backupState":"RUNNING"}
02:00:09  GET  /v2/backup/<id>  → {"backupState":"FINISHED"}
02:00:10  the location is packed`,
    bad: `02:00:05  POST /v2/backup  → an id
02:00:05  the location is packed: three files of forty
02:00:06  exit 0`,
  },
  consequenceOf: ['dcb/location-not-live'],
  needsCluster: 'when the server has finished, and what it has written',
  check,
};

function check(evidence: Evidence): Judgement {
  const pushes = claimedRunsOf(evidence).flatMap((run) => newestOf(evidence, run).map((push) => ({ run, push })));
  const findings = pushes.flatMap(({ run, push }) => findingsOf(evidence, run, push));
  return judge(pushes.length, 'backups that the server was asked to write', findings);
}

/** Of each context. */
function newestOf({ events }: Evidence, run: RunRecord): StartedPush[] {
  return [...new Map(startedBy(events, run).map((push) => [push.context, push])).values()];
}

function findingsOf({ events }: Evidence, run: RunRecord, { context, id }: StartedPush): Finding[] {
  const finding = {
    run: run.run,
    atMs: run.endMs,
    subject: `the backup of ${context} that the server wrote in run ${run.run}`,
    expected: 'the run goes on until it is told FINISHED, and has all that the server has written by then',
  };
  const finished = finishedFor(events, run).find((each) => each.id === id);
  if (finished === undefined) {
    const failed = events.find((event) => event.kind === 'dcb-backup-failed' && event.id === id);
    const actual =
      failed === undefined ? 'the run ended while the server was still writing' : 'it failed, and the run ended with 0';
    return [{ ...finding, actual }];
  }
  if (!run.requests.some((request) => tellsOfEnd(request, finished))) {
    return [{ ...finding, actual: 'the run never asked for its state once it was finished, and could not know that' }];
  }
  const missing = missingOf(finished.files, run.after);
  const [first] = missing;
  if (first === undefined) return [];
  const actual = `${missing.length} of ${finished.files.length} files are missing, or are not as the server has left them: ${first}`;
  return [{ ...finding, actual }];
}
