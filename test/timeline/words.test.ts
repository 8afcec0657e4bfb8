import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fit, formatSpan, formatTime, formatTimeOfDay, legible, widthOf } from '../../timeline/words.ts';
import { dayMs } from '../support/timelines.ts';

describe('words of a picture', () => {
  test('times are virtual and UTC, in any time zone', () => {
    expect(formatTime(dayMs)).toBe('2024-01-01 00:00:00');
    expect(formatTime(dayMs + 1234)).toBe('2024-01-01 00:00:01.234');
    expect(formatTimeOfDay(dayMs + 90 * 60_000)).toBe('01:30');
    expect(formatTimeOfDay(dayMs + 61_400)).toBe('00:01:01');
  });

  test.each([
    [120, '120 ms'],
    [1400, '1.4 s'],
    [60_000, '1 m'],
    [65_000, '1 m 5 s'],
    [3_600_000, '1 h'],
    [6_480_000, '1 h 48 m'],
    [90_000_000, '1 d 1 h'],
  ])('%i ms are %s', (spanMs, text) => {
    expect(formatSpan(spanMs)).toBe(text);
  });

  test('a text that does not fit ends in an ellipsis', () => {
    expect(fit('snapshots', 12, 200)).toBe('snapshots');
    expect(fit('snapshots of a context with a long name', 12, 100)).toMatch(/^snapshots.*…$/);
    expect(fit('snapshots', 12, 10)).toBe('');
  });

  test('what fits is no wider than the room, and the beginning of the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 0, max: 400 }), (text, roomPx) => {
        const fitting = fit(text, 12, roomPx);
        expect(widthOf(fitting, 12)).toBeLessThanOrEqual(roomPx);
        expect(text.startsWith(fitting.replace(/…$/, ''))).toBe(true);
      }),
    );
  });

  test('controls and what turns the direction of text are seen as replaced', () => {
    expect(legible('a\u0000b\u202Ec\nd')).toBe('a\uFFFDb\uFFFDc\uFFFDd');
  });
});
