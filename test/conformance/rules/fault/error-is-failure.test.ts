import { describe, expect, test } from 'vitest';
import { errorIsFailure } from '../../../../conformance/rules/fault/error-is-failure.ts';
import {
  ended,
  evidence,
  exited,
  failing,
  goodRequests,
  goodRun,
  listedFile,
  logListing,
  post,
  request,
  run,
  segmentListing,
  type RequestSketch,
} from '../../../support/evidence.ts';

const [first = {}, ...listings] = goodRequests(1);

describe('fault/error-is-failure', () => {
  test.each([
    ['the POST', failing(post()), 'POST /v1/backup/createControlDbBackup (request 1)', 'status 503'],
    [
      'the log',
      failing(logListing('default'), 500),
      'GET /v1/backup/log/filenames?context=default (request 1)',
      'status 500',
    ],
    [
      'events',
      failing(segmentListing(), 0, 'reset'),
      'GET /v1/backup/eventstore?targetContext=default&type=EVENT (request 1)',
      'nothing: the connection broke off',
    ],
    [
      'half a body',
      failing(logListing('_admin'), 200, 'truncateAt 20'),
      'GET /v1/backup/log/filenames?context=_admin (request 1)',
      'status 200 with a body that is no answer (truncateAt 20)',
    ],
    [
      'a page for a path',
      post(listedFile('<html>', { checksum: null, sizeBytes: null }), { fault: 'body' }),
      'POST /v1/backup/createControlDbBackup (request 1)',
      'status 200 with a body that is no answer (body)',
    ],
  ])('fails where an error for %s is followed by exit 0', (_, sketch: RequestSketch, subject, answer) => {
    expect(errorIsFailure.check(evidence({ runs: [run({ requests: [sketch] })] }))).toMatchObject({
      verdict: 'fail',
      findings: [
        { run: 1, subject, actual: `it was answered with ${answer}, nothing made up for it, and the run ended with 0` },
      ],
    });
  });

  test('passes where the run fails', () => {
    const runs = [goodRun(1), run({ run: 2, requests: [failing(post())], result: exited(3) })];
    expect(errorIsFailure.check(evidence({ runs }))).toMatchObject({ verdict: 'pass' });
  });

  test('passes where the run fails since discovery was not answered', () => {
    const runs = [run({ requests: [post(), request({ status: 0 })], result: exited(1) })];
    expect(errorIsFailure.check(evidence({ runs }))).toMatchObject({ verdict: 'pass' });
  });

  test.each([
    ['the next attempt', [failing(first), first, ...listings]],
    ['the other path', [failing(post(undefined, { path: '/createControlDbBackup' }), 404, null), first, ...listings]],
    ['another node', [failing(first), { ...first, node: 'node-2' }, ...listings]],
    ['the older endpoint', [first, failing(segmentListing(), 404, null), segmentListing({}, filenames('default'))]],
    ['what it was told before by the same endpoint', [first, ...listings, failing(segmentListing())]],
    ['a control database from another node', [first, ...listings, failing({ ...first, node: 'node-2' }, 0, null)]],
  ])('passes where an error is made good by %s', (_, requests) => {
    expect(errorIsFailure.check(evidence({ runs: [goodRun(1, { requests })] }))).toMatchObject({ verdict: 'pass' });
  });

  test.each([
    ['another group', [failing(logListing('default')), logListing('_admin')]],
    ['the other type', [failing(segmentListing()), segmentListing({ type: 'SNAPSHOT' })]],
    [
      'the list of closed segments, which it had before',
      [segmentListing({}, filenames('default')), failing(segmentListing())],
    ],
  ])('fails where an error is followed by %s', (_, requests) => {
    expect(errorIsFailure.check(evidence({ runs: [run({ requests })] }))).toMatchObject({ verdict: 'fail' });
  });

  test('says nothing where there was no error, or none for what had to be backed up, or the run did not get to say', () => {
    const runs = [
      goodRun(1),
      run({
        run: 2,
        requests: [
          failing(request({ path: '/v1/public/context' }), 404, null),
          failing(segmentListing({ context: '_admin' }), 503, null),
          failing(logListing('other'), 500, null),
          failing({ ...logListing('default'), method: 'HEAD' }, 200, null),
          ...listings,
        ],
      }),
      run({ run: 3, requests: [failing(post())], result: ended(), wasKilled: true }),
      run({ run: 4, requests: [failing(post())], result: ended({ hasTimedOut: true }) }),
      run({ run: 5, requests: [post(undefined, { fault: 'delay 5s' })] }),
    ];
    expect(errorIsFailure.check(evidence({ runs }))).toMatchObject({ verdict: 'inconclusive' });
  });

  // It came out as a time-out alone, which says nothing of the error that it would have gone on asking through.
  test('fails a run that asks again until its time is over', () => {
    const requests = [failing(post()), failing(post()), failing(post())];
    const runs = [run({ run: 1, requests, result: ended({ hasTimedOut: true }) })];
    expect(errorIsFailure.check(evidence({ runs }))).toMatchObject({
      verdict: 'fail',
      findings: [
        {
          run: 1,
          subject: 'POST /v1/backup/createControlDbBackup (request 3)',
          expected: 'after a few attempts the run ends with a non-zero exit code',
          actual:
            'it was answered with status 503, as 2 requests before it were, and the run asked on until its time was over',
        },
      ],
    });
  });
});

function filenames(context: string): RequestSketch {
  return { path: '/v1/backup/filenames', query: { context, type: 'EVENT' } };
}
