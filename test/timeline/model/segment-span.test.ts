import { describe, expect, test } from 'vitest';
import { segmentsOfLog, segmentsOfStore } from '../../../timeline/model/segment-span.ts';
import { dayMs, logEvents, minuteMs, storeEvents } from '../../support/timelines.ts';

const node = 'node-1';

describe('the segments of an event store', () => {
  test('each is full when the next one opens, and the last one stays open', () => {
    expect(segmentsOfStore(storeEvents(2, minuteMs), node, 'default', 'EVENT')).toEqual([
      { first: 0, openedMs: null, fullMs: dayMs + 60_000, closedMs: dayMs + 61_000, cleanedMs: null },
      { first: 10, openedMs: dayMs + 60_000, fullMs: dayMs + 120_000, closedMs: dayMs + 121_000, cleanedMs: null },
      { first: 20, openedMs: dayMs + 120_000, fullMs: null, closedMs: null, cleanedMs: null },
    ]);
  });

  test('a store of which nothing was told has one open segment without a name', () => {
    expect(segmentsOfStore([], node, 'default', 'EVENT')).toEqual([
      { first: null, openedMs: null, fullMs: null, closedMs: null, cleanedMs: null },
    ]);
  });

  test('what other nodes, contexts and types do is not its affair', () => {
    const others = [
      ...storeEvents(3, minuteMs, { node: 'node-2' }),
      ...storeEvents(3, minuteMs, { context: 'billing' }),
      ...storeEvents(3, minuteMs, { type: 'SNAPSHOT' }),
    ];
    expect(segmentsOfStore(others, node, 'default', 'EVENT')).toHaveLength(1);
  });

  test('do not begin with a transformation, which may be of a segment from before the journal', () => {
    const transformed = {
      atMs: minuteMs,
      kind: 'segment-transformed',
      node,
      context: 'default',
      type: 'EVENT',
      segment: 3,
    };
    const events = storeEvents(2, minuteMs);
    expect(segmentsOfStore([transformed, ...events], node, 'default', 'EVENT')).toEqual(
      segmentsOfStore(events, node, 'default', 'EVENT'),
    );
  });

  test('a journal that begins in the middle has the segment before the first that it tells of', () => {
    const events = storeEvents(4, minuteMs).filter(({ segment }) => (segment ?? 0) >= 30);
    const [before, first] = segmentsOfStore(events, node, 'default', 'EVENT');
    expect(before).toMatchObject({ first: null, openedMs: null, fullMs: dayMs + 3 * minuteMs });
    expect(first).toMatchObject({ first: 30, openedMs: dayMs + 3 * minuteMs });
  });
});

describe('the segments of a log', () => {
  test('those that cleaning has removed say when', () => {
    const segments = segmentsOfLog(logEvents(5, 30 * minuteMs), node, 'default', 1);
    expect(segments.map(({ first, cleanedMs }) => [first, cleanedMs])).toEqual([
      [1, dayMs + 120 * minuteMs],
      [11, dayMs + 120 * minuteMs],
      [21, null],
      [31, null],
      [41, null],
      [51, null],
    ]);
  });

  test('a segment closes when the next one opens', () => {
    const segments = segmentsOfLog(logEvents(1, minuteMs), node, 'default', 1);
    expect(segments).toMatchObject([
      { first: 1, closedMs: dayMs + minuteMs },
      { first: 11, closedMs: null },
    ]);
  });

  test('a log that came as a snapshot has thrown its old segments away', () => {
    const events = [
      ...logEvents(2, minuteMs),
      { atMs: dayMs + 5 * minuteMs, kind: 'snapshot-installed', node, group: 'default' },
      { atMs: dayMs + 5 * minuteMs, kind: 'log-segment-created', node, group: 'default', firstIndex: 500 },
    ];
    expect(
      segmentsOfLog(events, node, 'default', 1).map(({ first, cleanedMs }) => [first, cleanedMs !== null]),
    ).toEqual([
      [1, true],
      [11, true],
      [21, true],
      [500, false],
    ]);
  });
});
