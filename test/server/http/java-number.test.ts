import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJavaNumber } from '../../../server/http/asked/java-number.ts';

describe('a number as the server reads it', () => {
  test.each([
    ['00000000000000000064', 64n],
    [' 1 0 ', 10n],
    ['+7', 7n],
    ['-0', 0n],
    ['0x10', 16n],
    ['-0X1f', -31n],
    ['#ff', 255n],
    ['010', 10n],
    ['\u0661\u0662', 12n],
    ['\uFF13', 3n],
    ['-9223372036854775808', -(2n ** 63n)],
  ])('%j is %s', (text, number) => {
    expect(parseJavaNumber(text, 64)).toEqual({ number });
  });

  test.each([
    '',
    ' ',
    '-',
    '+',
    '--1',
    '1e3',
    '1.5',
    '1_0',
    '1L',
    'NaN',
    '0x',
    '0xg',
    '9223372036854775808',
    '\u{1D7CF}',
    '\u00A01',
  ])('%j is none', (text) => {
    expect(parseJavaNumber(text, 64)).toHaveProperty('refused');
  });

  test('what is refused is told without its white space', () => {
    expect(parseJavaNumber(' 1 x ', 64)).toEqual({ refused: '1x' });
  });

  test('every number of so many bits comes back from its decimal text, with zeros in front or not; none beyond does', () => {
    const bits = fc.constantFrom(32 as const, 64 as const);
    fc.assert(
      fc.property(bits, fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), fc.nat(30), (width, number, zeros) => {
        const text = `${number < 0n ? '-' : ''}${'0'.repeat(zeros)}${String(number).replace('-', '')}`;
        const fits = BigInt.asIntN(width, number) === number;
        expect(parseJavaNumber(text, width)).toEqual(fits ? { number } : { refused: text });
      }),
    );
  });
});
