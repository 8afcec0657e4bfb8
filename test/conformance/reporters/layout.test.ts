import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, formatLoss } from '../../../conformance/reporters/evidence-text.ts';
import { alignColumns, labelled, widthOf, wrap } from '../../../conformance/reporters/layout.ts';
import { printable } from '../../../conformance/reporters/printable.ts';

describe('wrapping', () => {
  test('keeps every word, and breaks only where it must', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', ' ', '語', '😀') }),
        fc.integer({ min: 1, max: 20 }),
        (text, columns) => {
          const lines = wrap(text, columns);
          expect(lines.join(' ').replaceAll(/ +/g, ' ').trim()).toBe(text.replaceAll(/ +/g, ' ').trim());
          for (const line of lines) if (line.trim().includes(' ')) expect(widthOf(line)).toBeLessThanOrEqual(columns);
        },
      ),
    );
  });

  test.each([
    ['abc', 3],
    ['語', 2],
    ['😀', 2],
    ['e\u0301', 1],
    ['✓', 1],
  ])('%s takes %i columns', (text, columns) => {
    expect(widthOf(text)).toBe(columns);
  });

  test('further lines of a labelled text stand under its first', () => {
    const lines = labelled('why', 'word '.repeat(30).trim(), { indent: 2, labelWidth: 4, paint: (label) => label });
    expect(lines.map((line) => line.slice(0, 10))).toEqual(['  why   wo', '        wo']);
  });

  test('columns are as wide as their widest cell', () => {
    expect(alignColumns([['a', 'b'], ['語語', 'c'], ['x']])).toEqual(['a     b', '語語  c', 'x']);
  });
});

describe('texts', () => {
  test('unprintable characters are shown and not sent', () => {
    expect(printable('a\nb\u001B[31m\u0000\u202E\u2028\uD800😀')).toBe(
      String.raw`a\nb\x1b[31m\x00\u202e\u2028\ud800😀`,
    );
  });

  test.each([
    [0, '0s'],
    [12.34, '12.3s'],
    [60, '1m'],
    [3599.6, '1h'],
    [3723, '1h 2m 3s'],
    [90_000, '1d 1h'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  test('a loss at one moment has no duration', () => {
    expect(formatLoss({ context: 'orders', type: 'SNAPSHOT', events: 1, virtualTime: 0 })).toBe(
      '1 snapshot of orders (SNAPSHOT)',
    );
  });
});
