import { changeBytes, fileAt, filesOf, type BackupTree } from '../backup-tree.ts';
import { edgeValues, mutator, pick, writeNumber, type Mutator } from '../step.ts';
import type { RandomStream } from '../../../server/time-and-chance/random.ts';

/* Damage to the bytes of a file, whatever it is. Offsets are taken round where the file is shorter. */

const MOST_ADDED_BYTES = 4096;

export const byteMutators: readonly Mutator[] = [
  mutator<{ file: string; at: number; mask: number }>({
    name: 'flip',
    draw: (tree, random) => {
      const place = placeIn(tree, random);
      return place && { ...place, mask: random.integer(0, 3) === 0 ? 255 : 1 << random.integer(0, 7) };
    },
    apply: (tree, { file, at, mask }) =>
      changeBytes(tree, file, (bytes) => {
        if (bytes.length > 0) bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ mask;
        return bytes;
      }),
  }),
  mutator<{ file: string; at: number; widthBytes: number; value: string; isLittleEndian: boolean }>({
    name: 'overwrite-number',
    draw: (tree, random) => {
      const place = placeIn(tree, random);
      const value = pick(random, edgeValues).toString();
      return (
        place && { ...place, widthBytes: pick(random, [1, 2, 4, 8]), value, isLittleEndian: random.fraction() < 0.5 }
      );
    },
    apply: (tree, { file, at, widthBytes, value, isLittleEndian }) =>
      changeBytes(tree, file, (bytes) => {
        writeNumber(bytes, at % Math.max(1, bytes.length), widthBytes, BigInt(value), isLittleEndian);
        return bytes;
      }),
  }),
  mutator<{ file: string; at: number }>({
    name: 'cut',
    draw: (tree, random) => {
      const place = placeIn(tree, random);
      // Archives are made of blocks, and damage that keeps to them is the least seen.
      return place && random.fraction() < 0.5 ? { ...place, at: place.at - (place.at % 512) } : place;
    },
    apply: (tree, { file, at }) => changeBytes(tree, file, (bytes) => bytes.subarray(0, at)),
  }),
  mutator<{ file: string; count: number; byte: number }>({
    name: 'extend',
    draw: (tree, random) => {
      const place = placeIn(tree, random);
      const count = random.integer(1, MOST_ADDED_BYTES);
      return place && { file: place.file, count, byte: pick(random, [0, 0, 0xff, random.integer(0, 255)]) };
    },
    apply: (tree, { file, count, byte }) =>
      changeBytes(tree, file, (bytes) => Buffer.concat([bytes, Buffer.alloc(count, byte)])),
  }),
  mutator<{ file: string; at: number; count: number }>({
    name: 'zero',
    draw: (tree, random) => {
      const place = placeIn(tree, random);
      return place && { ...place, count: pick(random, [1, 4, 16, 512, 1024]) };
    },
    apply: (tree, { file, at, count }) =>
      changeBytes(tree, file, (bytes) => {
        bytes.subarray(at, at + count).fill(0);
        return bytes;
      }),
  }),
  mutator<{ file: string; at: number; count: number }>({
    name: 'delete-bytes',
    draw: (tree, random) => {
      const place = placeIn(tree, random);
      return place && { ...place, count: pick(random, [1, 4, 11, 512]) };
    },
    apply: (tree, { file, at, count }) =>
      changeBytes(tree, file, (bytes) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + count)])),
  }),
  mutator<{ file: string; at: number; count: number }>({
    name: 'repeat-bytes',
    draw: (tree, random) => {
      const place = placeIn(tree, random);
      return place && { ...place, count: pick(random, [1, 4, 11, 512, 1024]) };
    },
    apply: (tree, { file, at, count }) =>
      changeBytes(tree, file, (bytes) => Buffer.concat([bytes.subarray(0, at + count), bytes.subarray(at)])),
  }),
  mutator<{ file: string; other: string; at: number }>({
    name: 'graft',
    draw: (tree, random) => {
      const place = placeIn(tree, random);
      return place && { ...place, other: pick(random, filesOf(tree)) };
    },
    apply: (tree, { file, other, at }) => {
      const tail = fileAt(tree, other)?.bytes ?? Buffer.alloc(0);
      changeBytes(tree, file, (bytes) => Buffer.concat([bytes.subarray(0, at), tail.subarray(at)]));
    },
    // Of archives whose beginnings are alike another whole one may come of it.
    takesAway: true,
  }),
];

/** Most bytes of a backup are zeros or payload: half of the places are near the beginning, where sizes and names are. */
function placeIn(tree: BackupTree, random: RandomStream): { readonly file: string; readonly at: number } | null {
  const files = filesOf(tree);
  if (files.length === 0) return null;
  const file = pick(random, files);
  const { length } = fileAt(tree, file)?.bytes ?? [];
  const last = Math.max(0, length - 1);
  const near = pick(random, [last, last, Math.min(last, 600)]);
  const at = random.integer(0, near);
  // The end of an archive is its directory, or its trailer.
  return { file, at: random.integer(0, 5) === 0 ? Math.max(0, last - random.integer(0, 120)) : at };
}
