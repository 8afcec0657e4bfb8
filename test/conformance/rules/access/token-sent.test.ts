import { describe, expect, test } from 'vitest';
import { tokenSent } from '../../../../conformance/rules/access/token-sent.ts';
import { evidence, exited, failing, goodRequests, goodRun, post, request, run } from '../../../support/evidence.ts';

const withToken = goodRequests(1).map((sketch) => ({ ...sketch, hasToken: true }));

describe('access/token-sent', () => {
  test('passes where each request carries the token', () => {
    const runs = [goodRun(1, { requests: withToken })];
    expect(tokenSent.check(evidence({ hasAccessControl: true, runs }))).toMatchObject({ verdict: 'pass' });
  });

  test('fails once for a run in which some do not', () => {
    const requests = withToken.map((sketch, place) => ({ ...sketch, hasToken: place < 2 }));
    const runs = [goodRun(1, { requests }), goodRun(2, { requests: withToken })];
    expect(tokenSent.check(evidence({ hasAccessControl: true, runs }))).toMatchObject({
      verdict: 'fail',
      findings: [
        {
          run: 1,
          subject: 'GET /v1/backup/log/filenames?context=default (request 3)',
          actual: "it carried no token, nor did 2 more of the run's 5",
        },
      ],
    });
  });

  test.each(['/v1/backup/createControlDbBackup', '/createControlDbBackup'])(
    'fails where %s is called without, and the run fails',
    (path) => {
      const runs = [run({ requests: [failing(post(undefined, { path }), 401, null)], result: exited(1) })];
      expect(tokenSent.check(evidence({ hasAccessControl: true, runs }))).toMatchObject({
        findings: [{ actual: 'it carried no token' }],
      });
    },
  );

  test('passes where discovery goes without', () => {
    const runs = [goodRun(1, { requests: [request(), request({ path: '/actuator/health' }), ...withToken] })];
    expect(tokenSent.check(evidence({ hasAccessControl: true, runs }))).toMatchObject({ verdict: 'pass' });
  });

  test('says nothing without access control, or without requests', () => {
    expect(tokenSent.check(evidence())).toMatchObject({ verdict: 'inconclusive' });
    expect(tokenSent.check(evidence({ hasAccessControl: true, runs: [run()] }))).toMatchObject({
      verdict: 'inconclusive',
    });
  });

  test('shows no parameter that could be a token', () => {
    const query = { context: 'default', 'AxonIQ-Access-Token': 'f3b1c9d2' };
    const runs = [run({ requests: [request({ path: '/v1/backup/log/filenames', query })] })];
    expect(JSON.stringify(tokenSent.check(evidence({ hasAccessControl: true, runs })))).not.toContain('f3b1c9d2');
  });
});
