import * as fs from 'node:fs';

/** The kit's own: a run may have removed it, or have put a link in its place, and the next one finds a folder all the same. */
export function provideFolder(folder: string): void {
  const stat = fs.lstatSync(folder, { throwIfNoEntry: false });
  if (stat?.isDirectory() === true) return;
  if (stat !== undefined) fs.rmSync(folder, { force: true });
  fs.mkdirSync(folder, { recursive: true });
}
