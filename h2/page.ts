import { inflateSync } from 'node:zlib';
import { ByteReader } from './byte-reader.ts';
import { H2Failure } from './failure.ts';
import { blockSize } from './file-header.ts';
import { expandLzf } from './lzf.ts';

/*
 * A page is a leaf or a node of one map's tree. Its position says where it is:
 *
 *   63 … 38  chunk      37 … 6  offset in the chunk      5 … 1  greatest length, coded      0  node
 *
 *   4  length of the page
 *   2  check: of chunk, offset and length, each its high half xor its low half, all three xor
 *   v  number of the page in its chunk (not in format 1)
 *   v  map
 *   v  count of keys
 *   1  kind: 1 node, 2 compressed with LZF, 6 compressed with Deflate
 *      node: (keys + 1) × 8 positions of children, (keys + 1) × v entries below each
 *   v  only where compressed: how many bytes longer the rest is when expanded
 *      keys; leaf: values
 *
 * v is a number of variable length. Nothing vouches for keys and values: the check covers the page's place alone.
 */

/** Where the chunks of the opened version lie. */
export interface PageSource {
  readonly bytes: Uint8Array;
  readonly format: 1 | 2 | 3;
  readonly chunks: ReadonlyMap<number, { readonly block: number; readonly blocks: number }>;
}

export interface Page {
  readonly offset: number;
  readonly length: number;
  readonly keyCount: number;
  /** Of a node: position and count of entries of each child; null of a leaf. */
  readonly children: ReadonlyArray<{ readonly position: bigint; readonly entries: bigint }> | null;
  /** Stands at the keys. */
  readonly body: ByteReader;
  readonly bodyLength: number;
}

/** No page of a server's database comes near; what claims more is damage or an attack. */
export const maximalBodyLength = 64 * 1024 * 1024;

export function readPage(source: PageSource, position: bigint, mapId: number): Page {
  const chunkId = Number(BigInt.asUintN(26, position >> 38n));
  const start = Number(BigInt.asUintN(32, position >> 6n));
  const isNode = (position & 1n) === 1n;
  const chunk = source.chunks.get(chunkId);
  if (chunk === undefined)
    throw new H2Failure('damaged', 0, `A page of map ${mapId} is in chunk ${chunkId}, which is not there`);
  const offset = chunk.block * blockSize + start;
  const end = (chunk.block + chunk.blocks) * blockSize;
  if (offset + 4 > end || end > source.bytes.length) {
    throw new H2Failure(
      'damaged',
      Math.min(offset, source.bytes.length),
      `A page of map ${mapId} lies outside its chunk`,
    );
  }

  const length = new ByteReader(source.bytes.subarray(offset, offset + 4), offset).int32();
  const code = Number((position >> 1n) & 31n);
  if (length < 10 || length > end - offset || !fitsCode(length, code)) {
    throw new H2Failure('damaged', offset, `A page cannot be ${length} bytes long here`);
  }
  const page = new ByteReader(source.bytes.subarray(offset, offset + length), offset);
  page.int32();
  if ((page.int16() & 0xffff) !== (halves(chunkId) ^ halves(start) ^ halves(length))) {
    throw new H2Failure('damaged', offset, 'The check value of a page does not hold');
  }
  if (source.format > 1 && page.varInt() < 0) throw page.fail('a page has a number below 0');
  if (page.varInt() !== mapId) throw page.fail(`a page is not of map ${mapId}`);
  const keyCount = page.varInt();
  const kind = page.byte();
  if (keyCount < 0 || (kind & ~7) !== 0 || (kind & 6) === 4 || (kind & 1) !== Number(isNode)) {
    throw page.fail('a page is of no known kind');
  }

  const children = isNode ? readChildren(page, keyCount) : null;
  const body = (kind & 2) === 0 ? page : expand(page, (kind & 4) !== 0, offset);
  if (keyCount > body.remaining) throw page.fail(`a page cannot hold ${keyCount} keys`);
  return { offset, length, keyCount, children, body, bodyLength: body.remaining };
}

function readChildren(page: ByteReader, keyCount: number): Page['children'] {
  // A position takes eight bytes and a count one at least.
  if ((keyCount + 1) * 9 > page.remaining) throw page.fail(`a node cannot have ${keyCount} keys`);
  const positions = Array.from({ length: keyCount + 1 }, () => page.int64());
  return positions.map((position) => {
    const entries = page.varLong();
    if (entries < 0n || (position === 0n && entries !== 0n)) throw page.fail('a node counts what is not there');
    return { position, entries };
  });
}

function expand(page: ByteReader, isDeflate: boolean, offset: number): ByteReader {
  const longer = page.varInt();
  const length = page.remaining + longer;
  if (longer < 0 || length > maximalBodyLength) {
    throw new H2Failure(longer < 0 ? 'damaged' : 'too-large', offset, `A compressed page claims ${length} bytes`);
  }
  // Neither method packs better than this; a claim beyond it is not worth the memory.
  if (length > (page.remaining + 16) * 1100) throw page.fail('a compressed page claims more than it can hold');
  return new ByteReader(isDeflate ? inflate(page, length) : expandLzf(page, length), offset, true);
}

function inflate(page: ByteReader, length: number): Uint8Array {
  const failure = page.fail('a page is not compressed as it says');
  try {
    const expanded = inflateSync(page.take(page.remaining), { maxOutputLength: length });
    if (expanded.length === length) return expanded;
  } catch {
    throw failure;
  }
  throw failure;
}

function halves(value: number): number {
  return ((value >>> 16) ^ value) & 0xffff;
}

/** Code 0 is up to 32 bytes, each two codes double it, and 31 says nothing. */
function fitsCode(length: number, code: number): boolean {
  const greatest = (of: number): number => (2 + (of & 1)) * 2 ** ((of >> 1) + 4);
  if (code === 31) return length > greatest(30);
  return length <= greatest(code) && (code === 0 || length > greatest(code - 1));
}
