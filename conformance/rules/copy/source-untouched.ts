import type { Evidence } from '../../journal/evidence.ts';
import { segmentListingsOf, logListingsOf, controlDbBackupsOf } from '../../journal/run-requests.ts';
import { judge, type Judgement, type Rule } from '../rule.ts';

/** The files that an answer names are the live ones. There is no other copy of them on that node. */
export const sourceUntouched: Rule = {
  id: 'copy/source-untouched',
  level: 'must',
  requirement: 'Leave the folders of the server as they are: read, and nothing else.',
  source:
    'Reference guide, Backups: the answers name files to be copied; README, Judge your client in ten minutes: they may be read, never changed; docs/event-segment-format.md, section 1 (a directory scan takes every name for a segment)',
  why: 'A segment that is moved away is gone for the server. A file that is put beside the segments, or locked, or cut short, can keep it from starting: names that are no numbers end the start-up.',
  remedy: 'Open the files for reading alone; put temporary files into the backup folder, never beside the source.',
  needsCluster: 'it knows all files of its nodes as it left them',
  timelines: {
    good: `02:00:05  run 1 is told of segment 0 and reads it
02:00:06  the server still has it, to the byte`,
    bad: `02:00:05  run 1 is told of segment 0 and moves it into the backup
02:00:06  the server cannot read its first events any more
03:00:00  the node is restarted, and does not come up`,
  },
  check,
};

function check({ runs }: Evidence): Judgement {
  const told = runs.filter((run) =>
    [segmentListingsOf(run), logListingsOf(run), controlDbBackupsOf(run)].some((answers) => answers.length > 0),
  );
  const findings = runs.flatMap((run) =>
    run.sourceDamage.map((damage) => ({
      run: run.run,
      atMs: run.endMs,
      subject: `the server's folders after run ${run.run}`,
      expected: 'all files as the server left them, and none beside them',
      actual: damage,
    })),
  );
  return judge(told.length, 'runs that were told where the files lie', findings);
}
