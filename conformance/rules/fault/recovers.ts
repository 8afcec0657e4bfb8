import type { Evidence, RunRecord } from '../../journal/evidence.ts';
import { describeShortfall, isWhole, shortfallOf } from '../../journal/inference/restore-shortfall.ts';
import { describeEnding, endingOf } from '../../journal/inference/run-ending.ts';
import { contextsAbsentFor, hardshipOf, metFault } from '../../journal/inference/trouble.ts';
import { areBesideEachOther } from '../../journal/inference/run-order.ts';
import { judge, type Finding, type Rule } from '../rule.ts';

/**
 * What a failed run leaves behind (half a folder, a lock, a cursor that has moved) must not spoil the next one. Nobody
 * sits beside a nightly backup to clear away after it.
 *
 * Judged is each run that met no fault and comes right after one that did, whatever became of that one. A
 * run that met what no answer says (a listed file that is cleaned away before it can be copied) may fail for it.
 */
export const recovers: Rule = {
  id: 'fault/recovers',
  level: 'must',
  requirement: 'Make a good backup in the first run after faults have stopped, without help.',
  source:
    'README, Judge your client in ten minutes: the backup and state folders are kept between runs, one invocation is one backup; docs/rules.md, Hazards, client-killed: clients are killed between copying and noting, and mid-copy',
  why: 'A client that stumbles over its own remains needs a person to put it right, and until then there is no backup. Worse is one that goes on from a cursor of the failed run: its backups look well and have a hole.',
  remedy:
    'Begin each run as if it were the first after a crash: clear away unfinished work, take a lock that dies with its process, and move cursors only when everything is safe.',
  needsCluster: 'it makes faults, and knows what was acknowledged',
  timelines: {
    good: `02:00  run 1 is killed while it copies segment 100
04:00  run 2 throws away the unfinished copy, and asks with the cursor of before
04:01  exit 0: segment 100 is there, whole`,
    bad: `02:00  run 1 is killed while it copies segment 100
04:00  run 2 finds segment 100 in the folder and does not copy it again
04:01  exit 0, and the restored node reports a bad checksum`,
  },
  consequenceOf: ['*', 'outcome/restorable', 'outcome/no-loss', 'outcome/exit-status-true'],
  check(evidence) {
    const { runs } = evidence;
    const next = runs.filter((run, place) => {
      const before = runs[place - 1];
      if (before === undefined || !metFault(evidence, before) || metFault(evidence, run)) return false;
      return endingOf(run) === 'claimed-good' || !mayFail(evidence, run);
    });
    return judge(
      next.length,
      'runs after faults had stopped',
      next.flatMap((run) => findingsOf(evidence, run)),
    );
  },
};

/** No good backup is to be made where not everything is, or stays; nor by one that leaves the field to another run. */
function mayFail(evidence: Evidence, run: RunRecord): boolean {
  const isBeside = evidence.runs.some((other) => areBesideEachOther(other, run));
  return isBeside || contextsAbsentFor(evidence, run).length > 0 || hardshipOf(evidence, run) !== null;
}

function findingsOf(evidence: Evidence, run: RunRecord): Finding[] {
  const finding = { run: run.run, atMs: run.endMs, expected: 'the first run after the faults makes a good backup' };
  if (endingOf(run) !== 'claimed-good') {
    return [{ ...finding, subject: `run ${run.run}`, actual: `it met no fault, and ${describeEnding(run)}` }];
  }
  const shortfall = shortfallOf(evidence, run);
  if (isWhole(shortfall)) return [];
  return [{ ...finding, subject: `the backup of run ${run.run}`, actual: describeShortfall(shortfall) }];
}
