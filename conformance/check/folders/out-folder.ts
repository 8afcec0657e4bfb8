import * as fs from 'node:fs';
import path from 'node:path';
import { AxonError, describeForeign, serverVersions } from '../../../server/index.ts';
import { systemCodeOf } from '../../journal/system-code.ts';
import { scenarioFolder } from './artefacts.ts';

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

/**
 * Fails with `bad-option` where a folder for artefacts holds something, and nothing of it is what a check leaves there: folders
 * of scenarios, or of versions with such in them. `scenarios` are ids that may be played beside the kit's own.
 */
export function requireOwnOutFolder(outDir: string, scenarios: readonly string[]): void {
  requireOutFolder(outDir);
  const names = namesIn(outDir);
  const own = new Set<string>([...scenarios.map((id) => scenarioFolder('', id, null)), ...serverVersions]);
  const isOurs = names.some((name) => own.has(name) || name.startsWith('own.'));
  if (isOurs || names.every((name) => name === 'lost+found')) return;
  throw new AxonError('bad-option', `${outDir} ${describeForeign([...names].toSorted())}, or one of an earlier check`);
}

/** None in a folder that is not there, or that one may write into and not look into. */
function namesIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
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
