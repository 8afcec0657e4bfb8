import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../../server/time-and-chance/random.ts';

function many<T>(count: number, draw: () => T): T[] {
  return Array.from({ length: count }, draw);
}

function numbersOf(seed: number, name: string, count = 20): number[] {
  const stream = new RandomStream(seed, name);
  return many(count, () => stream.uint32());
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Distance from equal shares, in the unit of the chi-square test. */
function chiSquare(shares: readonly number[]): number {
  const expected = mean(shares);
  return shares.reduce((sum, share) => sum + (share - expected) ** 2 / expected, 0);
}

describe('streams', () => {
  // Recordings and reports name a seed; it must mean the same in every release. Computed with an sfc32 of its own.
  test('the first numbers of a seed and a name are these for ever', () => {
    expect(numbersOf(42, 'workload', 6)).toEqual([
      1_438_457_087, 2_379_184_443, 4_251_302_607, 649_468_387, 4_170_916_260, 2_499_432_098,
    ]);
    expect(numbersOf(0, '', 1)).toEqual([3_482_183_691]);
    expect(new RandomStream(42, 'workload').uuid()).toBe('55bd1cff-8dcf-493b-bd65-bacf26b619e3');
  });

  test('the same seed and name give the same numbers', () => {
    fc.assert(
      fc.property(fc.integer(), fc.string(), (seed, name) => {
        expect(numbersOf(seed, name)).toEqual(numbersOf(seed, name));
      }),
    );
  });

  test('another seed or another name gives other numbers', () => {
    const key = fc.tuple(fc.integer(), fc.string());
    fc.assert(
      fc.property(key, key, ([seed, name], [otherSeed, otherName]) => {
        fc.pre(seed !== otherSeed || name !== otherName);
        expect(numbersOf(seed, name)).not.toEqual(numbersOf(otherSeed, otherName));
      }),
    );
    expect(numbersOf(1, 'workload')).not.toEqual(numbersOf(2, 'workload'));
    expect(numbersOf(1, 'node-1')).not.toEqual(numbersOf(1, 'node-2'));
  });

  test('drawing from one stream moves no other', () => {
    const alone = numbersOf(7, 'faults');
    const busy = new RandomStream(7, 'workload');
    const faults = new RandomStream(7, 'faults');
    const beside = many(20, () => {
      busy.uint32();
      return faults.uint32();
    });
    expect(beside).toEqual(alone);
  });

  test('streams with names alike agree in half of their bits, as strangers do', () => {
    const one = numbersOf(1, 'node-1', 4000);
    const other = numbersOf(1, 'node-2', 4000);
    const equalBits = one.map((value, index) => {
      const differing = (value ^ (other[index] ?? 0)) >>> 0;
      return 32 - differing.toString(2).replaceAll('0', '').length;
    });
    expect(mean(equalBits)).toBeGreaterThan(15.7);
    expect(mean(equalBits)).toBeLessThan(16.3);
  });
});

describe('numbers', () => {
  test('fractions spread evenly from 0 up to, not including, 1', () => {
    const stream = new RandomStream(3, 'fractions');
    const shares = many(20, () => 0);
    for (const fraction of many(40_000, () => stream.fraction())) {
      expect(fraction).toBeGreaterThanOrEqual(0);
      expect(fraction).toBeLessThan(1);
      const place = Math.floor(fraction * shares.length);
      shares[place] = (shares[place] ?? 0) + 1;
    }
    // 19 degrees of freedom: a fair stream stays below 43.8 in 999 cases of 1,000.
    expect(chiSquare(shares)).toBeLessThan(43.8);
  });

  test('each of the 32 bits is set half of the time', () => {
    const numbers = numbersOf(3, 'bits', 10_000);
    for (let bit = 0; bit < 32; bit++) {
      const set = numbers.filter((number) => ((number >>> bit) & 1) === 1).length;
      expect(Math.abs(set - 5000)).toBeLessThan(250);
    }
  });

  test('whole numbers keep to their bounds and reach both', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: -1000, max: 1000 }), fc.nat(5), (seed, least, span) => {
        const stream = new RandomStream(seed, 'integers');
        const drawn = new Set(many(300, () => stream.integer(least, least + span)));
        expect([...drawn].toSorted((one, other) => one - other)).toEqual(
          Array.from({ length: span + 1 }, (_, step) => least + step),
        );
      }),
    );
  });

  test('a range of one number gives that number', () => {
    expect(new RandomStream(1, 'one').integer(5, 5)).toBe(5);
  });

  test('exponential gaps are never negative and have the mean that was asked for', () => {
    const stream = new RandomStream(5, 'gaps');
    const gaps = many(50_000, () => stream.exponential(200));
    expect(gaps.every((gap) => Number.isFinite(gap) && gap >= 0)).toBe(true);
    expect(mean(gaps)).toBeGreaterThan(195);
    expect(mean(gaps)).toBeLessThan(205);
    // The sign of an exponential distribution: e^-1 of the gaps are longer than the mean.
    const longer = gaps.filter((gap) => gap > 200).length / gaps.length;
    expect(longer).toBeGreaterThan(0.357);
    expect(longer).toBeLessThan(0.379);
  });

  test('the least fraction is a gap of nothing, not one without end', () => {
    class Least extends RandomStream {
      override fraction(): number {
        return 0;
      }
    }
    expect(new Least(1, 'gaps').exponential(200)).toBeCloseTo(0);
  });
});

test('identifiers have the form of a version 4 UUID in lower case, and no two are the same', () => {
  const stream = new RandomStream(9, 'identifiers');
  const identifiers = many(10_000, () => stream.uuid());
  for (const identifier of identifiers) {
    expect(identifier).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  expect(new Set(identifiers).size).toBe(10_000);
});
