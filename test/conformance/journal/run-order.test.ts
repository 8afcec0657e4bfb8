import { describe, expect, test } from 'vitest';
import { areBesideEachOther, wasOverBefore } from '../../../conformance/journal/inference/run-order.ts';
import { firstMs, run } from '../../support/evidence.ts';

const outer = run({ run: 2, startMs: firstMs, endMs: firstMs + 5000 });

describe('two runs', () => {
  test.each([
    ['lies within the other', firstMs + 1000, firstMs + 2000],
    ['asks for nothing, and is over in the moment in which the other fails', firstMs + 5000, firstMs + 5000],
  ])('are beside each other where one %s', (_, startMs, endMs) => {
    const inner = run({ run: 1, startMs, endMs });
    expect([areBesideEachOther(inner, outer), areBesideEachOther(outer, inner)]).toEqual([true, true]);
    expect(wasOverBefore(inner, outer)).toBe(false);
  });

  test('are not where one begins in the moment in which the other has ended', () => {
    const [startSeq, endSeq] = [outer.endSeq + 1, outer.endSeq + 2];
    const later = run({ run: 3, startMs: firstMs + 5000, endMs: firstMs + 5000, startSeq, endSeq });
    expect([areBesideEachOther(later, outer), areBesideEachOther(outer, later)]).toEqual([false, false]);
    expect(wasOverBefore(outer, later)).toBe(true);
    expect(areBesideEachOther(outer, outer)).toBe(false);
  });
});
