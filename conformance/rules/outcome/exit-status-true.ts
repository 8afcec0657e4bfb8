import { lastingErrorsOf } from '../../journal/inference/error-answers.ts';
import type { Evidence, RunRecord } from '../../journal/evidence.ts';
import { describeAnswer, nameRequest } from '../../journal/naming.ts';
import { shortfallOf } from '../../journal/inference/restore-shortfall.ts';
import { describeEnding, endingOf } from '../../journal/inference/run-ending.ts';
import { controlDbBackupsOf, isBackupRequest } from '../../journal/run-requests.ts';
import { excuseOf } from '../../journal/inference/trouble.ts';
import { judge, type Finding, type Rule } from '../rule.ts';

/**
 * The exit code is the one word that the client says to whoever started it. Monitoring believes it, so it has to be true
 * in both directions.
 *
 * Exit 0 is untrue where the run never asked for a backup, was not given what it asked for, or left what does not
 * restore. A failure is untrue where nothing was wrong; anything that a careful client may take exception to excuses
 * it (journal/inference/trouble.ts), and so does a run that looked around and asked for no backup. No answer at all, a time-out,
 * is never true, and neither is exit 0 of a run that was asked to end in the midst of its work.
 */
export const exitStatusTrue: Rule = {
  id: 'outcome/exit-status-true',
  level: 'must',
  requirement: 'End with 0 exactly where the run has left a backup that restores.',
  source:
    'README, Judge your client in ten minutes: exit 0 means "this backup is good", any other code "this run failed", and a run has a time limit',
  why: 'A job that always ends with 0 is not watched by anyone, and its backups are looked at when they are needed. One that fails without a reason gets its alarm turned off.',
  remedy:
    'Where the finding names something that does not restore, the rule that names its cause fails before this one: begin there. Else set the exit code last, after everything is copied and checked, and from one place, and let every error that is not dealt with reach it. A trap for a signal ends with a code of its own: what cleaned up has well done is no backup.',
  timelines: {
    good: `00:00  POST createControlDbBackup  → 200
00:01  the log is listed and copied
00:02  the disk is full: exit 1`,
    bad: `00:00  POST createControlDbBackup  → 200
00:01  the log is listed; cp: No space left on device
00:02  exit 0: that was the exit code of the last echo`,
  },
  consequenceOf: ['*', 'outcome/restorable', 'outcome/no-loss', 'outcome/previous-survives', 'fault/recovers'],
  check(evidence) {
    const judged = evidence.runs.filter((run) => canBeJudged(evidence, run));
    return judge(
      judged.length,
      'exit codes',
      judged.flatMap((run) => findingsOf(evidence, run)),
    );
  },
};

function canBeJudged(evidence: Evidence, run: RunRecord): boolean {
  switch (endingOf(run)) {
    case 'claimed-good':
    case 'timed-out':
      return true;
    case 'killed':
      return saysItHasFinished(run);
    case 'failed':
      return run.requests.length === 0 || run.requests.some(isBackupRequest) || excuseOf(evidence, run) !== null;
  }
}

function findingsOf(evidence: Evidence, run: RunRecord): Finding[] {
  const finding = { run: run.run, atMs: run.endMs, subject: `the end of run ${run.run}` };
  switch (endingOf(run)) {
    case 'claimed-good': {
      const reasons = reasonsAgainst(evidence, run);
      if (reasons.length === 0) return [];
      return [
        {
          ...finding,
          expected: 'exit 0 only with a backup that restores',
          actual: `exited with 0, but ${reasons.join('; ')}`,
        },
      ];
    }
    case 'timed-out':
      return [{ ...finding, expected: 'the run ends by itself, in time', actual: `it ${describeEnding(run)}` }];
    case 'failed': {
      if (excuseOf(evidence, run) !== null) return [];
      const what =
        run.requests.length === 0 ? 'it made no request to the cluster' : 'every request was answered as it should be';
      return [
        { ...finding, expected: 'exit 0 where nothing went wrong', actual: `it ${describeEnding(run)}, and ${what}` },
      ];
    }
    case 'killed':
      return [
        {
          ...finding,
          expected:
            'a non-zero exit code, or the end that the signal makes, where the run was asked to end before it was done',
          actual: 'it got SIGTERM in the midst of its work, and exited with 0',
        },
      ];
  }
}

/** Whoever is asked to end may do so in any way but this one. */
function saysItHasFinished({ result, wasAskedToEnd }: RunRecord): boolean {
  return wasAskedToEnd === 'unfinished' && result.exitCode === 0;
}

/** Why a run should not have ended with 0. */
function reasonsAgainst(evidence: Evidence, run: RunRecord): string[] {
  if (run.requests.length === 0) return ['it never connected to the cluster'];
  const errors = lastingErrorsOf(evidence, run).map(
    (request) => `${nameRequest(request)} was answered with ${describeAnswer(request)}`,
  );
  const noControlDb = controlDbBackupsOf(run).length === 0 ? ['it got no control database backup'] : [];
  const { problems } = shortfallOf(evidence, run);
  return [...noControlDb, ...errors, ...problems.map(({ where, message }) => `${where}: ${message}`)];
}
