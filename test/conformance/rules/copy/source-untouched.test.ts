import { describe, expect, test } from 'vitest';
import { sourceUntouched } from '../../../../conformance/rules/copy/source-untouched.ts';
import { exited, run } from '../../../support/evidence.ts';
import { ask, goodSegmentRun, segmentEvidence } from '../../../support/segment-evidence.ts';

const check = sourceUntouched.check;

describe('copy/source-untouched', () => {
  test('passes where the server’s files are as it left them', () => {
    expect(check(segmentEvidence([goodSegmentRun(1), goodSegmentRun(2)]))).toEqual({
      verdict: 'pass',
      judged: '2 runs that were told where the files lie',
    });
  });

  test('fails what a run has done to them, also one that failed', () => {
    const sourceDamage = ['events/default/00000000000000000000.events is gone'];
    const failed = run({ requests: [ask(1)], result: exited(1), sourceDamage });
    expect(check(segmentEvidence([failed]))).toEqual({
      verdict: 'fail',
      findings: [
        {
          run: 1,
          atMs: failed.endMs,
          subject: "the server's folders after run 1",
          expected: 'all files as the server left them, and none beside them',
          actual: 'events/default/00000000000000000000.events is gone',
        },
      ],
    });
  });

  test('is inconclusive where no run was told of any file', () => {
    expect(check(segmentEvidence([run()])).verdict).toBe('inconclusive');
  });
});
