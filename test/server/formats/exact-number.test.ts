import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import { formatExactJson, toExactNumber } from '../../../server/formats/exact-number.ts';

describe('a number of 64 bits in JSON', () => {
  test('keeps all its digits, and is a number', () => {
    const value = { token: 9_007_199_254_740_993n, small: 5n, text: '9007199254740993', list: [-1n] };
    expect(formatExactJson(value)).toBe('{"token":9007199254740993,"small":5,"text":"9007199254740993","list":[-1]}');
  });

  test('is what JSON.stringify makes of it wherever a number is exact', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(formatExactJson(value, 2)).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });

  test('is a number in a program for as long as that is exact', () => {
    expect(toExactNumber(2n ** 53n - 1n)).toBe(Number.MAX_SAFE_INTEGER);
    expect(toExactNumber(2n ** 53n)).toBe(2n ** 53n);
  });
});
