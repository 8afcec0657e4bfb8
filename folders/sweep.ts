import * as fs from 'node:fs';
import path from 'node:path';
import { formatOwner, isCertainlyGone, thisOwner } from './owner.ts';
import { removeFolder } from './remove-folder.ts';
import { makeTemporaryFolder, parseFolderName, type NamedFolder, type Purpose } from './temporary-folder.ts';

/** Processes whose kept folders stay: those of the newest. */
const MOST_KEPT = 5;

/** A folder of the kit's in a place for temporary files. */
interface SeenFolder extends NamedFolder {
  readonly path: string;
  readonly modifiedMs: number;
}

/**
 * Removes what processes have left in `place` that were killed before they could clear up, of what is for one of these
 * purposes; returns how many folders. A folder goes only where all of this holds: it bears the name that the kit gives, it is a folder and no link, it is this
 * user's, and the process that it names has certainly ended. What refuses to go stays.
 */
export function sweepAbandoned(place: string, purposes: readonly Purpose[] = ['check', 'verify']): number {
  const here = thisOwner();
  const abandoned = foldersIn(place, purposes).filter(({ owner }) => isCertainlyGone(owner, here));
  return abandoned.filter((folder) => removeClaimed(place, folder)).length;
}

/**
 * Removes all but the newest few of what ended processes have kept for a person to look at; returns how many folders. What
 * one process has kept, be it one folder or twenty, stays or goes together.
 */
export function limitKept(place: string, purpose: 'kept' | 'demo', most: number = MOST_KEPT): number {
  const here = thisOwner();
  const folders = foldersIn(place, [purpose]).toSorted((a, b) => b.modifiedMs - a.modifiedMs);
  const owners = [...new Set([formatOwner(here), ...folders.map(({ owner }) => formatOwner(owner))])];
  const stay = new Set(owners.slice(0, most));
  const old = folders.filter(({ owner }) => !stay.has(formatOwner(owner)) && isCertainlyGone(owner, here));
  return old.filter((folder) => removeClaimed(place, folder)).length;
}

function foldersIn(place: string, purposes: readonly Purpose[]): SeenFolder[] {
  return namesIn(place).flatMap((name) => {
    const named = parseFolderName(name);
    if (named === null || !purposes.includes(named.purpose)) return [];
    const file = path.join(place, name);
    const stat = lookAt(file);
    const isOurs = stat?.isDirectory() === true && (process.getuid === undefined || stat.uid === process.getuid());
    return isOurs ? [{ ...named, path: file, modifiedMs: stat.mtimeMs }] : [];
  });
}

/**
 * Of two checks that begin at a time one alone removes a folder: the one that has it under its own name first. Should it be
 * killed over this, that name says so. A link that has come into its place meanwhile is moved, and removed, as a link.
 */
function removeClaimed(place: string, { path: folder, purpose }: SeenFolder): boolean {
  try {
    const claimed = makeTemporaryFolder(place, purpose === 'serve' ? 'serve' : 'check');
    const inside = path.join(claimed, 'abandoned');
    try {
      // Into another folder: for that it has to be writable, and a killed client may have seen to it that it is not.
      if (lookAt(folder)?.isDirectory() === true) fs.chmodSync(folder, 0o700);
      fs.renameSync(folder, inside);
      return removeFolder(claimed) === null;
    } catch {
      fs.rmdirSync(claimed);
      return false;
    }
  } catch {
    return false;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

function lookAt(file: string): fs.Stats | undefined {
  try {
    return fs.lstatSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
