import type { Evidence, RunRecord } from '../../journal/evidence.ts';
import { startedBy } from '../../journal/inference/pushed-backups.ts';
import { claimedRunsOf } from '../../journal/inference/run-ending.ts';
import { judge, type Finding, type Judgement, type Rule } from '../rule.ts';

/**
 * A context with a dynamic consistency boundary has no list of files. Its folder holds databases that the server writes to at all
 * times, and only the server can write a backup of them that belongs together. Which contexts are such the client is told.
 */
export const pushed: Rule = {
  id: 'dcb/pushed',
  level: 'must',
  requirement:
    'Have the server write the backup of each context with a dynamic consistency boundary; pull none of its files.',
  source:
    'Reference guide of 2025.2 and later, Backups: contexts with a dynamic consistency boundary; docs/newer-versions.md, section 3',
  why: 'Files that are copied from under a running server belong to different moments, and no server need open them. A context that nobody asks a backup of is in none.',
  remedy:
    'For each name in AXONSERVER_DCB_CONTEXTS: POST /v2/backup with {"context": …, "location": …} in JSON, where location is a folder of yours that the server can write to, such as one below BACKUP_DIR. Look at the variable in each run: a plain context can become such a one.',
  timelines: {
    good: `02:00:05  POST /v2/backup {"context":"billing","location":"/backup/run-7/dcb"}  → an id
02:00:06  GET  /v2/backup/<id>  → {"backupState":"FINISHED"}`,
    bad: `02:00:05  cp -r …/events/billing /backup/run-7/events/
02:00:06  exit 0, with files of which each is of another moment`,
  },
  needsCluster: 'which contexts have a dynamic consistency boundary, and what the server was asked to write',
  check,
};

function check(evidence: Evidence): Judgement {
  const runs = claimedRunsOf(evidence);
  const looked = runs.reduce((sum, { dcbContexts = [] }) => sum + dcbContexts.length, 0);
  const findings = runs.flatMap((run) =>
    (run.dcbContexts ?? []).flatMap((context) => findingsOf(evidence, run, context)),
  );
  return judge(looked, 'times that a run had to have a context written by the server', findings);
}

function findingsOf({ events }: Evidence, run: RunRecord, context: string): Finding[] {
  const pulled = (run.after.ofDcb ?? []).find(
    ({ path, name, writtenInRun }) => name === LOCK && isBelow(path, context) && writtenInRun === run.run,
  );
  const finding = {
    run: run.run,
    atMs: run.endMs,
    subject: `the context ${context} in run ${run.run}`,
    expected: 'the server is asked to write its backup, and none of its live files is copied',
  };
  if (pulled !== undefined) {
    const actual = `${pulled.path} is in the backup, which lies in the live folder alone: that was copied from under the running server`;
    return [{ ...finding, actual }];
  }
  if (startedBy(events, run).some((push) => push.context === context)) return [];
  return [{ ...finding, actual: 'no POST /v2/backup for it that the server took' }];
}

/** Whoever has a part of it open holds one; no backup has it. */
const LOCK = 'LOCK';

function isBelow(path: string, context: string): boolean {
  return path.split(/[/!]/).includes(context);
}
