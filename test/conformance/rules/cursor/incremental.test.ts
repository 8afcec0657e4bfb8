import { describe, expect, test } from 'vitest';
import { incremental } from '../../../../conformance/rules/cursor/incremental.ts';
import { ended, exited, run } from '../../../support/evidence.ts';
import { ask, goodSegmentRun, segmentEvidence } from '../../../support/segment-evidence.ts';

const check = incremental.check;

describe('cursor/incremental', () => {
  test('passes a client that sends its cursor', () => {
    expect(check(segmentEvidence([goodSegmentRun(1), goodSegmentRun(2), goodSegmentRun(3)]))).toEqual({
      verdict: 'pass',
      judged: '3 later listings that asked for what is new alone',
    });
  });

  test.each([
    ['no cursor', {}],
    ['cursor -1', { cursor: -1 }],
  ])('fails a client that loses its cursor with an empty list (%s)', (described, question) => {
    const third = goodSegmentRun(3, { requests: [ask(3, question)] });
    expect(check(segmentEvidence([goodSegmentRun(1), goodSegmentRun(2), third]))).toEqual({
      verdict: 'fail',
      findings: [
        {
          run: 3,
          atMs: Date.UTC(2024, 0, 1, 6, 0, 1),
          subject: expect.stringContaining('(request 201)'),
          expected:
            'a cursor for the events of context default: run 2 was told at 2024-01-01T04:00:01.000Z that 78 is the last closed segment',
          actual: `${described}: of 13 files that are listed, 12 belong to segments up to that`,
        },
      ],
    });
  });

  test('does not mind a second request for everything', () => {
    const second = goodSegmentRun(2, { requests: [ask(2, { cursor: 26 }), ask(2, { closedOnly: true })] });
    expect(check(segmentEvidence([goodSegmentRun(1), second])).verdict).toBe('pass');
  });

  test('does not judge who begins anew on another node, or after a run that failed', () => {
    const elsewhere = run({ run: 2, node: 'node-2', requests: [ask(2, { node: 'node-2' })] });
    expect(check(segmentEvidence([goodSegmentRun(1), elsewhere])).verdict).toBe('inconclusive');
    const failed = goodSegmentRun(2, { requests: [], result: exited(1) });
    const third = goodSegmentRun(3, { requests: [ask(3)] });
    expect(check(segmentEvidence([goodSegmentRun(1), failed, third])).verdict).toBe('inconclusive');
  });

  test('is inconclusive where there is no later run, or nothing was closed before', () => {
    expect(check(segmentEvidence([goodSegmentRun(1)])).verdict).toBe('inconclusive');
    const snapshots = [1, 2].map((number) => run({ run: number, requests: [ask(number, { type: 'SNAPSHOT' })] }));
    expect(check(segmentEvidence(snapshots)).verdict).toBe('inconclusive');
  });

  // Release 4.6 counts before it lists: it may call nothing closed, and list a closed segment.
  test('demands no cursor where the answer before told of no closed segment', () => {
    const first = goodSegmentRun(1);
    const counted = first.requests.map((request) =>
      request.answer.kind === 'segments' ? { ...request, answer: { ...request.answer, countedSegment: -1n } } : request,
    );
    const second = goodSegmentRun(2, { requests: [ask(2)] });
    expect(check(segmentEvidence([{ ...first, requests: counted }, second])).verdict).toBe('inconclusive');
  });

  // A client lists everything without a cursor to see whether the disk has room; killed there, it has asked for nothing else.
  test('says nothing of a run that ended badly before it came to its POST', () => {
    const looked = run({ run: 2, requests: [ask(2)], result: ended(), wasKilled: true });
    expect(check(segmentEvidence([goodSegmentRun(1), looked])).verdict).toBe('inconclusive');
  });
});
