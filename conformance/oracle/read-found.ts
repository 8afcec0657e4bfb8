import * as fs from 'node:fs';
import { AxonError } from '../../server/index.ts';
import { systemCodeOf } from '../journal/system-code.ts';
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
  try {
    // A pipe that has come into its place meanwhile must not be waited for.
    const fd = fs.openSync(file.absolute, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    try {
      const { dev, ino, mtimeNs, size } = fs.fstatSync(fd, { bigint: true });
      const isSame = `${dev}:${ino}` === file.inode && mtimeNs === file.modifiedNs && Number(size) === file.sizeBytes;
      // Not up to its end: that of a file of the kernel's may never come.
      const bytes = isSame ? readBytes(fd, Math.min(mostBytes, file.sizeBytes)) : null;
      if (bytes !== null) return bytes;
    } finally {
      fs.closeSync(fd);
    }
  } catch (error) {
    const code = systemCodeOf(error);
    throw new UnreadableFile(file, `cannot be read (${code})`, { cause: error });
  }
  throw new UnreadableFile(file, 'has changed since the backup was looked at');
}

/** Null where there are fewer. */
function readBytes(fd: number, sizeBytes: number): Buffer | null {
  const bytes = Buffer.allocUnsafe(sizeBytes);
  for (let at = 0; at < sizeBytes;) {
    const length = fs.readSync(fd, bytes, at, sizeBytes - at, null);
    if (length === 0) return null;
    at += length;
  }
  return bytes;
}
