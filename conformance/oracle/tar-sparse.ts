import { ArchiveError, rangeOf } from './archive-entry.ts';

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
  const pieces = [386, 410, 434, 458].map((at) => ({ offset: octal(header, at), length: octal(header, at + 12) }));
  return sparseEntry(null, octal(header, 483), pieces, dataAt);
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
    const value = Number(archive.toString('latin1', at, end));
    at = end + 1;
    return value;
  };
  const pieces: Piece[] = [];
  for (let left = number(); left > 0; left--) pieces.push({ offset: number(), length: number() });
  const piecesAt = dataAt + Math.ceil((at - dataAt) / BLOCK_BYTES) * BLOCK_BYTES;
  return sparseEntry(pax['GNU.sparse.name'] ?? null, Number(pax['GNU.sparse.realsize']), pieces, piecesAt);
}

function sparseEntry(name: string | null, sizeBytes: number, pieces: readonly Piece[], dataAt: number): SparseEntry {
  const isSound = pieces.every(({ offset, length }) => offset >= 0 && length >= 0 && offset + length <= sizeBytes);
  if (!isSound || !Number.isSafeInteger(sizeBytes)) throw new ArchiveError('the map of a sparse file is damaged');
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

function octal(header: Buffer, at: number): number {
  const text = header.toString('latin1', at, at + 12).replace(/[\0 ].*$/s, '');
  return text === '' ? 0 : Number.parseInt(text, 8);
}
