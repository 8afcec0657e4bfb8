import { errorAnswersOf, isRefusal, lastingErrorsOf } from '../../journal/inference/error-answers.ts';
import type { Evidence, RunRecord } from '../../journal/evidence.ts';
import { describeAnswer, nameRequest } from '../../journal/naming.ts';
import { endingOf } from '../../journal/inference/run-ending.ts';
import { judge, type Finding, type Rule } from '../rule.ts';

/**
 * A token that has expired, or that may list and may not create, is the commonest way for a backup to stop working. It
 * shows in the status alone; the body is a word of text.
 *
 * A run that is refused and gets through later, with another token or from another node, has made up for it.
 */
export const refusedIsFailure: Rule = {
  id: 'access/refused-is-failure',
  level: 'must',
  requirement: 'Fail where the server refuses access: 401, 403, or a redirection to the login page.',
  source:
    'README, Judge your client in ten minutes: exit 0 means "this backup is good"; docs/backup-endpoints.md, section 7: no credentials 401 (302 to /login for who accepts text), a bad token 403 with the text "Invalid token", a missing role 403',
  why: 'Each night the job ends well and backs up nothing. It comes out on the day when the backup is needed.',
  remedy:
    'Take 401, 403 and any redirection for a failed run, say which call was refused, and do not follow redirections.',
  timelines: {
    good: `00:00  POST createControlDbBackup  → 403, Invalid token
00:00  stderr: the token was refused, ask for a new one
00:00  exit 1: the last backup stays as it was`,
    bad: `00:00  POST createControlDbBackup  → 403, Invalid token
00:00  GET  log/filenames?context=default  → 403, Invalid token
00:01  nothing to copy, exit 0`,
  },
  check(evidence) {
    const met = evidence.runs.filter((run) => {
      switch (endingOf(run)) {
        case 'claimed-good':
          return errorAnswersOf(evidence, run).some(({ request }) => isRefusal(request));
        // A run that failed may have done so for any refusal at all, discovery included.
        case 'failed':
          return run.requests.some(isRefusal);
        default:
          return false;
      }
    });
    return judge(
      met.length,
      'runs that were refused access',
      met.flatMap((run) => findingsOf(evidence, run)),
    );
  },
};

function findingsOf(evidence: Evidence, run: RunRecord): Finding[] {
  if (endingOf(run) === 'failed') return [];
  const refused = lastingErrorsOf(evidence, run).filter(isRefusal);
  return refused.map((request) => ({
    run: run.run,
    atMs: request.atMs,
    subject: nameRequest(request),
    expected: 'a run that is refused access ends with a non-zero exit code',
    actual: `it was answered with ${describeAnswer(request)}, and the run ended with 0`,
  }));
}
