import { describe, expect, test } from 'vitest';
import { formatExactJson } from '../../../server/formats/exact-number.ts';
import { columnsFor, formatFigure, parseExactJson } from '../../../server/page/exact-figures.ts';

describe('figures on the page', () => {
  test.each([
    [0, '0'],
    [999, '999'],
    [10_000, '10,000'],
    [9_223_372_036_854_775_807n, '9,223,372,036,854,775,807'],
    ['9007199254740993', '9,007,199,254,740,993'],
  ])('%s reads %s', (figure, text) => {
    expect(formatFigure(figure)).toBe(text);
  });

  test('keep all their digits on the way from the server, and what looks like one in a name stays as it is', () => {
    const name = 'a ":12345678901234567890," \\ [1234567890123456789]';
    const state = { small: 7, large: 9_007_199_254_740_993n, many: [9_223_372_036_854_775_807n, 1], name };
    for (const indentation of [0, 2]) {
      const parsed = parseExactJson(formatExactJson(state, indentation));
      expect(parsed).toEqual({ small: 7, large: '9007199254740993', many: ['9223372036854775807', 1], name });
    }
  });

  test.each([
    [{ 'next token': '17,478', closed: '6', 'last closed': '13,333', open: '16,014' }, 4],
    [{ first: '17,856', last: '17,856', commit: '17,856', applied: '17,856' }, 4],
    [{ first: '1,234,567', last: '1,234,567', commit: '1,234,567', applied: '1,234,567' }, 2],
    [{ 'next token': '9,007,199,254,740,993', closed: '6', 'last closed': 'none', open: '0' }, 1],
  ] as const)('%j stand in as many columns as there is room for', (figures, columns) => {
    expect(columnsFor(Object.entries(figures))).toBe(columns);
  });
});
