import * as fs from 'node:fs';
import path from 'node:path';
import type { BackupFile } from '../../journal/inventory.ts';
import { modifiedMsOf, piecesOfFile } from '../backup/remembered-backup.ts';

/** So much is looked at at once, whether it is zeros: a block of most file systems, many times. */
const PART_BYTES = 1 << 16;
const ZEROS = Buffer.alloc(PART_BYTES);

/**
 * Copies a file of a backup to `place`, whose folder is made where it is missing; its time of change comes along. Segments
 * are preallocated and mostly zeros: what holds nothing else stays a hole. Of the zeros at its end `mostRestBytes` are laid
 * down. Resolves to nothing between two pieces, so that whoever else waits has a turn. Fails with `data-file-read` where the
 * backup is not what it was, and with what the disk says.
 */
export function* layFile(place: string, file: BackupFile, mostRestBytes = Number.POSITIVE_INFINITY): Generator<number> {
  fs.mkdirSync(path.dirname(place), { recursive: true });
  const fd = fs.openSync(place, 'w');
  try {
    let at = 0;
    let end = 0;
    for (const piece of piecesOfFile(file)) {
      for (let from = 0; from < piece.length; from += PART_BYTES) {
        const part = piece.subarray(from, from + PART_BYTES);
        if (part.compare(ZEROS, 0, part.length) === 0) continue;
        writeWhole(fd, part, at + from);
        end = at + from + part.length;
      }
      at += piece.length;
      yield piece.length;
    }
    fs.ftruncateSync(fd, Math.min(file.sizeBytes, end + mostRestBytes));
    const modifiedMs = modifiedMsOf(file);
    if (modifiedMs !== null) fs.futimesSync(fd, modifiedMs / 1000, modifiedMs / 1000);
  } finally {
    fs.closeSync(fd);
  }
}

/** A disk that is nearly full takes a part of it, and says so with the next. */
function writeWhole(fd: number, bytes: Buffer, at: number): void {
  for (let done = 0; done < bytes.length;) done += fs.writeSync(fd, bytes, done, bytes.length - done, at + done);
}
