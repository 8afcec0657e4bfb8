import { errorAnswersOf, lastingErrorsOf } from '../../journal/inference/error-answers.ts';
import type { Evidence, RequestRecord, RunRecord } from '../../journal/evidence.ts';
import { describeAnswer, nameRequest } from '../../journal/naming.ts';
import { endingOf } from '../../journal/inference/run-ending.ts';
import { judge, type Finding, type Rule } from '../rule.ts';

/**
 * An error has a body too, and a careless client takes it for a list, or for nothing new. What it was asked for is then
 * not in the backup, and nobody is told.
 *
 * A run may ask again, and be given it; see journal/inference/error-answers.ts for when an error counts as made good, and for
 * whose errors count at all. One that asks again until its time is over says nothing to anybody, which is not better. A run
 * that was killed claims nothing.
 */
export const errorIsFailure: Rule = {
  id: 'fault/error-is-failure',
  level: 'must',
  requirement: 'Take no error for an answer: what stays unanswered makes the run fail.',
  source:
    'README, Judge your client in ten minutes: exit 0 means "this backup is good"; docs/backup-endpoints.md, sections 1.5 and 1.6: errors come with JSON, with text, or with no body at all',
  why: 'A listing that failed looks like one with nothing new, and the backup goes without the files. A zip that was not made leaves the one of the last run in its place, with a log that does not fit it.',
  remedy:
    'Look at the status of every answer, and at whether the body is what was asked for, before anything else. Ask again a few times if you like; then end with a non-zero exit code.',
  timelines: {
    good: `00:01  GET log/filenames?context=default  → 503
00:02  GET log/filenames?context=default  → 503
00:02  exit 1: no backup this time, and the last one is left alone`,
    bad: `00:01  GET log/filenames?context=default  → 503, with {"timestamp": …}
00:01  no list in it, so nothing to copy
00:02  exit 0, with the log of the last run beside a new control database`,
  },
  consequenceOf: ['access/*'],
  check(evidence) {
    const met = evidence.runs.filter((run) => metError(evidence, run));
    return judge(
      met.length,
      'runs that met an error',
      met.flatMap((run) => findingsOf(evidence, run)),
    );
  },
};

/** A run that failed may have done so for any request at all that a server did not serve, discovery included. */
function metError(evidence: Evidence, run: RunRecord): boolean {
  const hasAskedInVain = errorAnswersOf(evidence, run).length > 0;
  switch (endingOf(run)) {
    case 'claimed-good':
      return hasAskedInVain;
    case 'failed':
      return hasAskedInVain || run.requests.some(({ status }) => status === 0 || status >= 500);
    case 'timed-out':
      return isStillAsking(evidence, run);
    case 'killed':
      return false;
  }
}

/** Whether the last that a run asked for was what had failed before: it would have gone on for ever. */
function isStillAsking(evidence: Evidence, run: RunRecord): boolean {
  const lasting = lastingErrorsOf(evidence, run);
  return lasting.length > 1 && lasting.at(-1)?.ordinal === run.requests.at(-1)?.ordinal;
}

function findingsOf(evidence: Evidence, run: RunRecord): Finding[] {
  if (endingOf(run) === 'failed') return [];
  if (endingOf(run) === 'timed-out') return [describeRetries(lastingErrorsOf(evidence, run))];
  return lastingErrorsOf(evidence, run).map((request) => ({
    run: run.run,
    atMs: request.atMs,
    subject: nameRequest(request),
    expected: 'after an error the run gets the answer later, or ends with a non-zero exit code',
    actual: `it was answered with ${describeAnswer(request)}, nothing made up for it, and the run ended with 0`,
  }));
}

function describeRetries(errors: readonly RequestRecord[]): Finding {
  const last = errors.at(-1);
  if (last === undefined) throw new Error('a run that met no error has no retries');
  return {
    run: last.run,
    atMs: last.atMs,
    subject: nameRequest(last),
    expected: 'after a few attempts the run ends with a non-zero exit code',
    actual: `it was answered with ${describeAnswer(last)}, as ${errors.length - 1} requests before it were, and the run asked on until its time was over`,
  };
}
