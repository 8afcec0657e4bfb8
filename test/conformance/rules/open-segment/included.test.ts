import { describe, expect, test } from 'vitest';
import { included } from '../../../../conformance/rules/open-segment/included.ts';
import { exited, loss, restoration, run, segmentName } from '../../../support/evidence.ts';
import {
  ask,
  goodSegmentRun,
  goodSegments,
  overwrite,
  segmentEvidence,
  take,
} from '../../../support/segment-evidence.ts';

const check = included.check;

describe('open-segment/included', () => {
  test('passes a client that copies the open segments', () => {
    expect(check(segmentEvidence([goodSegmentRun(1), goodSegmentRun(2), goodSegmentRun(3)]))).toEqual({
      verdict: 'pass',
      judged: '6 open segments that a run was to copy',
    });
  });

  test('fails a client that lists closed segments alone', () => {
    const after = take(1).filter(({ name }) => name !== segmentName(52));
    expect(check(segmentEvidence([run({ requests: [ask(1, { closedOnly: true })], after })]))).toEqual({
      verdict: 'fail',
      findings: [
        {
          run: 1,
          atMs: Date.UTC(2024, 0, 1, 2, 0, 1),
          subject: 'GET /v1/backup/filenames?context=default&type=EVENT (request 1)',
          expected:
            'a copy of segment 52 of the events of context default, which was open on node-1 at 2024-01-01T02:00:01.000Z',
          actual: `no ${segmentName(52)} in the backup`,
        },
      ],
    });
  });

  test('fails the copy of an earlier run where the segment has grown since', () => {
    const state = { closed: [0, 26], open: 52, openAs: 'later' };
    const second = run({ run: 2, requests: [ask(2, { state, cursor: 26 })], before: take(1), after: take(1) });
    const judgement = check(segmentEvidence([goodSegmentRun(1), second]));
    expect(judgement).toHaveProperty(
      'findings.0.actual',
      `only the older copy of run 1, events/default/${segmentName(52)}`,
    );
  });

  test('passes the copy of an earlier run where nothing has changed since', () => {
    const after = goodSegments(2);
    expect(check(segmentEvidence([goodSegmentRun(2), goodSegmentRun(3, { before: after, after })])).verdict).toBe(
      'pass',
    );
  });

  test('passes one of the segments that were open while the run asked', () => {
    const first = run({ requests: [ask(1), ask(2, { cursor: 26 })], after: take(1) });
    expect(check(segmentEvidence([first])).verdict).toBe('pass');
  });

  test('passes an open segment that was copied though no list has it', () => {
    const after = overwrite(take(1), take(1, {}, { checksum: 'sha-by-hand' }).slice(-1));
    expect(check(segmentEvidence([run({ requests: [ask(1, { closedOnly: true })], after })])).verdict).toBe('pass');
  });

  /* Of a release that lists closed segments alone: 0 is closed, 26 is full and waits for its index, 52 is open. */
  const waiting = { state: { closed: [0], open: 52, openAs: 'a' }, closedOnly: true };
  const lists = { openSegments: false, currentLog: false, log: true };

  test('tells what is lost of segments that were full and in no list', () => {
    const lost = restoration({ losses: [loss({ events: 30, firstToken: 26n, lastToken: 55n })] });
    const judgement = check(segmentEvidence([run({ requests: [ask(1, waiting)], restoration: lost })], { lists }));
    expect(judgement).toMatchObject({
      verdict: 'fail',
      isOfUnlisted: true,
      findings: [
        {
          expected:
            'copies of the events of context default that were full on node-1 and not closed yet: the last closed one was 0, and 52 was open',
          actual: expect.stringMatching(
            /^no list of this release has them, .* 30 events of default \(tokens 26 to 55\) are lost/,
          ),
        },
      ],
    });
  });

  test.each([
    ['of the open segment alone, which these releases do not list', loss({ firstToken: 52n, lastToken: 55n })],
    ['of a closed segment, which is another rule’s affair', loss({ firstToken: 3n, lastToken: 55n })],
    ['of another store', loss({ firstToken: 26n, lastToken: 30n, context: 'orders' })],
  ])('does not tell it of a loss %s', (_, lost) => {
    const runs = [run({ requests: [ask(1, waiting)], restoration: restoration({ losses: [lost] }) })];
    expect(check(segmentEvidence(runs, { lists }))).not.toHaveProperty('isOfUnlisted');
  });

  test('is inconclusive where no run claims to be good; waived where the client declares it', () => {
    expect(check(segmentEvidence([goodSegmentRun(1, { result: exited(1) })])).verdict).toBe('inconclusive');
    expect(included.waivedBy).toEqual(['no-open-segment']);
  });
});
