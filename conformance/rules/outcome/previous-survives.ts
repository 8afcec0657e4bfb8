import type { Evidence, RunRecord } from '../../journal/evidence.ts';
import { describeShortfall, isWhole, shortfallOf } from '../../journal/inference/restore-shortfall.ts';
import { describeEnding, endingOf } from '../../journal/inference/run-ending.ts';
import { judge, type Finding, type Rule } from '../rule.ts';

/**
 * The trouble that ends a backup is the trouble that one needs the last backup for. A run that works on the only good one
 * in place has none while it runs, and none where it ends early.
 *
 * Judged is each run that failed, was killed or took too long after one that was good: what it left must restore, and
 * hold what that one promised; or what that one left must do so by itself, without what has come beside it since. Where the
 * good one was good in name only, there was nothing to keep. What has come beside it counts where nothing marks it as
 * unfinished: whoever restores takes the newest. A client that declares `in-place` writes over its only copy, as
 * the manual's text has it: its history is the affair of what it writes to, and nothing of this applies.
 */
export const previousSurvives: Rule = {
  id: 'outcome/previous-survives',
  level: 'must',
  requirement: 'Leave the last good backup restorable where a run fails or is killed.',
  source:
    'README, Judge your client in ten minutes: the backup folder is kept between runs, and what lies in it is the backup; docs/rules.md, Hazards, client-killed: clients are killed mid-copy, mid-POST, and before they note their cursor',
  why: 'Half a new log beside a new control database and old events is no backup of either moment. If the server is lost in that hour, there is nothing.',
  remedy:
    'Build the new backup beside the old one, out of the sight of whoever restores (in another folder, or under a name such as `x.partial`), and put it into place with renames when it is whole; remove the old one last. A link, or a text that names the good backup, is changed then and not before.',
  needsCluster: 'it kills runs, and knows what was acknowledged',
  timelines: {
    good: `02:00  run 1: control database, log and events, exit 0
04:00  run 2 copies into a folder of its own, and is killed
04:01  the folder of run 1 restores as before`,
    bad: `02:00  run 1: control database, log and events, exit 0
04:00  run 2 puts its control database into the place of the old one, empties the log folder, and is killed
04:01  a control database without a log: nothing restores`,
  },
  consequenceOf: ['*', 'outcome/restorable'],
  waivedBy: ['in-place'],
  check(evidence) {
    const pairs = pairsOf(evidence);
    return judge(
      pairs.length,
      'runs that came to nothing after a good one',
      pairs.flatMap((pair) => findingsOf(evidence, pair)),
    );
  },
};

interface Pair {
  readonly failed: RunRecord;
  /** The last run before it that claimed a good backup, and had one. */
  readonly good: RunRecord;
}

function pairsOf(evidence: Evidence): Pair[] {
  let good: RunRecord | null = null;
  const pairs: Pair[] = [];
  for (const run of evidence.runs) {
    if (endingOf(run) === 'claimed-good') good = isWhole(shortfallOf(evidence, run)) ? run : null;
    else if (good !== null) pairs.push({ failed: run, good });
  }
  return pairs;
}

function findingsOf(evidence: Evidence, { failed, good }: Pair): Finding[] {
  const shortfall = shortfallOf(evidence, failed, good);
  const alone = { ...failed, ...failed.lastGoodAlone };
  if (isWhole(shortfall) || isWhole(shortfallOf(evidence, alone, good))) return [];
  return [
    {
      run: failed.run,
      atMs: failed.endMs,
      subject: `the backup of run ${good.run}, after run ${failed.run}`,
      expected: `it restores as it did before run ${failed.run}, which ${describeEnding(failed)}`,
      actual: `${describeHalf(failed)}${describeShortfall(shortfall)}`,
    },
  ];
}

function describeHalf({ unmarkedHalf }: RunRecord): string {
  return unmarkedHalf === undefined ? '' : `${unmarkedHalf} is unfinished, and nothing marks it as that: `;
}
