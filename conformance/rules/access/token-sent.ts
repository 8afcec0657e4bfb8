import type { RunRecord } from '../../journal/evidence.ts';
import { nameRequest } from '../../journal/naming.ts';
import { isBackupRequest } from '../../journal/run-requests.ts';
import { judge, type Finding, type Rule } from '../rule.ts';

/**
 * With access control on, each call is checked by itself: there is no session that the first one opens.
 *
 * What a run asked for is judged however it ended. Health and discovery are not, as the server leaves some of them open.
 */
export const tokenSent: Rule = {
  id: 'access/token-sent',
  level: 'must',
  requirement: 'Send the access token with every call of a backup endpoint.',
  source:
    'Reference guide, Access control: with it on, every call carries the header AxonIQ-Access-Token; docs/backup-endpoints.md, section 7: POST createControlDbBackup takes the role ADMIN, the listings take a role of the context',
  why: 'A call without a token is refused, or sent to the login page with a status that is no error to a client that does not look. On servers that leave an endpoint open by mistake it works, until they are updated.',
  remedy:
    'Put the header AxonIQ-Access-Token on each request where AXONSERVER_TOKEN is set, in the one place that makes requests.',
  timelines: {
    good: `00:00  POST createControlDbBackup                AxonIQ-Access-Token: …  → 200
00:01  GET  log/filenames?context=default        AxonIQ-Access-Token: …  → 200
00:02  GET  eventstore?targetContext=default     AxonIQ-Access-Token: …  → 200`,
    bad: `00:00  POST createControlDbBackup                AxonIQ-Access-Token: …  → 200
00:01  GET  log/filenames?context=default        no token  → 401
00:02  exit 0, without a log`,
  },
  check({ hasAccessControl, runs }) {
    if (!hasAccessControl) return { verdict: 'inconclusive', reason: 'access control was off' };
    const requests = runs.flatMap((run) => run.requests.filter(isBackupRequest));
    return judge(requests.length, 'requests that needed a token', runs.flatMap(findingsOf));
  },
};

/** One for each run: a client that sends none sends none anywhere. */
function findingsOf(run: RunRecord): Finding[] {
  const asked = run.requests.filter(isBackupRequest);
  const bare = asked.filter(({ hasToken }) => !hasToken);
  const [first] = bare;
  if (first === undefined) return [];
  const others = bare.length === 1 ? '' : `, nor did ${bare.length - 1} more of the run's ${asked.length}`;
  return [
    {
      run: run.run,
      atMs: first.atMs,
      subject: nameRequest(first),
      expected: 'the header AxonIQ-Access-Token on every request of a backup',
      actual: `it carried no token${others}`,
    },
  ];
}
