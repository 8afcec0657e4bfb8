import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  eventStoreSuffixes,
  formatSegmentName,
  LOG_SUFFIX,
  parseSegmentName,
} from '../../../server/formats/segment-name.ts';

const names: ReadonlyArray<[name: string, number: bigint, suffix: string, version: number]> = [
  ['00000000000000000000.events', 0n, '.events', 0],
  ['00000000000000000462.snapshots', 462n, '.snapshots', 0],
  ['00000000000000000001.log', 1n, '.log', 0],
  ['00000000000000000000_00001.events', 0n, '.events', 1],
  ['00000000000000000180_12345.bloom', 180n, '.bloom', 12_345],
  ['09223372036854775807.sindex', 2n ** 63n - 1n, '.sindex', 0],
];

test.each(names)('%s is formatted and parsed', (name, number, suffix, version) => {
  expect(formatSegmentName(number, suffix, version)).toBe(name);
  expect(parseSegmentName(name)).toEqual({ number, version, suffix });
});

test('every name that is formatted is parsed back', () => {
  const numbers = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
  const suffixes = fc.constantFrom(
    ...Object.values(eventStoreSuffixes.EVENT),
    ...Object.values(eventStoreSuffixes.SNAPSHOT),
    LOG_SUFFIX,
    '.nindex',
  );
  fc.assert(
    fc.property(numbers, suffixes, fc.integer({ min: 0, max: 99_999 }), (number, suffix, version) => {
      expect(parseSegmentName(formatSegmentName(number, suffix, version))).toEqual({ number, version, suffix });
    }),
  );
});

test('names sort by text as their numbers do', () => {
  const numbers = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
  fc.assert(
    fc.property(numbers, numbers, (one, other) => {
      expect(formatSegmentName(one, '.events') < formatSegmentName(other, '.events')).toBe(one < other);
    }),
  );
});

test('events and snapshots share no suffix', () => {
  expect(eventStoreSuffixes).toEqual({
    EVENT: { data: '.events', index: '.index', bloom: '.bloom' },
    SNAPSHOT: { data: '.snapshots', index: '.sindex', bloom: '.sbloom' },
  });
  const suffixes = Object.values(eventStoreSuffixes).flatMap((ofType) => Object.values(ofType));
  expect(new Set(suffixes).size).toBe(6);
});

describe('a name that is no segment', () => {
  test.each([
    ['the index while it is written', '00000000000000000000.index.temp'],
    ['a transformation on its way', '00000000000000000000_00001.events.transformed'],
    ['a number of 14 digits, as 4.0 had it', '00000000000000.events'],
    ['a number of 21 digits', '000000000000000000000.events'],
    ['a version of 4 digits', '00000000000000000000_0001.events'],
    ['a version of 6 digits', '00000000000000000000_000001.events'],
    // Version 0 has no marker: this name would stand for the same segment as the one without.
    ['a marker for version 0', '00000000000000000000_00000.events'],
    ['no suffix', '00000000000000000000'],
    ['an empty suffix', '00000000000000000000.'],
    ['a suffix in capitals', '00000000000000000000.EVENTS'],
    ['a sign', '-0000000000000000001.events'],
    ['a folder in front', 'default/00000000000000000000.events'],
    ['a line break behind', '00000000000000000000.events\n'],
    ['digits of another script', '٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠.events'],
    ['the global index', 'global-index-00000.xref'],
    ['the control database', 'axonserver-controldb.mv.db'],
    ['the empty name', ''],
  ])('%s', (_, name) => {
    expect(parseSegmentName(name)).toBeNull();
  });

  test('what is parsed at all is the name that its parts are formatted to', () => {
    const almost = fc
      .array(fc.constantFrom('0000000000', '0000000007', '_', '00000', '00001', '.', 'events', 'x', '\n'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(almost, (name) => {
        const parsed = parseSegmentName(name);
        if (parsed !== null) expect(formatSegmentName(parsed.number, parsed.suffix, parsed.version)).toBe(name);
      }),
      { numRuns: 5000 },
    );
  });
});
