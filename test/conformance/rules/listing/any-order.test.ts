import { describe, expect, test } from 'vitest';
import type { ListedFile } from '../../../../conformance/journal/evidence.ts';
import { anyOrder } from '../../../../conformance/rules/listing/any-order.ts';
import { exited, run, segmentName } from '../../../support/evidence.ts';
import { ask, goodSegmentRun, segmentEvidence, take } from '../../../support/segment-evidence.ts';

const check = anyOrder.check;
const descending = (files: readonly ListedFile[]) => files.toSorted((a, b) => (a.name < b.name ? 1 : -1));
const twice = (files: readonly ListedFile[]) =>
  files.flatMap((file) => [file, { ...file, path: `/axonserver/./${file.name}` }]);
/** Run 2 lists 0, 26, 52, 78 as closed and 104 as open. */
const second = (reshape: typeof descending, after = take(2)) => run({ run: 2, requests: [ask(2, { reshape })], after });
const fourth = (cursor: number) => run({ run: 4, requests: [ask(4, { cursor, reshape: descending })], after: take(4) });

describe('listing/any-order', () => {
  test.each([
    ['descend', descending],
    ['come twice', twice],
  ])('passes a client that has everything where names %s', (_, reshape) => {
    expect(check(segmentEvidence([second(reshape), fourth(78)]))).toEqual({
      verdict: 'pass',
      judged: '2 listings whose names do not ascend, or come twice',
    });
  });

  test('fails a listed segment that is left out', () => {
    const after = take(2).filter(({ name }) => name !== segmentName(26));
    expect(check(segmentEvidence([second(descending, after)]))).toEqual({
      verdict: 'fail',
      findings: [
        {
          run: 2,
          atMs: Date.UTC(2024, 0, 1, 4, 0, 1),
          subject: 'GET /v1/backup/eventstore?targetContext=default&type=EVENT (request 101)',
          expected: 'all closed segments of the events of context default that are listed, in whatever order',
          actual: '26 not in the backup after run 2',
        },
      ],
    });
  });

  test('fails a cursor that is the number of the last name', () => {
    expect(check(segmentEvidence([second(descending), fourth(0)]))).toEqual({
      verdict: 'fail',
      findings: [
        {
          run: 4,
          atMs: Date.UTC(2024, 0, 1, 8, 0, 1),
          subject:
            'GET /v1/backup/eventstore?targetContext=default&type=EVENT&lastClosedSegmentBackedUp=0 (request 301)',
          expected:
            'cursor 78: at 2024-01-01T04:00:01.000Z run 2 was told of the events of context default in no order, and closed were 0, 26, 52, 78',
          actual: 'cursor 0, which is the number of the last name in that list',
        },
      ],
    });
  });

  // Release 4.6 counts before it lists: two segments may have closed between the two.
  test('passes a cursor that the answer called the last closed segment, wherever its name stands', () => {
    const { requests, ...rest } = second(descending);
    const counted = requests.map((request) =>
      request.answer.kind === 'segments' ? { ...request, answer: { ...request.answer, countedSegment: 0n } } : request,
    );
    expect(check(segmentEvidence([{ ...rest, requests: counted }, fourth(0)])).verdict).toBe('pass');
  });

  test('fails a cursor that is the number of the first name, and leaves the highest number to other rules', () => {
    const openLast = (files: readonly ListedFile[]) => [
      ...descending(files).slice(1),
      ...descending(files).slice(0, 1),
    ];
    const rotated = (files: readonly ListedFile[]) => [...descending(files).slice(7), ...descending(files).slice(0, 7)];
    expect(check(segmentEvidence([second(openLast), fourth(104)])).verdict).toBe('pass');
    expect(check(segmentEvidence([second(descending), fourth(104)])).verdict).toBe('pass');
    const judgement = check(segmentEvidence([second(rotated), fourth(26)]));
    expect(judgement).toHaveProperty(
      'findings.0.actual',
      'cursor 26, which is the number of the first name in that list',
    );
  });

  test('passes cursors that lag on purpose, come from an earlier answer, or ask for everything', () => {
    for (const cursor of [52, -1])
      expect(check(segmentEvidence([second(descending), fourth(cursor)])).verdict).toBe('pass');
    const early = run({ requests: [ask(1, { state: { closed: [0], open: 26, openAs: 'early' } })], after: take(1) });
    expect(check(segmentEvidence([early, second(descending), fourth(0)])).verdict).toBe('pass');
  });

  test('leaves index files and the open segment to other rules', () => {
    const after = take(2).filter(({ name }) => name.endsWith('.events') && name !== segmentName(104));
    expect(check(segmentEvidence([second(descending, after)])).verdict).toBe('pass');
  });

  test('is inconclusive where all names ascend, or no run claims to be good', () => {
    expect(check(segmentEvidence([goodSegmentRun(1), goodSegmentRun(2)])).verdict).toBe('inconclusive');
    const failed = run({ requests: [ask(2, { reshape: descending })], result: exited(1) });
    expect(check(segmentEvidence([failed])).verdict).toBe('inconclusive');
  });
});
