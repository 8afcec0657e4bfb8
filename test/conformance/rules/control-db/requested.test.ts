import { describe, expect, test } from 'vitest';
import { requested } from '../../../../conformance/rules/control-db/requested.ts';
import {
  ended,
  evidence,
  exited,
  failing,
  goodBackup,
  goodRequests,
  goodRun,
  logListing,
  post,
  request,
  run,
} from '../../../support/evidence.ts';

const byGet = failing({ ...post(), method: 'GET' }, 405, null);

describe('control-db/requested', () => {
  test('passes where each run asks by POST', () => {
    expect(requested.check(evidence({ runs: [goodRun(1), goodRun(2)] }))).toMatchObject({ verdict: 'pass' });
  });

  test('fails where a run never asks', () => {
    const runs = [goodRun(1), goodRun(2, { requests: goodRequests(2).slice(1) })];
    expect(requested.check(evidence({ runs }))).toMatchObject({
      verdict: 'fail',
      findings: [
        {
          run: 2,
          subject: 'POST /v1/backup/createControlDbBackup',
          actual: 'none of the 4 requests of the run asked for one',
        },
      ],
    });
  });

  test('fails where a run asks by GET, and shows what came of it', () => {
    const requests = [byGet, ...goodRequests(1).slice(1)];
    expect(requested.check(evidence({ runs: [goodRun(1, { requests })] }))).toMatchObject({
      verdict: 'fail',
      findings: [
        {
          subject: 'GET /v1/backup/createControlDbBackup (request 1)',
          actual: 'answered with status 405, and no other was made',
        },
      ],
    });
  });

  test('fails where GET is all that a run tries before it fails by itself', () => {
    const runs = [run({ requests: [byGet], result: exited(1) })];
    expect(requested.check(evidence({ runs }))).toMatchObject({ verdict: 'fail' });
  });

  test('fails where the run ends with 0 and no POST was answered', () => {
    const requests = [failing(post()), ...goodRequests(1).slice(1)];
    expect(requested.check(evidence({ runs: [goodRun(1, { requests })] }))).toMatchObject({
      findings: [
        { subject: 'POST /v1/backup/createControlDbBackup (request 1)', actual: expect.stringContaining('503') },
      ],
    });
  });

  test('fails where the client does nothing and calls it good', () => {
    expect(requested.check(evidence({ runs: [run()] }))).toMatchObject({
      findings: [{ actual: 'the run made no request at all' }],
    });
  });

  test('says nothing of runs that failed, were killed or were refused', () => {
    const runs = [
      run({ requests: [failing(post())], result: exited(1) }),
      run({ run: 2, requests: [logListing('default')], result: ended(), wasKilled: true }),
      run({ run: 3, requests: [byGet], result: ended({ hasTimedOut: true }) }),
      run({ run: 4, requests: [request()], result: exited(1) }),
    ];
    expect(requested.check(evidence({ runs }))).toMatchObject({ verdict: 'inconclusive' });
  });

  test.each([
    ['a look at the endpoint by HEAD first', [failing({ ...post(), method: 'HEAD' }, 405, null), post()]],
    ['a GET that is refused before the POST', [byGet, post()]],
    ['the path of the standard edition', [post(undefined, { path: '/createControlDbBackup' })]],
    ['a POST that fails first', [failing(post()), post()]],
    ['discovery before and after', [request(), post(), request({ path: '/actuator/health' })]],
  ])('passes with %s', (_, requests) => {
    const runs = [goodRun(1, { requests: [...requests, ...goodRequests(1).slice(1)], after: goodBackup(1) })];
    expect(requested.check(evidence({ runs }))).toMatchObject({ verdict: 'pass' });
  });
});
