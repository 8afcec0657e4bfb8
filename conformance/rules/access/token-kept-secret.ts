import { judge, type Rule } from '../rule.ts';

/**
 * Logs are kept, mailed and pasted into tickets, and backups leave the house. The token that may read every event has no
 * business in either.
 */
export const tokenKeptSecret: Rule = {
  id: 'access/token-kept-secret',
  level: 'should',
  requirement: 'Keep the access token out of the output and out of the backup.',
  source:
    'README, Judge your client in ten minutes: the token is given in the environment and goes into a header; docs/backup-endpoints.md, section 2.3: the server itself stores the hash of a token, never the token',
  why: 'Whoever reads the log of the nightly job, or gets hold of a backup, can then read and write every context that the token is good for.',
  remedy:
    'Do not print requests with their headers, do not trace the shell (`set -x`) around them, and write no configuration with the token in it into the backup folder.',
  timelines: {
    good: `00:00  POST /v1/backup/createControlDbBackup
00:00  stdout: asking node-1 for its control database
00:04  exit 0: the token stands in no line and in no file`,
    bad: `00:00  + curl -H 'AxonIQ-Access-Token: f3b1c9d2-…' -X POST http://node-1:8024/v1/backup/createControlDbBackup
00:00  stderr: the line above, for whoever reads the log
00:04  exit 0: the token is kept with the logs of the nightly jobs`,
  },
  check({ hasAccessControl, runs }) {
    if (!hasAccessControl) return { verdict: 'inconclusive', reason: 'access control was off' };
    const told = runs.filter(
      ({ requests, tokenSightings }) => requests.some(({ hasToken }) => hasToken) || tokenSightings.length > 0,
    );
    return judge(
      told.length,
      'runs that used a token',
      told.flatMap(({ run, endMs, tokenSightings }) =>
        tokenSightings.map((place) => ({
          run,
          atMs: endMs,
          subject: place,
          expected: 'the token goes into a header, and nowhere else',
          actual: 'the token stands in it, for whoever reads it',
        })),
      ),
    );
  },
};
