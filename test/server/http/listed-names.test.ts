import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatSegmentName } from '../../../server/formats/segment-name.ts';
import { encodePaths, ListedNames, type NameRun } from '../../../server/http/listed-names.ts';

const segment = fc.oneof(
  fc.bigInt(0n, 2n ** 63n - 1n),
  fc.bigInt(0n, 2_000n),
  // Numbers hold the lower of these exactly, and nothing that is reckoned above them.
  fc.bigInt(2n ** 53n - 100n, 2n ** 53n + 100n),
);
const run: fc.Arbitrary<NameRun> = fc.oneof(
  fc.record({
    names: fc.array(
      segment.map((number) => formatSegmentName(number, '.events', 3)),
      { maxLength: 4 },
    ),
  }),
  fc.record({
    segments: fc.array(segment, { maxLength: 6 }),
    suffixes: fc.subarray(['.bloom', '.events', '.index']),
  }),
);
const listing = fc.record({ folder: fc.string({ unit: 'grapheme' }), runs: fc.array(run, { maxLength: 4 }) });

function namesOf(each: NameRun): readonly string[] {
  if ('names' in each) return each.names;
  return each.segments.flatMap((number) => each.suffixes.map((suffix) => formatSegmentName(number, suffix)));
}

test('a listing is the JSON of the paths that one would write by hand, whatever the folder and the numbers', () => {
  fc.assert(
    fc.property(fc.array(listing, { maxLength: 3 }), (listings) => {
      const encoded = encodePaths(...listings.map(({ folder, runs }) => ({ folder, names: new ListedNames(runs) })));
      const paths = listings.flatMap(({ folder, runs }) =>
        runs.flatMap((each) => namesOf(each).map((name) => `${folder}/${name}`)),
      );
      expect(encoded.toString('utf8')).toBe(JSON.stringify(paths));
    }),
  );
});

test('its length is how many names it has', () => {
  fc.assert(
    fc.property(fc.array(run), (runs) => {
      expect(new ListedNames(runs).length).toBe(runs.flatMap(namesOf).length);
    }),
  );
});
