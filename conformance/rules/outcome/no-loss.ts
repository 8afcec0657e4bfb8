import type { Evidence, RunRecord } from '../../journal/evidence.ts';
import { formatTime } from '../../journal/naming.ts';
import { describeLoss, describeLostChanges, shortfallOf } from '../../journal/inference/restore-shortfall.ts';
import { claimedRunsOf } from '../../journal/inference/run-ending.ts';
import { copiedZipsOf } from '../../journal/in-backup/control-db-in-backup.ts';
import { controlDbBackupsOf } from '../../journal/run-requests.ts';
import { judge, type Finding, type Rule } from '../rule.ts';

/**
 * A backup can be sound and hold too little. What was acknowledged to an application before the run asked for the
 * control database has to be there after a restore, event by event, and change by change in `_admin`.
 *
 * Where the backup goes without the open segment, closed segments alone are judged. A backup that does not restore
 * tells nothing of what it holds, unless something is known to be missing all the same.
 */
export const noLoss: Rule = {
  id: 'outcome/no-loss',
  level: 'must',
  requirement: 'Bring back everything that was acknowledged before the control database backup of the run.',
  source:
    'Reference guide, Backups: the control database, the log and the event store together are a full backup of what is committed; conformance/README.md, Rooms: the result of a restore is held against the ledger',
  why: 'Events that were acknowledged and are gone are decisions that an application has made and no longer knows of. Nothing in the restored server shows that they ever were.',
  remedy:
    'See which tokens are missing, and in which segment they lie. Most often it is a cursor that has passed a segment by, or a log that was not copied whole: the cursor and log rules say which.',
  needsCluster: 'it knows what was acknowledged, and when',
  timelines: {
    good: `04:00:00  POST createControlDbBackup; 90211 events are acknowledged
04:00:09  exit 0
restore   events 0 to 90210 of default are there`,
    bad: `04:00:00  POST createControlDbBackup; 90211 events are acknowledged
04:00:09  exit 0
restore   events 0 to 89999 of default are there
          211 events are lost, written over 3m 31s`,
  },
  consequenceOf: ['*', 'outcome/restorable'],
  check(evidence) {
    const runs = claimedRunsOf(evidence).filter((run) => canBeJudged(evidence, run));
    return judge(
      runs.length,
      'restored backups',
      runs.flatMap((run) => findingsOf(evidence, run)),
    );
  },
};

function canBeJudged(evidence: Evidence, run: RunRecord): boolean {
  const { problems, losses, lostChanges } = shortfallOf(evidence, run);
  return problems.length === 0 || losses.length > 0 || lostChanges > 0;
}

function findingsOf(evidence: Evidence, run: RunRecord): Finding[] {
  const { losses, lostChanges } = shortfallOf(evidence, run);
  const node = copiedZipsOf(run).find(({ file }) => file.path === run.restoration.choice.controlDb)?.made.node;
  const posted = controlDbBackupsOf(run).findLast((made) => node === undefined || made.node === node);
  const moment =
    posted === undefined ? `the run began, at ${formatTime(run.startMs)}` : `its POST, at ${formatTime(posted.atMs)}`;
  const expected = `the backup of run ${run.run} brings back all that was acknowledged before ${moment}`;
  const changes = lostChanges === 0 ? [] : [describeLostChanges(lostChanges)];
  return [
    ...losses.map((loss) => ({
      run: run.run,
      atMs: run.endMs,
      subject: `${loss.type === 'EVENT' ? 'events' : 'snapshots'} of context ${loss.context}`,
      expected,
      actual: describeLoss(loss),
    })),
    ...changes.map((actual) => ({
      run: run.run,
      atMs: run.endMs,
      subject: 'replication group _admin',
      expected,
      actual,
    })),
  ];
}
