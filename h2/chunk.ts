import { countOf, latin1, parseAttributes, parseChecksummedAttributes, parseHexadecimal } from './attributes.ts';
import { blockSize, firstChunkBlock } from './file-header.ts';

/*
 * A chunk is what one write left: whole blocks, in any order in the file, old ones behind new ones.
 *
 *   chunk:3,len:2,pages:c,max:2130,map:14,root:c00006aa50,time:171,version:3,next:7,toc:1c2c   …  \n
 *   page page page …                       (format 1 also: block:5)
 *   a table of its pages, from format 2 on (not needed for reading)
 *   … chunk:3,len:2,version:3,fletcher:90d3728c  …  \n      the last 128 bytes: the footer, with a checksum
 *
 * `len` counts blocks, `root` is the position of the layout map's root page, `next` a guess at where the next chunk
 * will lie. The header has no checksum: it counts where a footer of the same chunk stands at its end.
 */

const footerLength = 128;
const maximalHeaderLength = 1024;

export interface Chunk {
  readonly id: number;
  readonly block: number;
  readonly blocks: number;
  readonly version: bigint;
  readonly layoutRoot: bigint;
  readonly nextBlock: number;
}

/** A chunk whose header stands at `block` and whose footer stands at its end; null where either is wanting. */
export function readChunk(bytes: Uint8Array, block: number): Chunk | null {
  const chunk = readChunkHeader(bytes, block);
  if (chunk === null) return null;
  const footer = readChunkFooter(bytes, block + chunk.blocks);
  return footer !== null && footer.id === chunk.id && footer.block === block && footer.version === chunk.version
    ? chunk
    : null;
}

/** What the header at `block` says, be there a footer or not. */
export function readChunkHeader(bytes: Uint8Array, block: number): Chunk | null {
  if (block < firstChunkBlock || (block + 1) * blockSize > bytes.length) return null;
  const start = bytes.subarray(block * blockSize, block * blockSize + maximalHeaderLength);
  // "chunk:"; most blocks are no header, and are not looked at any further.
  if (start[0] !== 0x63 || start[5] !== 0x3a) return null;
  const end = start.indexOf(0x0a);
  if (end < 0) return null;
  const attributes = parseAttributes(latin1(start.subarray(0, end)).trim());
  return attributes === null ? null : decodeChunk(attributes, block);
}

/** A chunk from its attributes, as headers have them, and the entries of the layout map. */
export function decodeChunk(attributes: ReadonlyMap<string, string>, block: number | null): Chunk | null {
  const id = countOf(attributes, 'chunk', null);
  const ownBlock = countOf(attributes, 'block', block);
  const blocks = countOf(attributes, 'len', null);
  const nextBlock = countOf(attributes, 'next', 0);
  const version = parseHexadecimal(attributes.get('version') ?? attributes.get('chunk') ?? '');
  const layoutRoot = parseHexadecimal(attributes.get('root') ?? '0');
  if (id === null || id === 0 || ownBlock === null || blocks === null || nextBlock === null) return null;
  if (version === null || layoutRoot === null || (block !== null && (ownBlock !== block || blocks === 0))) return null;
  return { id, block: ownBlock, blocks, version, layoutRoot, nextBlock };
}

/** The chunk whose footer ends before `endBlock`; null where none does. */
export function readChunkFooter(
  bytes: Uint8Array,
  endBlock: number,
): { readonly id: number; readonly block: number; readonly version: bigint } | null {
  const end = endBlock * blockSize;
  if (endBlock <= firstChunkBlock || end > bytes.length) return null;
  const attributes = parseChecksummedAttributes(bytes.subarray(end - footerLength, end));
  if (attributes === null) return null;
  const id = countOf(attributes, 'chunk', null);
  const blocks = countOf(attributes, 'len', 0);
  const version = parseHexadecimal(attributes.get('version') ?? '');
  if (id === null || blocks === null || version === null) return null;
  const block = countOf(attributes, 'block', endBlock - blocks);
  return block === null ? null : { id, block, version };
}
