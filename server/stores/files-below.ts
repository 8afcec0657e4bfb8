import * as fs from 'node:fs';
import path from 'node:path';

/**
 * The files below a folder, as paths that begin with it, in no particular order. No link is followed, wherever it leads:
 * from Node 22 on `readdir` itself goes into linked folders where it is told to go into all.
 */
export function* filesBelow(folder: string): Generator<string> {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(place);
    else if (entry.isFile()) yield place;
  }
}
