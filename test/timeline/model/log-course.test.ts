import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { courseOfLog, stepAt, valueAt } from '../../../timeline/model/log-course.ts';
import { modelOf } from '../../../timeline/model/timeline-model.ts';
import {
  dayMs,
  hourMs,
  logEvents,
  minuteMs,
  sample,
  timelineJournal,
  timelineRequest,
} from '../../support/timelines.ts';

function course(...[events, samples]: [Parameters<typeof courseOfLog>[0], Parameters<typeof courseOfLog>[1]]) {
  return courseOfLog(events, samples, 'node-1', 'default', dayMs);
}

describe('the course of a log', () => {
  test('its floor rises when it is cleaned, its end when segments open', () => {
    const { floor, ceiling } = course(logEvents(5, 30 * minuteMs), []);
    expect(stepAt(floor, dayMs + 119 * minuteMs)).toBe(1);
    expect(stepAt(floor, dayMs + 120 * minuteMs)).toBe(21);
    expect(valueAt(ceiling, dayMs + 30 * minuteMs)).toBe(10);
    expect(valueAt(ceiling, dayMs + 45 * minuteMs)).toBe(15);
  });

  test('samples say what lies between', () => {
    const { ceiling, applied } = course(logEvents(1, hourMs), [
      sample({ atMs: dayMs + 10 * minuteMs, lastIndex: 8, appliedIndex: 6 }),
      sample({ atMs: dayMs + 10 * minuteMs, group: '_admin', lastIndex: 99, appliedIndex: 99 }),
    ]);
    expect(valueAt(ceiling, dayMs + 10 * minuteMs)).toBe(8);
    expect(applied).toEqual([{ atMs: dayMs + 10 * minuteMs, index: 6 }]);
  });

  test('between samples, what is applied stays as far behind the log as it was', () => {
    const { applied } = course(logEvents(4, 10 * minuteMs), [
      sample({ lastIndex: 1, appliedIndex: 0 }),
      sample({ atMs: dayMs + hourMs, lastIndex: 60, appliedIndex: 55 }),
    ]);
    expect(valueAt(applied, dayMs + 20 * minuteMs)).toBe(19);
    expect(valueAt(applied, dayMs + 2 * hourMs)).toBe(55);
  });

  test('what a log gets at the very moment of a sample stands behind it', () => {
    const { applied } = course(
      [{ atMs: dayMs, kind: 'log-segment-created', node: 'node-1', group: 'default', firstIndex: 41 }],
      [sample({ lastIndex: 9, appliedIndex: 9 }), sample({ atMs: dayMs + hourMs, lastIndex: 45, appliedIndex: 45 })],
    );
    expect(valueAt(applied, dayMs)).toBe(40);
  });

  test('a floor that only samples know of is known', () => {
    const { floor } = course([], [sample(), sample({ atMs: dayMs + hourMs, firstIndex: 40, lastIndex: 60 })]);
    expect(stepAt(floor, dayMs + hourMs)).toBe(40);
  });

  test('nothing falls, in whatever order it was told', () => {
    const point = fc.record({
      atMs: fc.integer({ min: dayMs, max: dayMs + hourMs }),
      firstIndex: fc.integer({ min: 1, max: 1000 }),
      lastIndex: fc.integer({ min: 1, max: 1000 }),
    });
    fc.assert(
      fc.property(fc.array(point), (points) => {
        const { floor, ceiling } = course(logEvents(4, 10 * minuteMs), points.map(sample));
        for (const line of [floor, ceiling]) {
          expect(line).toEqual(line.toSorted((a, b) => a.atMs - b.atMs || a.index - b.index));
        }
      }),
    );
  });
});

describe('what a backup needs of a log', () => {
  const postMs = dayMs + 90 * minuteMs;
  const journalWith = (listedMs: number) =>
    timelineJournal({
      toMs: dayMs + 4 * hourMs,
      events: [
        ...logEvents(24, 10 * minuteMs),
        { atMs: postMs, kind: 'control-db-backup', node: 'node-1', file: '/data/controldb1.zip' },
      ].toSorted((a, b) => a.atMs - b.atMs),
      samples: [sample({ atMs: postMs, lastIndex: 92, commitIndex: 92, appliedIndex: 90 })],
      requests: [timelineRequest({ atMs: listedMs, copiedUntilMs: listedMs + 500, about: 'log', subject: 'default' })],
    });
  const needOf = (listedMs: number) =>
    modelOf(journalWith(listedMs)).logs.find(({ course: { group } }) => group === 'default')?.needs[0];

  test('a log that still joins the backup when it is listed misses nothing', () => {
    expect(needOf(postMs + minuteMs)).toEqual({
      fromMs: postMs,
      toMs: postMs + minuteMs,
      appliedIndex: 90,
      missing: null,
    });
  });

  test('a log that was cleaned beyond the applied index misses what lies between', () => {
    const listedMs = dayMs + 230 * minuteMs;
    expect(needOf(listedMs)?.missing).toEqual({
      fromMs: listedMs,
      toMs: listedMs + 500,
      firstIndex: 91,
      lastIndex: 120,
    });
  });
});
