import { describe, expect, test } from 'vitest';
import type { ClusterEvent } from '../../../../server/index.ts';
import type { RunRecord } from '../../../../conformance/journal/evidence.ts';
import { exitStatusTrue } from '../../../../conformance/rules/outcome/exit-status-true.ts';
import {
  ended,
  evidence,
  exited,
  failing,
  goodRequests,
  goodRun,
  listedFile,
  logListing,
  logName,
  post,
  problem,
  request,
  restoration,
  run,
  segmentListing,
} from '../../../support/evidence.ts';

const behind = restoration({ problems: [problem('events-behind-control-db')] });

describe('outcome/exit-status-true', () => {
  test('passes where good runs end with 0 and bad ones do not', () => {
    const runs = [goodRun(1), run({ run: 2, requests: [failing(post())], result: exited(1) })];
    expect(exitStatusTrue.check(evidence({ runs }))).toMatchObject({ verdict: 'pass', judged: '2 exit codes' });
  });

  test('fails where exit 0 stands for a backup that does not restore', () => {
    const runs = [goodRun(1, { restoration: restoration({ problems: [problem('log-gap', '_admin')] }) })];
    expect(exitStatusTrue.check(evidence({ runs }))).toMatchObject({
      verdict: 'fail',
      findings: [{ run: 1, subject: 'the end of run 1', actual: 'exited with 0, but _admin: log-gap in _admin' }],
    });
  });

  test('fails where exit 0 stands for an error, though the last backup is still there and restores', () => {
    const runs = [goodRun(1), goodRun(2, { requests: goodRequests(2).map((sketch) => failing(sketch)) })];
    const judgement = exitStatusTrue.check(evidence({ runs }));
    expect(judgement).toMatchObject({ verdict: 'fail', findings: [{ run: 2 }] });
    expect(JSON.stringify(judgement)).toContain('it got no control database backup');
    expect(JSON.stringify(judgement)).toContain(
      'log/filenames?context=default (request 103) was answered with status 503',
    );
  });

  test('fails where a run that is asked to end does so with 0 before it is done, and says that alone', () => {
    const asked = goodRun(2, { wasKilled: true, wasAskedToEnd: 'unfinished', restoration: behind });
    expect(exitStatusTrue.check(evidence({ runs: [goodRun(1), asked] }))).toMatchObject({
      verdict: 'fail',
      findings: [{ run: 2, actual: 'it got SIGTERM in the midst of its work, and exited with 0' }],
    });
  });

  test('takes every other end of a run that is asked for it, and 0 where it has finished', () => {
    const ends: Array<Pick<Partial<RunRecord>, 'wasAskedToEnd' | 'result' | 'restoration'>> = [
      { wasAskedToEnd: 'finished' },
      { wasAskedToEnd: 'unfinished', result: exited(1), restoration: behind },
      { wasAskedToEnd: 'unfinished', result: ended({ signal: 'SIGTERM' }), restoration: behind },
    ];
    const runs = ends.map((end, place) => goodRun(place + 1, { wasKilled: true, ...end }));
    expect(exitStatusTrue.check(evidence({ runs }))).toMatchObject({ verdict: 'pass', judged: '1 exit codes' });
  });

  test('fails where a client that never connected ends with 0, or with anything else', () => {
    expect(exitStatusTrue.check(evidence({ runs: [run()] }))).toMatchObject({
      findings: [{ actual: 'exited with 0, but it never connected to the cluster' }],
    });
    expect(exitStatusTrue.check(evidence({ runs: [run({ result: exited(127) })] }))).toMatchObject({
      findings: [{ actual: 'it exited with 127, and it made no request to the cluster' }],
    });
  });

  test('takes it that a run fails where a listed segment cannot be read', () => {
    const gone = { node: 'node-1', context: 'default', name: '00000000000000000100.events' };
    const refuses = goodRun(1, { result: exited(1), outOfReach: [gone] });
    expect(exitStatusTrue.check(evidence({ runs: [refuses] }))).toMatchObject({ verdict: 'pass' });
  });

  test('passes where a run fails at a node that does not hold everything, asked or not', () => {
    const absentContexts = new Map([['node-2', ['orders']]]);
    const refuses = run({ node: 'node-2', result: exited(1) });
    expect(exitStatusTrue.check(evidence({ absentContexts, runs: [refuses] }))).toMatchObject({ verdict: 'pass' });
    expect(exitStatusTrue.check(evidence({ absentContexts, runs: [{ ...refuses, node: 'node-1' }] }))).toMatchObject({
      verdict: 'fail',
    });
  });

  test('fails where a run takes too long', () => {
    const runs = [goodRun(1, { result: ended({ hasTimedOut: true, signal: 'SIGTERM' }) })];
    expect(exitStatusTrue.check(evidence({ runs }))).toMatchObject({
      findings: [{ actual: 'it did not end in time and was ended by SIGTERM' }],
    });
  });

  test('fails where a run fails though nothing went wrong', () => {
    const crashed = ended({ signal: 'SIGSEGV' });
    expect(exitStatusTrue.check(evidence({ runs: [goodRun(1, { result: exited(1) })] }))).toMatchObject({
      findings: [{ actual: 'it exited with 1, and every request was answered as it should be' }],
    });
    expect(exitStatusTrue.check(evidence({ runs: [goodRun(1, { result: crashed })] }))).toMatchObject({
      findings: [{ actual: expect.stringContaining('it was ended by SIGSEGV') }],
    });
  });

  const { startMs } = goodRun(1);
  const failed = { result: exited(1) };
  test.each<readonly [string, RunRecord, readonly ClusterEvent[]]>([
    ['an error that was made good', goodRun(1, { ...failed, requests: [failing(post()), ...goodRequests(1)] }), []],
    ['a slow answer', goodRun(1, { ...failed, requests: [post(undefined, { fault: 'delay 5s' })] }), []],
    ['a missing page of discovery', goodRun(1, { ...failed, requests: [request({ status: 404 }), post()] }), []],
    [
      'a context that the node does not have',
      goodRun(1, { ...failed, requests: [post(), segmentListing({ openSegment: null, lastClosedSegment: -1n })] }),
      [],
    ],
    [
      'a listed file that does not exist',
      goodRun(1, {
        ...failed,
        requests: [post(), logListing('default', [listedFile(logName(1), { checksum: null })])],
      }),
      [],
    ],
    [
      'a log that was cleaned under its hands',
      goodRun(1, failed),
      [{ kind: 'log-cleaned', atMs: startMs + 4000, node: 'node-1', group: 'default', removed: [1], firstIndex: 101 }],
    ],
    ['a node that went down', goodRun(1, failed), [{ kind: 'node-crashed', atMs: startMs + 4000, node: 'node-1' }]],
  ])('passes where a run fails for %s', (_, failedRun, events) => {
    expect(exitStatusTrue.check(evidence({ runs: [failedRun], events }))).toMatchObject({ verdict: 'pass' });
  });

  test('passes where a run fails beside another', () => {
    const runs = [goodRun(1), goodRun(2, { ...failed, startMs: startMs + 1000 })];
    expect(exitStatusTrue.check(evidence({ runs }))).toMatchObject({ verdict: 'pass' });
  });

  test('says nothing of a run that was killed, or that looked around and gave up', () => {
    const runs = [
      goodRun(1, { result: ended(), wasKilled: true }),
      run({ run: 2, requests: [request()], result: exited(1) }),
    ];
    expect(exitStatusTrue.check(evidence({ runs }))).toMatchObject({ verdict: 'inconclusive' });
  });

  test('takes what a client without open segments leaves for what it has declared', () => {
    const runs = [goodRun(1, { restoration: behind })];
    expect(exitStatusTrue.check(evidence({ runs }))).toMatchObject({ verdict: 'fail' });
    expect(exitStatusTrue.check(evidence({ runs, capabilities: ['no-open-segment'] }))).toMatchObject({
      verdict: 'pass',
    });
  });
});
