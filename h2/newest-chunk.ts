import { readChunk, readChunkFooter, readChunkHeader, type Chunk } from './chunk.ts';
import { H2Failure } from './failure.ts';
import { blockSize, firstChunkBlock, type FileHeader } from './file-header.ts';

/** A newer state that the file speaks of and that does not open: H2 passes over it without a word. */
export interface PassedOver {
  readonly version: bigint;
  readonly offset: number;
  readonly reason: string;
}

/**
 * The chunks that could be the newest, the likeliest first, as H2 has them: after an orderly end the one that the
 * header names; else the newer of that and the last of the file, and whatever their guesses at the next lead to;
 * last of all every whole chunk that there is. They are looked for when they are asked for.
 *
 * H2 1.4.197, which servers had until 2023.2, sees less: the chunk that the header names, the one that ends with the
 * file, and what follows from these. Where that is none it opens an empty database. So format 1 is looked at like this.
 */
export function* newestChunks(bytes: Uint8Array, headers: readonly FileHeader[]): Generator<Chunk> {
  const tried = new Set<number>();
  const fresh = (chunks: readonly Chunk[]): Chunk[] => {
    const untried = chunks.filter((chunk) => !tried.has(chunk.block));
    for (const chunk of untried) tried.add(chunk.block);
    return untried.toSorted(byVersion);
  };

  const named = headers.flatMap((header) => {
    const chunk = header.named === null ? null : readChunk(bytes, header.named.block);
    return chunk !== null && chunk.id === header.named?.id ? [chunk] : [];
  });
  const [first, second] = headers;
  if (first?.isClean === true && second?.version === first.version) yield* fresh(named.slice(0, 1));

  const blocks = Math.floor(bytes.length / blockSize);
  const isOld = first?.format === 1;
  const last = isOld ? chunkEndingAt(bytes, blocks) : lastChunkBefore(bytes, blocks);
  const start = [...named, ...(last === null ? [] : [last])].toSorted(byVersion)[0];
  if (start !== undefined) yield* fresh([...followGuesses(bytes, start, blocks), ...named]);

  if (isOld) return;
  const all: Chunk[] = [];
  let before = last;
  while (before !== null) {
    all.push(before);
    before = lastChunkBefore(bytes, before.block);
  }
  yield* fresh(all);
}

/** Newer chunks of which something is there, though not all. */
export function newerRemains(bytes: Uint8Array, headers: readonly FileHeader[], opened: Chunk): PassedOver[] {
  const remains: PassedOver[] = headers
    .filter((header) => header.version > opened.version)
    .map(({ version, offset }) => ({ version, offset, reason: 'a file header names it' }));
  const blocks = Math.floor(bytes.length / blockSize);
  for (let block = firstChunkBlock; block < blocks; block += 1) {
    const chunk = readChunkHeader(bytes, block);
    if (chunk !== null && chunk.version > opened.version && readChunk(bytes, block) === null) {
      remains.push({ version: chunk.version, offset: block * blockSize, reason: 'its chunk has no footer' });
    }
    const footer = readChunkFooter(bytes, block + 1);
    if (footer !== null && footer.version > opened.version && readChunk(bytes, footer.block) === null) {
      remains.push({ version: footer.version, offset: block * blockSize, reason: 'its chunk has no header' });
    }
  }
  return remains;
}

/** No chunk opens: says why. */
export function noChunkFailure(bytes: Uint8Array, headers: readonly FileHeader[]): H2Failure {
  const named = headers.find((header) => header.named !== null)?.named ?? null;
  if (named === null && bytes.length <= firstChunkBlock * blockSize) {
    return new H2Failure(
      'empty',
      0,
      'The store has headers and no chunk: H2 opens it as a database with nothing in it',
    );
  }
  const offset = (named?.block ?? firstChunkBlock) * blockSize;
  if (headers[0]?.format === 1 && named === null) {
    const what =
      'No header names a chunk and none ends with the file: H2 1.4.197 opens it as a database with nothing in it';
    return new H2Failure('damaged', bytes.length, what);
  }
  return new H2Failure('damaged', offset, 'No chunk of the file is whole');
}

function byVersion(one: Chunk, other: Chunk): number {
  if (one.version !== other.version) return one.version > other.version ? -1 : 1;
  // Of two copies the one nearer to the beginning is the one that was moved last.
  return one.block - other.block;
}

function followGuesses(bytes: Uint8Array, start: Chunk, blocks: number): Chunk[] {
  const chain = [start];
  let newest = start;
  // Versions only grow and no chunk is shorter than a block, so that this ends.
  while (newest.nextBlock > 0 && newest.nextBlock < blocks && chain.length <= blocks) {
    const next = readChunk(bytes, newest.nextBlock);
    if (next === null || next.version <= newest.version) break;
    chain.push(next);
    newest = next;
  }
  return chain;
}

function chunkEndingAt(bytes: Uint8Array, endBlock: number): Chunk | null {
  const footer = readChunkFooter(bytes, endBlock);
  const chunk = footer === null ? null : readChunk(bytes, footer.block);
  return chunk !== null && chunk.block + chunk.blocks === endBlock ? chunk : null;
}

/** The last whole chunk that ends at `endBlock` or before, with no header nor footer of another within it. */
function lastChunkBefore(bytes: Uint8Array, endBlock: number): Chunk | null {
  let candidate: Chunk | null = null;
  for (let end = endBlock; end > firstChunkBlock; end -= 1) {
    if (candidate !== null && candidate.block === end) return candidate;
    if (readChunkFooter(bytes, end) !== null) candidate = chunkEndingAt(bytes, end);
    if (candidate !== null && end - 1 > candidate.block && readChunkHeader(bytes, end - 1) !== null) candidate = null;
  }
  return candidate !== null && candidate.block === firstChunkBlock ? candidate : null;
}
