import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openH2 } from '../../h2/index.ts';
import { coveredBytes, mutate, mutations, outcomeOf, statesOf, type Outcome } from '../support/damaged-databases.ts';
import { allRows, goldenNames, readGolden } from '../support/h2-databases.ts';
import { h2FailureOf } from '../support/h2-failure-of.ts';

// More for a long run: H2_MUTATIONS=20000.
const mutationsInAll = Number(process.env['H2_MUTATIONS'] ?? 1500);
const sources = goldenNames.filter((name) => !name.startsWith('many-groups'));

describe('a damaged database', () => {
  test.each(['small-1.4.197', 'small-2.4.240'])(
    '%s cut at any byte: right rows or a failure that says where',
    (name) => {
      const golden = readGolden(name);
      const { states, newest } = statesOf(golden);
      for (let length = 0; length < golden.bytes.length; length += 1) {
        const cut = golden.bytes.subarray(0, length);
        const outcome = outcomeOf(cut, states, newest);
        if (outcome === 'failure') expect(h2FailureOf(() => allRows(openH2(cut))).offset).toBeLessThanOrEqual(length);
        // Behind the newest chunk may lie what is not needed any more.
        else expect(outcome, `cut to ${length} bytes`).toBe('right');
      }
    },
  );

  test('its newest chunk gone: the version before it is opened, as H2 does, and the newer one is named', () => {
    const golden = readGolden('churned-2.2.224');
    const { states, newest } = statesOf(golden);
    expect(states.size).toBeGreaterThan(1);
    const older = [...states.keys()][1] ?? 0n;
    const cut = golden.bytes.slice();
    const footer = Buffer.from(cut).indexOf(`version:${newest.toString(16)},fletcher`, 8192);
    cut[footer] = 0;
    const database = openH2(cut);
    expect(database.version).toBe(older);
    expect(database.passedOver).toContainEqual(expect.objectContaining({ version: newest }));
  });

  test('1.4.197 finds nothing where the file does not end with a chunk that no header names: that is no older version', () => {
    // Such a server comes up uninitialised, although older chunks are whole; 2.x would have opened one of them.
    const { bytes } = readGolden('churned-1.4.197');
    const damaged = bytes.slice();
    damaged.fill(0, damaged.length - 128);
    const failure = h2FailureOf(() => openH2(damaged));
    expect(failure).toMatchObject({ kind: 'damaged', message: expect.stringContaining('nothing in it') });
  });

  test(`any ${mutationsInAll} of them: right rows, an older version that says so, or a typed failure`, () => {
    const outcomes: Record<Outcome, number> = { right: 0, older: 0, failure: 0, wrong: 0 };
    const runs = Math.ceil(mutationsInAll / sources.length);
    for (const name of sources) {
      const golden = readGolden(name);
      const { states, newest } = statesOf(golden);
      const covered = coveredBytes(golden);
      fc.assert(
        fc.property(mutations(golden.bytes.length), (list) => {
          const { bytes, changed } = mutate(golden.bytes, list);
          const outcome = outcomeOf(bytes, states, newest);
          outcomes[outcome] += 1;
          // H2 has no checksum over keys and values; where a change is covered it must not come out as rows.
          if (outcome === 'wrong') expect(changed.every((at) => covered.has(at))).toBe(false);
        }),
        { numRuns: runs, seed: 7 },
      );
    }
    if (process.env['H2_MUTATIONS'] !== undefined) console.log(outcomes);
    expect(outcomes.failure).toBeGreaterThan(0);
    expect(outcomes.right).toBeGreaterThan(0);
  });

  test('a change to what checksums cover never gives other rows', () => {
    for (const name of sources) {
      const golden = readGolden(name);
      const { states, newest } = statesOf(golden);
      const covered = [...coveredBytes(golden)];
      fc.assert(
        fc.property(
          fc.array(fc.record({ index: fc.nat(covered.length - 1), bit: fc.nat(7) }), { minLength: 1, maxLength: 3 }),
          (flips) => {
            const bytes = golden.bytes.slice();
            for (const { index, bit } of flips) {
              const at = covered[index] ?? 0;
              bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
            }
            expect(outcomeOf(bytes, states, newest)).not.toBe('wrong');
          },
        ),
        { numRuns: 60, seed: 11 },
      );
    }
  });
});
