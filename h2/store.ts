import { countOf, parseAttributes, parseHexadecimal } from './attributes.ts';
import { decodeChunk, readChunk, readChunkHeader, type Chunk } from './chunk.ts';
import { H2Failure } from './failure.ts';
import { blockSize, firstChunkBlock, readFileHeaders, type FileHeader } from './file-header.ts';
import { textKeys } from './keys.ts';
import { newerRemains, newestChunks, noChunkFailure, type PassedOver } from './newest-chunk.ts';
import type { PageSource } from './page.ts';
import { walkTree } from './tree.ts';

/*
 * Which map has its root where stands in maps of text to text. The newest chunk says where the root of the layout
 * map (number 0) is; from format 2 on the names of maps stand in one of their own, the meta map:
 *
 *   layout   chunk.3 → chunk:3,block:5,len:2,…,livePages:c      meta   map.b  → name:table.3,…
 *            root.b  → c000041b8f   position, hexadecimal              name.table.3 → b
 *            meta.id → 1            absent in format 1: the same map
 */

/** The maps of one version of a store. */
export interface Store extends PageSource {
  readonly version: bigint;
  /** Where the chunk of this version lies, in bytes. */
  readonly newestChunk: { readonly start: number; readonly end: number };
  readonly passedOver: readonly PassedOver[];
  readonly maps: ReadonlyMap<string, { readonly id: number; readonly root: bigint }>;
}

const layoutMap = 0;

/** The newest version that opens: its layout can be read, and of every chunk with live pages header and footer are there. */
export function openStore(bytes: Uint8Array): Store {
  const headers = readFileHeaders(bytes);
  const format = formatOf(headers);
  refuseTruncated(bytes, headers);
  const passedOver: PassedOver[] = [];
  let firstFailure: H2Failure | null = null;
  for (const chunk of newestChunks(bytes, headers)) {
    try {
      const store = openVersion(bytes, format, chunk);
      const seen = [...passedOver, ...newerRemains(bytes, headers, chunk)].filter((one) => one.version > chunk.version);
      return { ...store, passedOver: seen };
    } catch (error) {
      if (!(error instanceof H2Failure)) throw error;
      firstFailure ??= error;
      passedOver.push({ version: chunk.version, offset: error.offset, reason: error.message });
    }
  }
  throw firstFailure ?? noChunkFailure(bytes, headers);
}

function formatOf(headers: readonly FileHeader[]): 1 | 2 | 3 {
  const [first, second] = headers;
  if (first === undefined) throw new H2Failure('damaged', 0, 'There is no header');
  if (second !== undefined && second.format !== first.format) {
    throw new H2Failure('damaged', second.offset, 'The two headers state different formats');
  }
  return first.format;
}

/**
 * A file is made of whole blocks, and a header is written after the chunk that it names. Where that chunk reaches past the end of the file, no crash left
 * it so: the file was cut. H2 would open an older version, if it finds one, or nothing at all.
 */
function refuseTruncated(bytes: Uint8Array, headers: readonly FileHeader[]): void {
  if (bytes.length % blockSize !== 0) throw new H2Failure('truncated', bytes.length, 'The file ends within a block');
  const newest = headers.reduce<FileHeader | null>(
    (best, header) => (best === null || header.version > best.version ? header : best),
    null,
  );
  if (newest?.named === null || newest === null) return;
  const { id, block } = newest.named;
  const chunk = readChunkHeader(bytes, block);
  const end = (block + (chunk?.id === id ? chunk.blocks : 1)) * blockSize;
  if (end > bytes.length) {
    throw new H2Failure('truncated', bytes.length, `Chunk ${id} reaches to byte ${end}, the file does not`);
  }
}

function openVersion(bytes: Uint8Array, format: 1 | 2 | 3, newest: Chunk): Omit<Store, 'passedOver'> {
  // The layout says where all chunks are, and may itself lie in several: for it alone they are looked for.
  const layout = readTexts({ bytes, format, chunks: everyChunk(bytes, newest) }, newest.layoutRoot, layoutMap);
  const chunks = new Map([[newest.id, newest]]);
  const source: PageSource = { bytes, format, chunks };

  for (const [key, text] of layout) {
    if (!key.startsWith('chunk.')) continue;
    const attributes = parseAttributes(text);
    const listed = attributes === null ? null : decodeChunk(attributes, null);
    if (attributes === null || listed === null) throw damagedLayout(newest, `entry ${key} cannot be read`);
    const isLive = countOf(attributes, 'livePages', countOf(attributes, 'pages', 0)) !== 0;
    if (listed.id === newest.id || !isLive) continue;
    const found = readChunk(bytes, listed.block);
    if (found === null || found.id !== listed.id || found.blocks !== listed.blocks) {
      throw new H2Failure('damaged', listed.block * blockSize, `Chunk ${listed.id} is not where the layout has it`);
    }
    chunks.set(found.id, found);
  }

  const metaId = parseHexadecimal(layout.get('meta.id') ?? '0');
  if (metaId === null || metaId > 0x7fffffffn) throw damagedLayout(newest, 'the meta map has no number');
  const meta = metaId === 0n ? layout : readTexts(source, rootOf(layout, metaId, newest), Number(metaId));
  const start = newest.block * blockSize;
  return {
    bytes,
    format,
    chunks,
    version: newest.version,
    newestChunk: { start, end: start + newest.blocks * blockSize },
    maps: readMaps(layout, meta, newest),
  };
}

/** Of two copies of a chunk the one nearer to the beginning is the one that was moved last. */
function everyChunk(bytes: Uint8Array, newest: Chunk): Map<number, Chunk> {
  const chunks = new Map<number, Chunk>();
  for (let block = Math.floor(bytes.length / blockSize) - 1; block >= firstChunkBlock; block -= 1) {
    const chunk = readChunk(bytes, block);
    if (chunk !== null) chunks.set(chunk.id, chunk);
  }
  return chunks.set(newest.id, newest);
}

function readTexts(source: PageSource, root: bigint, mapId: number): ReadonlyMap<string, string> {
  const entries = walkTree(source, root, mapId, textKeys, (reader, count) =>
    Array.from({ length: count }, () => reader.text()),
  );
  return new Map(Array.from(entries, ({ key, value }): [string, string] => [key, value]));
}

function readMaps(
  layout: ReadonlyMap<string, string>,
  meta: ReadonlyMap<string, string>,
  newest: Chunk,
): Store['maps'] {
  const maps = new Map<string, { id: number; root: bigint }>();
  for (const [key, text] of meta) {
    if (!key.startsWith('map.')) continue;
    const id = parseHexadecimal(key.slice('map.'.length));
    const name = parseAttributes(text)?.get('name');
    if (id === null || id === 0n || id > 0x7fffffffn) throw damagedLayout(newest, `entry ${key} has no number`);
    if (name === undefined) throw damagedLayout(newest, `entry ${key} has no name`);
    if (maps.has(name)) throw damagedLayout(newest, `two maps are called ${name}`);
    maps.set(name, { id: Number(id), root: rootOf(layout, id, newest) });
  }
  return maps;
}

/** A map without a root has never had an entry. */
function rootOf(layout: ReadonlyMap<string, string>, id: bigint, newest: Chunk): bigint {
  const root = parseHexadecimal(layout.get(`root.${id.toString(16)}`) ?? '0');
  if (root === null) throw damagedLayout(newest, `the root of map ${id} is no position`);
  return root;
}

function damagedLayout(newest: Chunk, what: string): H2Failure {
  return new H2Failure('damaged', newest.block * blockSize, `In the layout of version ${newest.version} ${what}`);
}
