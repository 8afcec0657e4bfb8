import { describe, expect, test } from 'vitest';
import { basePath } from '../../../../conformance/rules/access/base-path.ts';
import { evidence, exited, failing, goodRequests, goodRun, post, request, run } from '../../../support/evidence.ts';

const below = { basePath: '/axonserver-1' };
const outside = (path: string): string => `(outside of the base path) ${path}`;

describe('access/base-path', () => {
  test('passes where each request goes below it', () => {
    expect(basePath.check(evidence({ ...below, runs: [goodRun(1)] }))).toMatchObject({ verdict: 'pass' });
  });

  test('fails once for a run whose requests miss it, and says where they had to go', () => {
    const missed = [failing(post(undefined, { path: outside('/v1/backup/createControlDbBackup') }), 404, null)];
    const runs = [
      run({ requests: [...missed, request({ path: outside('/v1/public/me'), status: 404 })], result: exited(1) }),
    ];
    expect(basePath.check(evidence({ ...below, runs }))).toMatchObject({
      verdict: 'fail',
      isTheReason: true,
      findings: [
        {
          run: 1,
          subject: 'POST (outside of the base path) /v1/backup/createControlDbBackup (request 1)',
          expected: 'POST /axonserver-1/v1/backup/createControlDbBackup: all of the server lies below /axonserver-1',
          actual:
            "the request missed the base path, and was answered with status 404, and so did 1 more of the run's 2",
        },
      ],
    });
  });

  test('takes what is asked for in both places for a probe', () => {
    const probe = request({ path: outside('/v1/backup/createControlDbBackup'), status: 404 });
    const runs = [goodRun(1, { requests: [probe, ...goodRequests(1)] })];
    expect(basePath.check(evidence({ ...below, runs }))).toMatchObject({ verdict: 'pass' });
  });

  test('says nothing of a server at the root, or without requests', () => {
    expect(basePath.check(evidence())).toMatchObject({ verdict: 'inconclusive' });
    expect(basePath.check(evidence({ ...below, runs: [run()] }))).toMatchObject({ verdict: 'inconclusive' });
  });
});
