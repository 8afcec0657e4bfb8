import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDuration, parseSize } from '../../server/quantities.ts';
import { failureOf } from '../support/failure-of.ts';

describe('sizes', () => {
  test.each([
    ['0', 0],
    ['1000', 1000],
    ['64B', 64],
    ['1KB', 1024],
    ['1KiB', 1024],
    ['256kib', 256 * 1024],
    ['1MiB', 1024 ** 2],
    ['1 MB', 1024 ** 2],
    ['2GiB', 2 * 1024 ** 3],
    ['1.5MiB', 1.5 * 1024 ** 2],
    ['0.3KiB', 307],
    ['  7  ', 7],
    ['8388607GiB', 8_388_607 * 1024 ** 3],
  ])('%s is %i bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  test.each([
    '',
    ' ',
    'MiB',
    '-1',
    '-1MiB',
    '1e3',
    '1,5MiB',
    '1TiB',
    '1 M iB',
    '.5MiB',
    '5.MiB',
    '0x10',
    'NaN',
    'Infinity',
    '1MiB2',
    '9007199254740993',
    `${'9'.repeat(400)}`,
  ])('"%s" is no size', (text) => {
    const failure = failureOf(() => parseSize(text));
    expect(failure.kind).toBe('bad-option');
    expect(failure.message).toContain('is not a size: write 64KiB, 1MiB, 2GiB or a number of bytes');
  });

  test('whatever is written as a whole number of a unit is read as that', () => {
    const units = [
      ['', 1],
      ['KiB', 1024],
      ['MiB', 1024 ** 2],
      ['GiB', 1024 ** 3],
    ] as const;
    fc.assert(
      fc.property(fc.nat(8_000_000), fc.constantFrom(...units), (count, [unit, factor]) => {
        expect(parseSize(`${count}${unit}`)).toBe(count * factor);
      }),
    );
  });
});

describe('durations', () => {
  test.each([
    ['0s', 0],
    ['250ms', 250],
    ['90s', 90_000],
    ['31m', 1_860_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['1h30m', 5_400_000],
    ['1m1s1ms', 61_001],
    ['1.5h', 5_400_000],
    ['0.4ms', 0],
    [' 5s ', 5000],
  ])('%s is %i milliseconds', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  test.each([
    '',
    ' ',
    '5',
    's',
    '-5s',
    '+5s',
    '5 parsecs',
    '5 s',
    '1h 30m',
    '1e3s',
    '5S',
    '5min',
    '.5s',
    '5.s',
    's5',
    '5s5',
    '1:30',
    `${'9'.repeat(400)}d`,
  ])('"%s" is no duration', (text) => {
    const failure = failureOf(() => parseDuration(text));
    expect(failure.kind).toBe('bad-option');
    expect(failure.message).toContain('is not a duration: write 90s, 31m, 2h or 1h30m');
  });

  test('whatever is written as parts is read as their sum', () => {
    const part = fc.tuple(fc.nat(10_000), fc.constantFrom(['ms', 1], ['s', 1000], ['m', 60_000], ['h', 3_600_000]));
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
        const text = parts.map(([count, [unit]]) => `${count}${unit}`).join('');
        expect(parseDuration(text)).toBe(parts.reduce((sum, [count, [, factor]]) => sum + count * Number(factor), 0));
      }),
    );
  });

  test('any text at all is a duration or a failure of the one kind', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(parseDuration(text)).toBeGreaterThanOrEqual(0);
        } catch (error) {
          expect(error).toMatchObject({ kind: 'bad-option' });
        }
      }),
    );
  });

  test('a megabyte of digits is refused in no time, and is not repeated in the message', () => {
    // Looking for a unit behind every digit anew took minutes; a request could hang the simulator with it.
    const startedAt = performance.now();
    for (const text of ['1'.repeat(1_000_000), '1.'.repeat(500_000), '1s'.repeat(500_000) + '!']) {
      expect(failureOf(() => parseDuration(text)).message.length).toBeLessThan(200);
    }
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});
