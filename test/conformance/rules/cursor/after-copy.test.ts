import { describe, expect, test } from 'vitest';
import { afterCopy } from '../../../../conformance/rules/cursor/after-copy.ts';
import { ended, exited, run, segmentName } from '../../../support/evidence.ts';
import {
  ask,
  goodSegmentRun,
  goodSegments,
  overwrite,
  segmentEvidence,
  take,
} from '../../../support/segment-evidence.ts';

const check = afterCopy.check;
const killed = { result: ended(), wasKilled: true } as const;
const without = (...segments: number[]) =>
  goodSegments(2).filter(({ name }) => !segments.some((segment) => name.startsWith(segmentName(segment).slice(0, 20))));
/** Run 2 is told of 52 and 78, and dies when it has copied 52. */
const killedMidCopy = goodSegmentRun(2, { after: without(78), ...killed });

describe('cursor/after-copy', () => {
  test('passes a client that asks with its old cursor again', () => {
    const next = run({
      run: 3,
      requests: [ask(3, { cursor: 26 }), ask(3, { type: 'SNAPSHOT' })],
      before: without(78),
      after: goodSegments(3),
    });
    expect(check(segmentEvidence([goodSegmentRun(1), killedMidCopy, next]))).toEqual({
      verdict: 'pass',
      judged: '1 closed segments that a run had listed and did not bring to safety',
    });
  });

  test('fails a cursor that was noted before the files were copied', () => {
    const next = run({
      run: 3,
      requests: [ask(3, { cursor: 78 })],
      before: without(78),
      after: overwrite(without(78), take(3, { cursor: 78 })),
    });
    expect(check(segmentEvidence([goodSegmentRun(1), killedMidCopy, next]))).toEqual({
      verdict: 'fail',
      findings: [
        {
          run: 3,
          atMs: Date.UTC(2024, 0, 1, 6, 0, 1),
          subject:
            'GET /v1/backup/eventstore?targetContext=default&type=EVENT&lastClosedSegmentBackedUp=78 (request 201)',
          expected:
            'a cursor below 78: run 2 was killed by SIGKILL when it had listed of the events of context default, and not copied whole: 78',
          actual: 'cursor 78, which leaves them out; they are not whole in the backup after run 3 either',
        },
      ],
    });
  });

  test('fails a cursor that passes over a file that was cut short', () => {
    const cut = goodSegments(2).map((file) =>
      file.name === segmentName(78) ? { ...file, checksum: 'sha-half' } : file,
    );
    const runs = [
      goodSegmentRun(1),
      goodSegmentRun(2, { after: cut, result: exited(1) }),
      goodSegmentRun(3, { before: cut, after: cut }),
    ];
    expect(check(segmentEvidence(runs)).verdict).toBe('fail');
  });

  test('passes a cursor that moved with what was safe, one segment at a time', () => {
    const next = run({ run: 3, requests: [ask(3, { cursor: 52 })], before: without(78), after: goodSegments(3) });
    expect(check(segmentEvidence([goodSegmentRun(1), killedMidCopy, next])).verdict).toBe('pass');
  });

  test('passes a cursor beyond it where the files are in the backup in the end', () => {
    const next = goodSegmentRun(3, { before: without(78) });
    expect(check(segmentEvidence([goodSegmentRun(1), killedMidCopy, next])).verdict).toBe('pass');
  });

  test('looks at the next run that claims a good backup, and at the same node', () => {
    const failing = goodSegmentRun(3, { before: without(78), after: without(78), result: exited(1) });
    const elsewhere = run({ run: 3, node: 'node-2', requests: [ask(3, { node: 'node-2' })], after: without(78) });
    expect(check(segmentEvidence([goodSegmentRun(1), killedMidCopy, failing])).verdict).toBe('inconclusive');
    expect(check(segmentEvidence([goodSegmentRun(1), killedMidCopy, elsewhere])).verdict).toBe('inconclusive');
    const last = goodSegmentRun(4, { before: without(78), after: overwrite(without(78), take(4, { cursor: 78 })) });
    expect(check(segmentEvidence([goodSegmentRun(1), killedMidCopy, failing, last])).verdict).toBe('fail');
  });

  test('is inconclusive where no run came to grief, or none before it was done', () => {
    expect(check(segmentEvidence([1, 2, 3].map((number) => goodSegmentRun(number)))).verdict).toBe('inconclusive');
    const done = goodSegmentRun(2, killed);
    expect(check(segmentEvidence([goodSegmentRun(1), done, goodSegmentRun(3)])).verdict).toBe('inconclusive');
    const early = run({ run: 2, requests: [], ...killed });
    expect(check(segmentEvidence([goodSegmentRun(1), early, goodSegmentRun(3)])).verdict).toBe('inconclusive');
  });
});
