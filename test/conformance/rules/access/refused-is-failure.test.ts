import { describe, expect, test } from 'vitest';
import { refusedIsFailure } from '../../../../conformance/rules/access/refused-is-failure.ts';
import {
  ended,
  evidence,
  exited,
  failing,
  goodRequests,
  goodRun,
  post,
  request,
  run,
} from '../../../support/evidence.ts';

const refused = [failing(post(), 403, null)];

describe('access/refused-is-failure', () => {
  test('passes where a refused run fails', () => {
    const runs = [goodRun(1), run({ run: 2, requests: refused, result: exited(2) })];
    expect(refusedIsFailure.check(evidence({ runs }))).toMatchObject({ verdict: 'pass' });
  });

  test.each([401, 403, 302])('fails where %d is shrugged off', (status) => {
    const requests = goodRequests(1).map((sketch) => failing(sketch, status, null));
    expect(refusedIsFailure.check(evidence({ runs: [run({ requests })] }))).toMatchObject({
      verdict: 'fail',
      findings: requests.map(() => ({
        run: 1,
        actual: `it was answered with status ${status}, and the run ended with 0`,
      })),
    });
  });

  test('passes where the run gets through later', () => {
    const runs = [goodRun(1, { requests: [...refused, ...goodRequests(1)] })];
    expect(refusedIsFailure.check(evidence({ runs }))).toMatchObject({ verdict: 'pass' });
  });

  test('says nothing where no backup was refused, or the run did not get to say', () => {
    const runs = [
      run({ requests: [failing(post(), 503)], result: exited(1) }),
      run({ run: 2, requests: [failing(request(), 401, null), ...goodRequests(2)] }),
      run({ run: 3, requests: refused, result: ended(), wasKilled: true }),
    ];
    expect(refusedIsFailure.check(evidence({ runs }))).toMatchObject({ verdict: 'inconclusive' });
  });
});
