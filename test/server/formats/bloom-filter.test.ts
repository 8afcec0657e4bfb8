import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeBloomFilter, isBloomFilter, mightContain } from '../../../server/formats/bloom-filter.ts';

/** The keys of the committed file; README.md beside it says how its bytes were computed without this repository. */
const goldenKeys = new Set([
  '',
  'a-1',
  '8 bytes!',
  'sixteen-bytes-id',
  'seventeen bytes!!',
  'f7cd8a66-f1ff-421e-870c-31a82bafdf7f',
  '注文-42',
  'Äß',
  '🧾',
  ...Array.from({ length: 9 }, (_, index) => `Aggregate-${index + 1}`),
]);

const keys = fc.uniqueArray(fc.string({ unit: 'binary', maxLength: 40 }), { maxLength: 60 });

function numbered(count: number, prefix: string): Set<string> {
  return new Set(Array.from({ length: count }, (_, index) => `${prefix}-${index}`));
}

describe('the golden filter', () => {
  const golden = readFileSync(new URL('../../../fixtures/golden/worked-example.bloom', import.meta.url));

  test('it is built again, byte for byte', () => {
    expect(golden.toString('hex')).toBe('010500000003207e0d37e16c0209006bc4c8884c018252c01a3a8a937e8a');
    expect(encodeBloomFilter(goldenKeys).equals(golden)).toBe(true);
  });

  test('it knows its keys, and few others', () => {
    expect([...goldenKeys].filter((key) => !mightContain(golden, key))).toEqual([]);
    expect(mightContain(golden, 'Aggregate-10')).toBe(false);
    expect(mightContain(golden, 'Aggregate-11')).toBe(true);
  });
});

describe('a filter', () => {
  test('without keys it has one empty word and rules out everything', () => {
    const empty = encodeBloomFilter(new Set());
    expect(empty.toString('hex')).toBe('0105000000010000000000000000');
    expect(mightContain(empty, '')).toBe(false);
    expect(mightContain(empty, 'a-1')).toBe(false);
  });

  test.each([
    [1, 14],
    [8, 14],
    [9, 22],
    [100, 102],
    [231, 222],
  ])('for %i keys it has %i bytes', (count, lengthBytes) => {
    expect(encodeBloomFilter(numbered(count, 'key'))).toHaveLength(lengthBytes);
  });

  test('it never rules out a key that it was given', () => {
    fc.assert(
      fc.property(keys, (given) => {
        const filter = encodeBloomFilter(new Set(given));
        expect(isBloomFilter(filter)).toBe(true);
        expect(given.filter((key) => !mightContain(filter, key))).toEqual([]);
      }),
    );
  });

  test('the order of the keys leaves no trace', () => {
    fc.assert(
      fc.property(keys, (given) => {
        const backwards = encodeBloomFilter(new Set(given.toReversed()));
        expect(encodeBloomFilter(new Set(given)).equals(backwards)).toBe(true);
      }),
    );
  });

  test('about three in a hundred strangers are let through', () => {
    const filter = encodeBloomFilter(numbered(1000, 'known'));
    const letThrough = [...numbered(10_000, 'stranger')].filter((key) => mightContain(filter, key)).length;
    expect(letThrough).toBeGreaterThan(200);
    expect(letThrough).toBeLessThan(400);
  });
});

describe('bytes that are no filter', () => {
  const whole = encodeBloomFilter(goldenKeys);

  test('a filter that is cut anywhere does not load, and of one with bytes behind it these are not read', () => {
    for (let cut = 0; cut < whole.length; cut++) expect(isBloomFilter(whole.subarray(0, cut))).toBe(false);
    expect(isBloomFilter(Buffer.concat([whole, Buffer.alloc(1)]))).toBe(true);
  });

  test.each([
    ['another strategy', '0005000000010000000000000000'],
    ['no bits for a key', '0100000000010000000000000000'],
    ['no words', '010500000000'],
    ['fewer words than it says', '0105000000020000000000000000'],
    ['a negative number of words', '0105ffffffff0000000000000000'],
  ])('%s does not load', (_, hex) => {
    expect(isBloomFilter(Buffer.from(hex, 'hex'))).toBe(false);
  });

  // "False" is a promise that the aggregate has no event here. Looked up without a check, a filter cut short gave that
  // promise or died of a RangeError, one without words of a division by zero.
  test('they rule out no key', () => {
    const hostile = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
    for (let cut = 0; cut < whole.length; cut++) expect(mightContain(whole.subarray(0, cut), 'stranger')).toBe(true);
    expect(mightContain(Buffer.from('010500000000', 'hex'), 'stranger')).toBe(true);
    fc.assert(
      fc.property(hostile, fc.string(), (bytes, key) => {
        expect(mightContain(bytes, key) || isBloomFilter(bytes)).toBe(true);
      }),
    );
  });

  test('one altered byte never causes a failure', () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.string(), (at, value, key) => {
        const altered = Buffer.from(whole);
        altered[at] = value;
        expect(mightContain(altered, key)).toBeTypeOf('boolean');
      }),
      { numRuns: 1000 },
    );
  });
});
