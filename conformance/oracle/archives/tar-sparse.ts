import { ArchiveError, rangeOf } from './archive-entry.ts';
import { readNumber } from './tar-guard.ts';

/*
 * Sparse files in tars: segments are preallocated, so `tar --sparse` and bsdtar pack them without their holes.
 *
 *   old GNU form      type 'S'; in the header 4 pieces from @386 on, each offset and length in 12 bytes of octal text,
 *                     u8 @482: more of them follow, real size @483. The data is that of the pieces, end to end
 *   pax form 1.0      GNU.sparse.* in the pax header; the data begins with a map in decimal lines, the number of pieces
 *                     first, padded to 512 bytes
 */

interface Piece {
  readonly offset: number;
  readonly length: number;
}

/** A sparse file; its name where the header's own is only a stand-in. */
export interface SparseEntry {
  readonly name: string | null;
  readonly sizeBytes: number;
  readonly extract: (archive: Buffer) => Buffer;
}

const BLOCK_BYTES = 512;
/** Of a segment of a gigabyte each of its blocks of 4 KiB, and every other one is a hole. */
const MOST_PIECES = 2 ** 17;

/** Null where the entry, whose data begins at `dataAt`, is not sparse. Fails with an ArchiveError. */
export function readSparse(
  archive: Buffer,
  dataAt: number,
  packedBytes: number,
  pax: Readonly<Record<string, string>>,
): SparseEntry | null {
  if (pax['GNU.sparse.major'] === '1') return readPaxSparse(archive, dataAt, packedBytes, pax);
  const header = dataAt < BLOCK_BYTES ? null : archive.subarray(dataAt - BLOCK_BYTES, dataAt);
  if (header?.toString('latin1', 156, 157) !== 'S') return null;
  if (header[482] === 1) throw new ArchiveError('it has sparse files of more than four pieces: pack without --sparse');
  const number = (at: number): number => readNumber(header, at, 12) ?? -1;
  const pieces = [386, 410, 434, 458].map((at) => ({ offset: number(at), length: number(at + 12) }));
  return sparseEntry(null, number(483), pieces, { dataAt, packedBytes });
}

function readPaxSparse(
  archive: Buffer,
  dataAt: number,
  packedBytes: number,
  pax: Readonly<Record<string, string>>,
): SparseEntry {
  let at = dataAt;
  const number = (): number => {
    const end = archive.indexOf(0x0a, at);
    if (end < 0 || end >= dataAt + packedBytes) throw new ArchiveError('the map of a sparse file is damaged');
    const text = archive.toString('latin1', at, Math.min(end, at + 16));
    if (!/^\d{1,15}$/.test(text)) throw new ArchiveError('the map of a sparse file is damaged');
    at = end + 1;
    return Number(text);
  };
  const pieces: Piece[] = [];
  const count = number();
  if (count > MOST_PIECES)
    throw new ArchiveError(`a sparse file has ${count} pieces, and none is read that has more than ${MOST_PIECES}`);
  for (let left = count; left > 0; left--) pieces.push({ offset: number(), length: number() });
  const mapBytes = Math.ceil((at - dataAt) / BLOCK_BYTES) * BLOCK_BYTES;
  const data = { dataAt: dataAt + mapBytes, packedBytes: packedBytes - mapBytes };
  return sparseEntry(pax['GNU.sparse.name'] ?? null, Number(pax['GNU.sparse.realsize']), pieces, data);
}

/** `packedBytes` is what the archive has of the pieces, from `dataAt` on. */
function sparseEntry(
  name: string | null,
  sizeBytes: number,
  pieces: readonly Piece[],
  { dataAt, packedBytes }: { readonly dataAt: number; readonly packedBytes: number },
): SparseEntry {
  const isSound = pieces.every(({ offset, length }) => offset >= 0 && length >= 0 && offset + length <= sizeBytes);
  const held = pieces.reduce((sum, { length }) => sum + length, 0);
  if (!isSound || !Number.isSafeInteger(sizeBytes) || sizeBytes < 0 || held > Math.max(0, packedBytes)) {
    throw new ArchiveError(`the map of a sparse file${name === null ? '' : `, ${name},`} is damaged`);
  }
  const extract = (archive: Buffer): Buffer => {
    const bytes = Buffer.alloc(sizeBytes);
    let at = dataAt;
    for (const { offset, length } of pieces) {
      rangeOf(archive, at, length, 'a sparse file').copy(bytes, offset);
      at += length;
    }
    return bytes;
  };
  return { name, sizeBytes, extract };
}
