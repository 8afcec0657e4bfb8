import * as fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { pack, type Pack } from 'tar-stream';
import { filesBelow } from './files-below.ts';

/** A link is not followed, and a pipe that nobody writes to is not waited for. */
const OPEN_FLAGS = fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0) | (fs.constants.O_NONBLOCK ?? 0);

/**
 * A folder as one tar stream, file by file as each one is when its turn comes: the same risks as any copy of a live
 * node. A file that is gone by then is left out, and so is what is no file, and what lies below one of `leftOut`, names
 * of folders at the top.
 */
export function archiveFolder(folder: string, leftOut: readonly string[]): Readable {
  const archive = pack();
  const addAll = async (): Promise<void> => {
    const names = namesBelow(folder).filter((name) => !leftOut.includes(name.split('/')[0] ?? ''));
    for (const name of names.toSorted()) await addFile(archive, folder, name);
    archive.finalize();
  };
  addAll().catch((error: unknown) => archive.destroy(error instanceof Error ? error : new Error(String(error))));
  return archive as unknown as Readable;
}

/** Relative to the folder, with slashes. */
function namesBelow(folder: string): string[] {
  return Array.from(filesBelow(folder), (file) => path.relative(folder, file).split(path.sep).join('/'));
}

async function addFile(archive: Pack, folder: string, name: string): Promise<void> {
  const handle = await fs.promises.open(path.join(folder, name), OPEN_FLAGS).catch(() => null);
  if (handle === null) return;
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) return;
    const { size, mtime, mode } = stat;
    const entry = archive.entry({ name, size, mtime, mode: mode & 0o777 });
    if (size === 0) entry.end(Buffer.alloc(0));
    else await pipeline(handle.createReadStream({ start: 0, end: size - 1, autoClose: false }), entry);
  } finally {
    await handle.close();
  }
}
