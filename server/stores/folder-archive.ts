import * as fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { pack } from 'tar-stream';

/**
 * A folder as one tar stream, file by file as each one is when its turn comes: the same risks as any copy of a live
 * node. A file that is gone by then is left out.
 */
export function archiveFolder(folder: string): Readable {
  const archive = pack();
  const addAll = async (): Promise<void> => {
    for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()) {
      const handle = await fs.promises.open(path.join(folder, name)).catch(() => null);
      if (handle === null) continue;
      try {
        const { size, mtime, mode } = await handle
          .stat()
          .then((stat) => (stat.isFile() ? stat : { size: -1, mtime: new Date(0), mode: 0 }));
        if (size < 0) continue;
        const entry = archive.entry({ name, size, mtime, mode: mode & 0o777 });
        if (size === 0) entry.end(Buffer.alloc(0));
        else await pipeline(handle.createReadStream({ start: 0, end: size - 1, autoClose: false }), entry);
      } finally {
        await handle.close();
      }
    }
    archive.finalize();
  };
  addAll().catch((error: unknown) => archive.destroy(error instanceof Error ? error : new Error(String(error))));
  return archive as unknown as Readable;
}
