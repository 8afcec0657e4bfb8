import * as fs from 'node:fs';
import path from 'node:path';

/**
 * Makes a folder, and those around it; that it is there already is well. Fails with the system's own error: of a place that
 * cannot be written Node says that there is none, where it makes several at once.
 */
export function makeFolder(folder: string): void {
  try {
    fs.mkdirSync(folder, { recursive: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') fs.mkdirSync(highestMissing(path.resolve(folder)));
    throw error;
  }
}

function highestMissing(folder: string): string {
  const parent = path.dirname(folder);
  return parent === folder || fs.existsSync(parent) ? folder : highestMissing(parent);
}
