import * as fs from 'node:fs';
import path from 'node:path';
import { AxonError } from '../../server/index.ts';

/**
 * Fails with `bad-option` where nothing can be kept in a folder; one that is not there yet can be made where its parents
 * can. Nothing is left of the trying.
 */
export function requireOutFolder(outDir: string): void {
  // It would be the working directory, in which folders of earlier checks are removed.
  if (outDir === '') throw new AxonError('bad-option', 'the folder for artefacts has no name');
  const nearest = nearestThere(path.resolve(outDir));
  try {
    if (!fs.statSync(nearest).isDirectory()) {
      throw new AxonError('bad-option', `nothing can be kept in ${outDir}: ${nearest} is no folder`);
    }
    // Some file systems offer folders and let nobody make one (/proc); Node's recursive call never returns there.
    fs.rmdirSync(fs.mkdtempSync(path.join(nearest, '.axon-backup-kit-')));
  } catch (error) {
    if (error instanceof AxonError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new AxonError('bad-option', `nothing can be kept in ${outDir}: ${nearest} is not for writing (${code})`);
  }
}

/** The folder, or the nearest of its parents that is there. */
function nearestThere(folder: string): string {
  const parent = path.dirname(folder);
  return parent === folder || fs.existsSync(folder) ? folder : nearestThere(parent);
}
