import { ByteReader } from './byte-reader.ts';
import { H2Failure } from './failure.ts';
import { plainNumberKeys, readTaggedBytes, readTaggedNumber, taggedNumberKeys } from './keys.ts';
import type { Store } from './store.ts';
import { walkTree, type ReadValues } from './tree.ts';
import { decodeUtf8, type LargeObject } from './value.ts';

/*
 * Map lobMap has the number of a large object and what it is made of, a recipe; lobData has the pieces. A recipe:
 *
 *   0  v length, bytes               as they are
 *   1  v length, v piece             a piece of lobData
 *   2  v length in all, v piece      a piece that is a recipe itself
 */

/** A recipe within recipes: more than a terabyte needs. */
const maximalRecipes = 8;

/** The content of a large object, text or bytes. Fails where it has more bytes than `maximalBytes`. */
export function readLargeObject(store: Store, object: LargeObject, maximalBytes: number): string | Uint8Array {
  const recipe = find(store, 'lobMap', object.largeObject, store.format === 1 ? taggedRecipes : recipes);
  if (recipe === null) {
    throw new H2Failure('damaged', 0, `Large object ${object.largeObject} is not there`);
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  const add = (part: Uint8Array, offset: number): void => {
    length += part.length;
    if (length > maximalBytes)
      throw new H2Failure('too-large', offset, `A large object has more than ${maximalBytes} bytes`);
    parts.push(part);
  };
  follow(store, recipe, add, 0);
  const content = new Uint8Array(length);
  parts.reduce((at, part) => {
    content.set(part, at);
    return at + part.length;
  }, 0);
  return object.isText ? decodeUtf8(content, new ByteReader(content, recipe.offset, true)) : content;
}

interface Piece {
  readonly bytes: Uint8Array;
  readonly offset: number;
}

function follow(store: Store, recipe: Piece, add: (part: Uint8Array, offset: number) => void, depth: number): void {
  if (depth > maximalRecipes)
    throw new H2Failure('damaged', recipe.offset, 'A large object is made of too many recipes');
  const reader = new ByteReader(recipe.bytes, recipe.offset, true);
  while (reader.remaining > 0) {
    const kind = reader.byte();
    if (kind === 0) add(reader.take(reader.count()), recipe.offset);
    else if (kind === 1) {
      const length = reader.varInt();
      const piece = pieceOf(store, reader.varLong(), recipe);
      if (piece.bytes.length !== length) throw reader.fail('a piece of a large object is not as long as it should be');
      add(piece.bytes, piece.offset);
    } else if (kind === 2) {
      reader.varLong();
      follow(store, pieceOf(store, reader.varLong(), recipe), add, depth + 1);
    } else throw reader.fail('a large object is made in an unknown way');
  }
}

function pieceOf(store: Store, number: bigint, recipe: Piece): Piece {
  const piece = find(store, 'lobData', number, store.format === 1 ? taggedPieces : pieces);
  if (piece === null) throw new H2Failure('damaged', recipe.offset, `Piece ${number} of a large object is not there`);
  return piece;
}

function find(store: Store, name: string, wanted: bigint, read: ReadValues<Uint8Array>): Piece | null {
  const map = store.maps.get(name);
  if (map === undefined) return null;
  const keys = store.format === 1 ? taggedNumberKeys : plainNumberKeys;
  for (const { key, value, offset } of walkTree(store, map.root, map.id, keys, read)) {
    if (key === wanted) return { bytes: value.slice(), offset };
    if (key > wanted) return null;
  }
  return null;
}

const pieces: ReadValues<Uint8Array> = (reader, count) =>
  Array.from({ length: count }, () => reader.take(reader.count()));

const taggedPieces: ReadValues<Uint8Array> = (reader, count) =>
  Array.from({ length: count }, () => readTaggedBytes(reader));

/** v length, recipe, v table, v length, 8 not used. */
const recipes: ReadValues<Uint8Array> = (reader, count) =>
  Array.from({ length: count }, () => {
    const recipe = reader.take(reader.count());
    reader.varInt();
    reader.varLong();
    reader.int64();
    return recipe;
  });

/** A Java array of four: recipe, table, length, not used. */
const taggedRecipes: ReadValues<Uint8Array> = (reader, count) =>
  Array.from({ length: count }, () => {
    if (reader.byte() !== 14) throw reader.fail('a large object is described in an unknown way');
    reader.byte();
    if (reader.count() !== 4) throw reader.fail('a large object is described by other than four things');
    const recipe = readTaggedBytes(reader);
    for (let rest = 0; rest < 3; rest += 1) readTaggedNumber(reader);
    return recipe;
  });
