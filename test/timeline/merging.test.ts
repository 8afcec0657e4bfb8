import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeClose, mergeMarks, mergeNarrow, type Placed } from '../../timeline/merging.ts';

function placed(fromX: number, toX: number): Placed<string> {
  return { fromX, toX, item: `${fromX}-${toX}` };
}

/** Neighbours without a gap, as segments are. */
const neighbours = fc.array(fc.double({ min: 0, max: 30, noNaN: true }), { maxLength: 300 }).map((widths) => {
  let x = 0;
  return widths.map((width) => {
    const place = placed(x, x + width);
    x += width;
    return place;
  });
});

const anywhere = fc
  .array(fc.tuple(fc.double({ min: 0, max: 1000, noNaN: true }), fc.double({ min: 0, max: 50, noNaN: true })))
  .map((places) => places.map(([fromX, width]) => placed(fromX, fromX + width)));

describe('merging', () => {
  test('narrow neighbours become one block, wide ones stay alone', () => {
    const tiles = mergeNarrow([placed(0, 20), placed(20, 22), placed(22, 23), placed(23, 50)], 7);
    expect(tiles.map(({ fromX, toX, items }) => [fromX, toX, items.length])).toEqual([
      [0, 20, 1],
      [20, 23, 2],
      [23, 50, 1],
    ]);
  });

  test('narrow ones with time between them stay apart, where they are not neighbours', () => {
    expect(mergeNarrow([placed(0, 1), placed(2, 3), placed(50, 51)], 4, 4).map(({ items }) => items.length)).toEqual([
      2, 1,
    ]);
  });

  test('a thousand slivers are one block', () => {
    const slivers = Array.from({ length: 1000 }, (_, place) => placed(place, place + 1));
    expect(mergeNarrow(slivers, 7)).toHaveLength(1);
  });

  test('bars that touch or overlap become one', () => {
    const bars = mergeClose([placed(10, 20), placed(0, 9), placed(15, 18), placed(40, 50)], 2);
    expect(bars.map(({ fromX, toX }) => [fromX, toX])).toEqual([
      [0, 20],
      [40, 50],
    ]);
  });

  test('a dense row of marks stays a row', () => {
    const marks = Array.from({ length: 1000 }, (_, place) => placed(place / 10, place / 10));
    expect(mergeMarks(marks, 10)).toHaveLength(10);
  });

  test('nothing gets lost, and nothing is shown twice', () => {
    fc.assert(
      fc.property(neighbours, (places) => {
        expect(mergeNarrow(places, 7).flatMap(({ items }) => items)).toEqual(places.map(({ item }) => item));
      }),
    );
    fc.assert(
      fc.property(anywhere, (places) => {
        const all = places.map(({ item }) => item).toSorted();
        for (const merge of [mergeClose<string>, mergeMarks<string>]) {
          expect(
            merge(places, 5)
              .flatMap(({ items }) => items)
              .toSorted(),
          ).toEqual(all);
        }
      }),
    );
  });

  test('their number depends on the width, whatever comes', () => {
    fc.assert(
      fc.property(neighbours, (places) => {
        const widthPx = places.at(-1)?.toX ?? 0;
        expect(mergeNarrow(places, 7).length).toBeLessThanOrEqual((2 * widthPx) / 7 + 1);
      }),
    );
    fc.assert(
      fc.property(anywhere, (places) => {
        expect(mergeMarks(places, 10).length).toBeLessThanOrEqual(101);
        expect(mergeClose(places, 10).length).toBeLessThanOrEqual(106);
      }),
    );
  });
});
