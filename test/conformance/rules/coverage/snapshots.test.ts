import { describe, expect, test } from 'vitest';
import { snapshots } from '../../../../conformance/rules/coverage/snapshots.ts';
import { ended, failing, run } from '../../../support/evidence.ts';
import { ask, goodSegmentRun, segmentEvidence, take } from '../../../support/segment-evidence.ts';

const check = snapshots.check;

describe('coverage/snapshots', () => {
  test('passes where snapshots are asked for, and those that are closed are there', () => {
    expect(check(segmentEvidence([goodSegmentRun(1), goodSegmentRun(2)]))).toEqual({
      verdict: 'pass',
      judged: '2 times that a run had to back up the snapshots of a context',
    });
  });

  test('fails a client that asks for events alone', () => {
    expect(check(segmentEvidence([run({ requests: [ask(2)], after: take(2) })]))).toEqual({
      verdict: 'fail',
      findings: [
        {
          run: 1,
          atMs: null,
          subject: 'context default',
          expected: 'the snapshots of context default in the backup after run 1',
          actual: 'they were not listed: no request asked for it',
        },
      ],
    });
  });

  test('fails a client that shrugs off an error', () => {
    const refused = failing(ask(2, { type: 'SNAPSHOT' }), 0);
    const judgement = check(segmentEvidence([run({ requests: [ask(2), refused], after: take(2) })]));
    expect(judgement).toHaveProperty(
      'findings.0.actual',
      'they were not listed: the request was not answered, and none that followed brought the list',
    );
  });

  test('fails where they were listed and not copied', () => {
    const listed = run({ requests: [ask(2), ask(2, { type: 'SNAPSHOT' })], after: take(2) });
    expect(check(segmentEvidence([listed])).verdict).toBe('fail');
  });

  test('is inconclusive where no run claims to be good; waived where the client declares it', () => {
    const killed = run({ requests: [ask(2)], result: ended(), wasKilled: true });
    expect(check(segmentEvidence([killed])).verdict).toBe('inconclusive');
    expect(snapshots.waivedBy).toEqual(['no-snapshots']);
  });
});
