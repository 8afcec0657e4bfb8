import type { ByteReader } from './byte-reader.ts';
import type { KeyType } from './tree.ts';
import { readValue, type H2Value } from './value.ts';

/** Of the layout and meta maps. */
export const textKeys: KeyType<string> = {
  read: (reader) => reader.text(),
  // By UTF-16 units, as strings compare here too.
  compare: (one, other) => (one === other ? 0 : one < other ? -1 : 1),
};

const compareBigints = (one: bigint, other: bigint): number => (one === other ? 0 : one < other ? -1 : 1);

/** Row numbers and numbers of large objects from format 2 on. */
export const plainNumberKeys: KeyType<bigint> = { read: (reader) => reader.varLong(), compare: compareBigints };

/** Row numbers in format 1: a value of SQL, BIGINT. */
export const valueNumberKeys: KeyType<bigint> = {
  read(reader) {
    const value: H2Value = readValue(reader, 1);
    if (typeof value !== 'bigint') throw reader.fail('a row has a key that is no number');
    return value;
  },
  compare: compareBigints,
};

/** Numbers in maps of format 1 that hold no SQL values: see {@link readTaggedNumber}. */
export const taggedNumberKeys: KeyType<bigint> = { read: readTaggedNumber, compare: compareBigints };

/*
 * Format 1 writes Java objects with a byte for their type:
 *
 *   4 int v · 64 … 79 int 0 … 15 · 33 int v below 0 · 34 int 4
 *   5 long v · 80 … 87 long 0 … 7 · 35 long v below 0 · 36 long 8
 *   104 … 119 byte[] of 0 … 15 · 14 array: 1 class (1: bytes, FF: named), v length, elements
 */
export function readTaggedNumber(reader: ByteReader): bigint {
  const tag = reader.byte();
  if (tag >= 64 && tag < 80) return BigInt(tag - 64);
  if (tag >= 80 && tag < 88) return BigInt(tag - 80);
  switch (tag) {
    case 4:
      return BigInt(reader.varInt());
    case 5:
      return reader.varLong();
    case 33:
      return -BigInt(reader.varInt());
    case 35:
      return -reader.varLong();
    case 34:
      return BigInt(reader.int32());
    case 36:
      return reader.int64();
    default:
      throw reader.fail('a number is expected');
  }
}

export function readTaggedBytes(reader: ByteReader): Uint8Array {
  const tag = reader.byte();
  if (tag >= 104 && tag < 120) return reader.take(tag - 104);
  if (tag !== 14 || reader.byte() !== 1) throw reader.fail('bytes are expected');
  return reader.take(reader.count());
}
