import { describe, expect, test } from 'vitest';
import type { BackupFile } from '../../../../conformance/journal/inventory.ts';
import { overwritten } from '../../../../conformance/rules/open-segment/overwritten.ts';
import { exited, run, segmentName } from '../../../support/evidence.ts';
import {
  ask,
  goodSegmentRun,
  goodSegments,
  overwrite,
  segmentEvidence,
  take,
} from '../../../support/segment-evidence.ts';

const check = overwritten.check;
const copyOfRun = (number: number, segment: number): BackupFile[] =>
  goodSegments(number).filter(({ name }) => name === segmentName(segment));

describe('open-segment/overwritten', () => {
  test('passes a client that copies whatever is listed', () => {
    expect(check(segmentEvidence([goodSegmentRun(1), goodSegmentRun(2)]))).toEqual({
      verdict: 'pass',
      judged: '2 segments that have changed since a run had them when they were not closed yet',
    });
  });

  test('fails an old copy of a segment that has closed', () => {
    const after = overwrite(goodSegments(2), copyOfRun(1, 52));
    expect(check(segmentEvidence([goodSegmentRun(1), goodSegmentRun(2, { after })]))).toEqual({
      verdict: 'fail',
      findings: [
        {
          run: 2,
          atMs: Date.UTC(2024, 0, 1, 4, 0, 1),
          subject: `events/default/${segmentName(52)}`,
          expected: `the events of context default as GET /v1/backup/eventstore?targetContext=default&type=EVENT&lastClosedSegmentBackedUp=26 (request 101) has ${segmentName(52)}: closed, with its last bytes`,
          actual:
            'the bytes that run 2 found in the backup when it began; the segment was still written when run 1 asked at 2024-01-01T02:00:01.000Z',
        },
      ],
    });
  });

  test('fails an old copy of a segment that is still open, also in a new archive', () => {
    const grown = { closed: [0, 26], open: 52, openAs: 'later' };
    const old = take(1);
    const second = (after: BackupFile[]) =>
      run({ run: 2, requests: [ask(2, { state: grown, cursor: 26 })], before: old, after });
    const judgement = check(segmentEvidence([goodSegmentRun(1), second(old)]));
    expect(judgement).toHaveProperty('findings.0.expected', expect.stringContaining('still open, with other bytes'));
    const repacked = old.map((file) => ({ ...file, path: `run-2.tar!${file.name}`, writtenInRun: 2, recency: 2 }));
    expect(check(segmentEvidence([goodSegmentRun(1), second([...old, ...repacked])])).verdict).toBe('fail');
    expect(check(segmentEvidence([goodSegmentRun(1), second(take(2, { state: grown }))])).verdict).toBe('pass');
    const since = old.map((file) => (file.name === segmentName(52) ? { ...file, checksum: 'sha-since' } : file));
    expect(check(segmentEvidence([goodSegmentRun(1), second(since)])).verdict).toBe('pass');
  });

  test('lets what closes while a run is under way wait for the next', () => {
    const later = { closed: [0, 26, 52], open: 78, openAs: 'later' };
    const second = run({
      run: 2,
      requests: [ask(1, { cursor: 26, closedOnly: true }), ask(2, { cursor: 26, closedOnly: true, state: later })],
      before: goodSegments(1),
      after: goodSegments(1),
    });
    expect(check(segmentEvidence([goodSegmentRun(1), second])).verdict).toBe('inconclusive');
  });

  test('judges a client that finds the open segment by itself, by its copies', () => {
    const questions = [{ cursor: 26, closedOnly: true }];
    const runs = (after: BackupFile[]) => [
      run({ requests: [ask(1, { closedOnly: true })], after: take(1) }),
      run({ run: 2, requests: questions.map((question) => ask(2, question)), before: take(1), after }),
    ];
    expect(check(segmentEvidence(runs(goodSegments(2)))).verdict).toBe('pass');
    expect(check(segmentEvidence(runs(overwrite(goodSegments(2), copyOfRun(1, 52))))).verdict).toBe('fail');
    const grown = { closed: [0, 26], open: 52, openAs: 'later' };
    const second = (after: BackupFile[]) =>
      run({ run: 2, requests: [ask(2, { closedOnly: true, state: grown })], before: take(1), after });
    const judgeOf = (after: BackupFile[]) => check(segmentEvidence([...runs([]).slice(0, 1), second(after)])).verdict;
    expect(judgeOf(take(2, { state: grown }))).toBe('pass');
    // Nothing tells whether it has grown.
    expect(judgeOf(take(1))).toBe('inconclusive');
  });

  test('leaves a new copy with wrong bytes to copy/faithful', () => {
    const after = goodSegments(2).map((file) => (file.name === segmentName(52) ? { ...file, checksum: 'half' } : file));
    expect(check(segmentEvidence([goodSegmentRun(1), goodSegmentRun(2, { after })])).verdict).toBe('pass');
  });

  test('is inconclusive where no open segment was listed again, or none had changed', () => {
    expect(check(segmentEvidence([goodSegmentRun(1)])).verdict).toBe('inconclusive');
    const unchanged = [2, 3].map((number) => goodSegmentRun(number));
    expect(check(segmentEvidence(unchanged)).verdict).toBe('inconclusive');
    const failed = [goodSegmentRun(1, { result: exited(1) }), goodSegmentRun(2)];
    expect(check(segmentEvidence(failed)).verdict).toBe('inconclusive');
  });

  test('is waived for clients that leave the open segment out', () => {
    expect(overwritten.waivedBy).toEqual(['no-open-segment']);
  });
});
