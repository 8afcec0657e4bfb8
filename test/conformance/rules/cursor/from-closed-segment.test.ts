import { describe, expect, test } from 'vitest';
import { fromClosedSegment } from '../../../../conformance/rules/cursor/from-closed-segment.ts';
import { exited, post, problem, restoration, run } from '../../../support/evidence.ts';
import { ask, goodSegmentRun, goodSegments, segmentEvidence } from '../../../support/segment-evidence.ts';

const check = fromClosedSegment.check;
const askedEvents = (cursor: number) => goodSegmentRun(2, { requests: [ask(2, { cursor })] });

describe('cursor/from-closed-segment', () => {
  test('passes a client that sends the last closed segment of its last run', () => {
    expect(check(segmentEvidence([goodSegmentRun(1), goodSegmentRun(2)]))).toEqual({
      verdict: 'pass',
      judged: '2 later listings that asked with a closed segment or for everything',
    });
  });

  test('passes a client that always asks for everything', () => {
    const runs = [goodSegmentRun(1), run({ run: 2, requests: [ask(2), ask(2, { type: 'SNAPSHOT', cursor: -1 })] })];
    expect(check(segmentEvidence(runs)).verdict).toBe('pass');
  });

  test('fails the number of the segment that was open, though it has closed meanwhile', () => {
    expect(check(segmentEvidence([goodSegmentRun(1), askedEvents(52)]))).toEqual({
      verdict: 'fail',
      findings: [
        {
          run: 2,
          atMs: Date.UTC(2024, 0, 1, 4, 0, 1),
          subject:
            'GET /v1/backup/eventstore?targetContext=default&type=EVENT&lastClosedSegmentBackedUp=52 (request 101)',
          expected:
            'a closed segment of the events of context default as the cursor: 26 was the highest when run 1 asked node-1 at 2024-01-01T02:00:01.000Z',
          actual:
            'cursor 52: segment 52 was the open one when run 1 asked node-1 at 2024-01-01T02:00:01.000Z: what it gained since is left out',
        },
      ],
    });
  });

  // A client listed everything before the POST, without a cursor, to see how much there was; the mistake stands behind it.
  test('judges the cursor that was sent behind the POST, where the same was asked for without one before it', () => {
    const asked = (cursor: number) => [ask(2), post(), ask(2, { cursor })];
    const runs = (cursor: number) => [goodSegmentRun(1), goodSegmentRun(2, { requests: asked(cursor) })];
    expect(check(segmentEvidence(runs(52))).verdict).toBe('fail');
    expect(check(segmentEvidence(runs(26))).verdict).toBe('pass');
  });

  test('fails the open segment where nothing was closed', () => {
    const runs = [goodSegmentRun(1), goodSegmentRun(2, { requests: [ask(2, { type: 'SNAPSHOT', cursor: 0 })] })];
    const judgement = check(segmentEvidence(runs));
    expect(judgement).toHaveProperty(
      'findings.0.expected',
      'no cursor, or -1: no segment of the snapshots of context default was closed when run 1 asked node-1 at 2024-01-01T02:00:02.000Z',
    );
  });

  test.each([
    ['one more than the last closed segment', 27],
    ['the count of the listed files', 7],
    ['the last event of the closed segments', 51],
    ['a segment that closed since, of which it was never told', 78],
  ])('fails %s', (_, cursor) => {
    const judgement = check(segmentEvidence([goodSegmentRun(1), askedEvents(cursor)]));
    expect(judgement).toHaveProperty(
      'findings.0.actual',
      `cursor ${cursor}: ${cursor} is the number of no segment that was closed when run 1 asked node-1 at 2024-01-01T02:00:01.000Z: closed were 0, 26, open was 52`,
    );
  });

  test('passes a segment that was closed in any earlier answer, that of a failed run among them', () => {
    const failed = goodSegmentRun(2, { result: exited(1) });
    const runs = [goodSegmentRun(1), failed, goodSegmentRun(3, { requests: [ask(3, { cursor: 78 })] })];
    expect(check(segmentEvidence(runs)).verdict).toBe('pass');
  });

  test('passes a closed segment of the node that was asked before, and leaves what it skips to other rules', () => {
    const runs = [
      goodSegmentRun(1),
      run({ run: 2, node: 'node-2', requests: [ask(2, { node: 'node-2', cursor: 26 })], after: goodSegments(2) }),
    ];
    expect(check(segmentEvidence(runs)).verdict).toBe('pass');
  });

  test('judges the lowest cursor of a run: what another request leaves out, this one brings', () => {
    const runs = [
      goodSegmentRun(1),
      goodSegmentRun(2, { requests: [ask(2, { cursor: 1000 }), ask(2, { cursor: 26 })] }),
    ];
    expect(check(segmentEvidence(runs)).verdict).toBe('pass');
  });

  test('is inconclusive where there is no later run, or none came to a good end before', () => {
    expect(check(segmentEvidence([goodSegmentRun(1)])).verdict).toBe('inconclusive');
    expect(check(segmentEvidence([run({ requests: [ask(1, { cursor: 0 })] })])).verdict).toBe('inconclusive');
    const failed = goodSegmentRun(1, { result: exited(1) });
    expect(check(segmentEvidence([failed, goodSegmentRun(2, { requests: [ask(2)] })])).verdict).toBe('inconclusive');
  });

  // Without this the restore alone said that something was wrong, and not what.
  test('fails a cursor of one node that is used for another, where the backup does not join', () => {
    const requests = [ask(2, { cursor: 26, node: 'node-2' })];
    const whole = goodSegmentRun(2, { requests });
    expect(check(segmentEvidence([goodSegmentRun(1), whole])).verdict).toBe('pass');
    const broken = goodSegmentRun(2, { requests, restoration: restoration({ problems: [problem('event-gap')] }) });
    expect(check(segmentEvidence([goodSegmentRun(1), broken]))).toMatchObject({
      verdict: 'fail',
      findings: [
        {
          run: 2,
          expected: 'a cursor of node-2 itself, or none: segments begin elsewhere on each node',
          actual: 'cursor 26 is a segment of node-1; on node-2 closed were 0, 39',
        },
      ],
    });
  });
});
