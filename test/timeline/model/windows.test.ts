import { describe, expect, test } from 'vitest';
import { logWindowsOf, outagesOf, plannedCleaningsOf } from '../../../timeline/model/windows.ts';
import { dayMs, hourMs, minuteMs, sample } from '../../support/timelines.ts';

describe('the windows of a picture', () => {
  test('a backup gives the logs half an hour, and backups close together one longer window', () => {
    const at = (minutes: number) => ({ atMs: dayMs + minutes * minuteMs, file: null });
    expect(logWindowsOf([at(0), at(10), at(90)])).toEqual([
      { fromMs: dayMs, toMs: dayMs + 40 * minuteMs },
      { fromMs: dayMs + 90 * minuteMs, toMs: dayMs + 120 * minuteMs },
    ]);
  });

  test('a backup postpones the next cleaning', () => {
    const samples = [
      sample({ atMs: dayMs, nextCleaningMs: dayMs + hourMs }),
      sample({ atMs: dayMs + minuteMs, nextCleaningMs: dayMs + hourMs }),
      sample({ atMs: dayMs + 10 * minuteMs, nextCleaningMs: dayMs + 70 * minuteMs }),
    ];
    expect(plannedCleaningsOf(samples, dayMs + 2 * hourMs)).toEqual([
      { fromMs: dayMs, untilMs: dayMs + 10 * minuteMs, dueMs: dayMs + hourMs, wasPostponed: true },
      {
        fromMs: dayMs + 10 * minuteMs,
        untilMs: dayMs + 70 * minuteMs,
        dueMs: dayMs + 70 * minuteMs,
        wasPostponed: false,
      },
    ]);
  });

  test('a cleaning that came in time was not postponed', () => {
    const samples = [
      sample({ atMs: dayMs, nextCleaningMs: dayMs + hourMs }),
      sample({ atMs: dayMs + 80 * minuteMs, nextCleaningMs: dayMs + 2 * hourMs }),
    ];
    expect(plannedCleaningsOf(samples, dayMs + 3 * hourMs).map(({ wasPostponed }) => wasPostponed)).toEqual([
      false,
      false,
    ]);
  });

  test('of several logs the earliest cleaning is the next', () => {
    const samples = [
      sample({ nextCleaningMs: dayMs + hourMs }),
      sample({ group: '_admin', nextCleaningMs: dayMs + minuteMs }),
    ];
    expect(plannedCleaningsOf(samples, dayMs + hourMs)).toMatchObject([{ dueMs: dayMs + minuteMs }]);
  });

  test('a node is down from its stop or crash until it starts, or to the end', () => {
    const event = (kind: string, minutes: number, node = 'node-1') => ({
      kind,
      node,
      atMs: dayMs + minutes * minuteMs,
    });
    const events = [
      event('node-crashed', 1),
      event('node-started', 5),
      event('node-stopped', 6, 'node-2'),
      event('node-stopped', 7),
    ];
    expect(outagesOf(events, 'node-1', dayMs + hourMs)).toEqual([
      { fromMs: dayMs + minuteMs, toMs: dayMs + 5 * minuteMs },
      { fromMs: dayMs + 7 * minuteMs, toMs: dayMs + hourMs },
    ]);
  });
});
