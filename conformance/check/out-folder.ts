import * as fs from 'node:fs';
import path from 'node:path';
import { AxonError } from '../../server/index.ts';
import { systemCodeOf } from '../journal/system-code.ts';

/**
 * Fails with `bad-option` where nothing can be kept in a folder; one that is not there yet can be made where its parents
 * can. Nothing is left of the trying.
 */
export function requireOutFolder(outDir: string): void {
  // It would be the working directory, in which folders of earlier checks are removed.
  if (outDir === '') throw new AxonError('bad-option', 'the folder for artefacts has no name');
  let nearest = path.resolve(outDir);
  try {
    while (!isThere(nearest)) nearest = path.dirname(nearest);
    if (!fs.statSync(nearest).isDirectory()) {
      throw new AxonError('bad-option', `nothing can be kept in ${outDir}: ${nearest} is no folder`);
    }
    // Some file systems offer folders and let nobody make one (/proc); Node's recursive call never returns there.
    fs.rmdirSync(fs.mkdtempSync(path.join(nearest, '.axon-backup-kit-')));
  } catch (error) {
    if (error instanceof AxonError) throw error;
    const text = `nothing can be kept in ${outDir}: ${nearest} is not for writing (${systemCodeOf(error)})`;
    throw new AxonError('bad-option', text);
  }
}

/** Nothing is below a file; what may not be looked at is another matter. */
function isThere(place: string): boolean {
  try {
    return fs.statSync(place, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if (systemCodeOf(error) === 'ENOTDIR') return false;
    throw error;
  }
}
