import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../../../../conformance/journal/evidence.ts';
import { neverSkips } from '../../../../conformance/rules/cursor/never-skips.ts';
import { ended, exited, run, segmentName } from '../../../support/evidence.ts';
import {
  ask,
  goodSegmentRun,
  goodSegments,
  overwrite,
  segmentEvidence,
  take,
  type StoreState,
} from '../../../support/segment-evidence.ts';

const check = neverSkips.check;
const withoutSegment = (record: RunRecord, segment: number): RunRecord => ({
  ...record,
  after: { ...record.after, files: record.after.files.filter(({ name }) => name !== segmentName(segment)) },
});

describe('cursor/never-skips', () => {
  test('passes where every closed segment is there', () => {
    expect(check(segmentEvidence([goodSegmentRun(1), goodSegmentRun(2), goodSegmentRun(3)]))).toEqual({
      verdict: 'pass',
      judged: '12 closed segments that a run was told of or left out with its cursor',
    });
  });

  test('fails a cursor of 0 in the first run', () => {
    const first = run({ requests: [ask(1, { cursor: 0 })], after: take(1, { cursor: 0 }) });
    expect(check(segmentEvidence([first]))).toEqual({
      verdict: 'fail',
      findings: [
        {
          run: 1,
          atMs: Date.UTC(2024, 0, 1, 2, 0, 1),
          subject: 'GET /v1/backup/eventstore?targetContext=default&type=EVENT&lastClosedSegmentBackedUp=0 (request 1)',
          expected:
            'in the backup after run 1: 0 of the events of context default, closed on node-1 when run 1 asked at 2024-01-01T02:00:01.000Z',
          actual: 'not there: the cursor 0 leaves out all up to it, and no earlier run has them whole',
        },
      ],
    });
  });

  test('fails a cursor that jumps over segments, and tells of each once', () => {
    const jumped = overwrite(goodSegments(1), take(2, { cursor: 78 }));
    const runs = [
      goodSegmentRun(1),
      run({ run: 2, requests: [ask(2, { cursor: 78 })], before: goodSegments(1), after: jumped }),
      run({ run: 3, requests: [ask(3, { cursor: 78 })], before: jumped, after: jumped }),
    ];
    const judgement = check(segmentEvidence(runs));
    expect(judgement).toHaveProperty('findings.length', 1);
    expect(judgement).toHaveProperty(
      'findings.0.actual',
      'not there: the cursor 78 leaves out all up to it, and no earlier run has them whole; of 52 there is a copy that holds a part, from when it was still written',
    );
  });

  test('takes no copy of an open segment for the closed one that the cursor leaves out', () => {
    const after = overwrite(goodSegments(1), take(2, { cursor: 52 }));
    const second = run({ run: 2, requests: [ask(2, { cursor: 52 })], before: goodSegments(1), after });
    expect(check(segmentEvidence([goodSegmentRun(1), second])).verdict).toBe('fail');
    // An archive that is written anew has old bytes with a new date.
    const archived = after.map((file) => ({ ...file, container: 'all.tar', writtenInRun: 2 }));
    const repacked = run({ run: 2, requests: [ask(2, { cursor: 52 })], before: goodSegments(1), after: archived });
    expect(check(segmentEvidence([goodSegmentRun(1), repacked])).verdict).toBe('fail');
  });

  test('knows a half copy by the time of the roll-over, also where it grew since it was listed', () => {
    const grown = goodSegments(1).map((file) =>
      file.name === segmentName(52) ? { ...file, checksum: 'sha-more' } : file,
    );
    const after = overwrite(grown, take(2, { cursor: 52 }));
    const runs = [
      goodSegmentRun(1, { after: grown }),
      run({ run: 2, requests: [ask(2, { cursor: 52 })], before: grown, after }),
    ];
    expect(check(segmentEvidence(runs)).verdict).toBe('fail');
  });

  test('fails a listed segment that was not copied', () => {
    const judgement = check(segmentEvidence([withoutSegment(goodSegmentRun(1), 26)]));
    expect(judgement).toHaveProperty('findings.length', 1);
    expect(judgement).toHaveProperty('findings.0.actual', 'not there, although the answer names it');
  });

  test('leaves the bytes of what was listed to other rules', () => {
    const stale = goodSegments(1).find(({ name }) => name === segmentName(52));
    const after = goodSegments(2).map((file) => (file.name === segmentName(52) && stale ? stale : file));
    const runs = [goodSegmentRun(1), goodSegmentRun(2, { after }), goodSegmentRun(3, { before: after, after })];
    expect(check(segmentEvidence(runs)).verdict).toBe('pass');
  });

  test('counts tokens, not names, where nodes have other boundaries', () => {
    const node2: StoreState = { closed: [0, 39], open: 78, openAs: 'run-2-on-node-2' };
    const second = (cursor: number) =>
      run({
        run: 2,
        node: 'node-2',
        requests: [ask(2, { node: 'node-2', cursor })],
        before: goodSegments(1),
        after: overwrite(goodSegments(1), take(2, { node: 'node-2', state: node2, cursor })),
      });
    // 0 and 26 of node-1 hold what 0 of node-2 does; nobody has the tokens from 52 on that 39 of node-2 holds.
    expect(check(segmentEvidence([goodSegmentRun(1), second(26)])).verdict).toBe('pass');
    const judgement = check(segmentEvidence([goodSegmentRun(1), second(39)]));
    expect(judgement).toHaveProperty(
      'findings.0.expected',
      'in the backup after run 2: 39 of the events of context default, closed on node-2 when run 2 asked at 2024-01-01T04:00:01.000Z',
    );
  });

  test('asks nothing of a run that does not claim to be good', () => {
    const failed = run({ requests: [ask(1, { cursor: 26 })], result: exited(3) });
    const killed = run({ run: 2, requests: [ask(2, { cursor: 26 })], result: ended(), wasKilled: true });
    const late = run({ run: 3, requests: [ask(3, { cursor: 26 })], result: ended({ hasTimedOut: true }) });
    expect(check(segmentEvidence([failed, killed, late])).verdict).toBe('inconclusive');
  });

  test('is inconclusive where nothing was closed', () => {
    const state: StoreState = { closed: [], open: 0, openAs: 'empty' };
    expect(check(segmentEvidence([run({ requests: [ask(1, { state })] })], { events: [] })).verdict).toBe(
      'inconclusive',
    );
  });
});
