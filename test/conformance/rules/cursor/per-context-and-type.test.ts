import { describe, expect, test } from 'vitest';
import { perContextAndType } from '../../../../conformance/rules/cursor/per-context-and-type.ts';
import { run } from '../../../support/evidence.ts';
import {
  ask,
  goodSegmentRun,
  segmentEvidence,
  segmentEvents,
  type StoreChoice,
} from '../../../support/segment-evidence.ts';

const check = perContextAndType.check;
const orders: StoreChoice = { context: 'orders', state: { closed: [0, 13], open: 31, openAs: 'run-1' } };
const ordersLater: StoreChoice = { context: 'orders', state: { closed: [0, 13, 31], open: 44, openAs: 'run-2' } };
const both = { contexts: ['default', 'orders'], events: segmentEvents() };
const first = run({ requests: [ask(1), ask(1, orders)] });

describe('cursor/per-context-and-type', () => {
  test('passes cursors that are each its own store’s', () => {
    const second = run({ run: 2, requests: [ask(2, { cursor: 26 }), ask(2, { ...ordersLater, cursor: 13 })] });
    expect(check(segmentEvidence([first, second], both))).toEqual({
      verdict: 'pass',
      judged: '2 later listings of stores whose segments differ from those of another',
    });
  });

  test('fails a cursor that two contexts share', () => {
    const second = run({ run: 2, requests: [ask(2, { cursor: 13 }), ask(2, { ...ordersLater, cursor: 13 })] });
    expect(check(segmentEvidence([first, second], both))).toEqual({
      verdict: 'fail',
      findings: [
        {
          run: 2,
          atMs: Date.UTC(2024, 0, 1, 4, 0, 1),
          subject:
            'GET /v1/backup/eventstore?targetContext=default&type=EVENT&lastClosedSegmentBackedUp=13 (request 101)',
          expected: 'a cursor of the events of context default; closed in there when run 1 asked: 0, 26',
          actual:
            'cursor 13, which was a closed segment of the events of context orders when run 1 asked node-1 at 2024-01-01T02:00:02.000Z',
        },
      ],
    });
  });

  test('fails a cursor that events and snapshots share', () => {
    const second = goodSegmentRun(2, { requests: [ask(2, { cursor: 26 }), ask(2, { type: 'SNAPSHOT', cursor: 26 })] });
    const judgement = check(segmentEvidence([goodSegmentRun(1), second]));
    expect(judgement).toHaveProperty('findings.length', 1);
    expect(judgement).toHaveProperty(
      'findings.0.expected',
      'a cursor of the snapshots of context default; closed in there when run 1 asked: none',
    );
  });

  test('leaves cursors that are no other store’s to other rules', () => {
    const second = run({ run: 2, requests: [ask(2, { cursor: 52 }), ask(2, { ...ordersLater, cursor: 13 })] });
    expect(check(segmentEvidence([first, second], both)).verdict).toBe('pass');
  });

  test('leaves the store’s own open segment to cursor/from-closed-segment, whoever else has closed that number', () => {
    const same: StoreChoice = { context: 'orders', state: { closed: [0, 26, 52], open: 61, openAs: 'run-1' } };
    const runs = [
      run({ requests: [ask(1), ask(1, same)] }),
      run({ run: 2, requests: [ask(2, { cursor: 52 }), ask(2, { ...same, cursor: 52 })] }),
    ];
    expect(check(segmentEvidence(runs, both)).verdict).toBe('inconclusive');
  });

  test('passes a client that always asks for everything', () => {
    const second = run({ run: 2, requests: [ask(2), ask(2, ordersLater)] });
    expect(check(segmentEvidence([first, second], both)).verdict).toBe('pass');
  });

  test('is inconclusive where a shared cursor would look no different', () => {
    const same: StoreChoice = { context: 'orders' };
    const runs = [
      run({ requests: [ask(1), ask(1, same)] }),
      run({ run: 2, requests: [ask(2, { cursor: 26 }), ask(2, { ...same, cursor: 26 })] }),
    ];
    expect(check(segmentEvidence(runs, both)).verdict).toBe('inconclusive');
    expect(check(segmentEvidence([goodSegmentRun(1)])).verdict).toBe('inconclusive');
  });
});
