import * as fs from 'node:fs';
import { AxonError } from '../../../server/errors.ts';
import { systemCodeOf } from '../../journal/system-code.ts';
import type { FoundFile } from './backup-walk.ts';

/** A file of a backup that cannot be read, or must not be. */
export class UnreadableFile extends AxonError {
  /** What it does, or what has become of it: `has changed`. */
  readonly reason: string;

  constructor({ path }: Pick<FoundFile, 'path'>, reason: string, options?: { readonly cause?: unknown }) {
    super('data-file-read', `${path} ${reason}`, options);
    this.reason = reason;
  }
}

/** The bytes of a file that is still what it was when it was found. Fails with `data-file-read`. */
export function readFound(file: FoundFile): Buffer {
  return readStart(file, file.sizeBytes);
}

/** The first bytes of it, as many as there are up to `mostBytes`. Fails with `data-file-read`. */
export function readStart(file: FoundFile, mostBytes: number): Buffer {
  const bytes = Buffer.allocUnsafe(Math.min(mostBytes, file.sizeBytes));
  let at = 0;
  for (const piece of piecesOf(file, bytes.length)) at += piece.copy(bytes, at);
  return bytes;
}

/**
 * A file piece by piece, up to its end or `mostBytes`; each piece is gone with the next. Fails with `data-file-read`, also
 * where the file is not what it was when it was found.
 */
export function* piecesOf(file: FoundFile, mostBytes: number = file.sizeBytes): Generator<Buffer> {
  const fd = openFound(file);
  try {
    const buffer = Buffer.allocUnsafe(Math.min(PIECE_BYTES, Math.max(1, mostBytes)));
    // Not up to its end: that of a file of the kernel's may never come.
    for (let left = mostBytes; left > 0;) {
      const length = orUnreadable(file, () => fs.readSync(fd, buffer, 0, Math.min(left, buffer.length), null));
      if (length === 0) throw hasChanged(file);
      yield buffer.subarray(0, length);
      left -= length;
    }
  } finally {
    fs.closeSync(fd);
  }
}

/**
 * Has `use` read a file at any offset; it gets as many bytes as there are up to those it asks for. Fails with `data-file-read`
 * as `piecesOf` does.
 */
export async function withReadAt<Result>(
  file: FoundFile,
  use: (readAt: (offset: number, lengthBytes: number) => Buffer) => Promise<Result>,
): Promise<Result> {
  const fd = openFound(file);
  try {
    return await use((offset, lengthBytes) => {
      const bytes = Buffer.allocUnsafe(lengthBytes);
      const length = orUnreadable(file, () => fs.readSync(fd, bytes, 0, lengthBytes, offset));
      return bytes.subarray(0, length);
    });
  } finally {
    fs.closeSync(fd);
  }
}

const PIECE_BYTES = 1 << 20;

function openFound(file: FoundFile): number {
  // A pipe that has come into its place meanwhile must not be waited for.
  const fd = orUnreadable(file, () => fs.openSync(file.absolute, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK));
  try {
    const { dev, ino, mtimeNs, size } = orUnreadable(file, () => fs.fstatSync(fd, { bigint: true }));
    const isSame = `${dev}:${ino}` === file.inode && mtimeNs === file.modifiedNs && Number(size) === file.sizeBytes;
    if (!isSame) throw hasChanged(file);
    return fd;
  } catch (error) {
    fs.closeSync(fd);
    throw error;
  }
}

function hasChanged(file: FoundFile): UnreadableFile {
  return new UnreadableFile(file, 'has changed since the backup was looked at');
}

function orUnreadable<Result>(file: FoundFile, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw new UnreadableFile(file, `cannot be read (${systemCodeOf(error)})`, { cause: error });
  }
}
