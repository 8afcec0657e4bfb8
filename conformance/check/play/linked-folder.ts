import * as fs from 'node:fs';
import path from 'node:path';
import { isWithin } from '../../journal/within-folder.ts';

/**
 * The folder of a backup that a link at its top points to, `current` or whatever it is called: whoever restores follows it.
 * Relative to the backup; null where there is no such link, or several that differ, and where the backup is no folder of its
 * own: nothing is looked at through what stands in its place.
 */
export function linkedFolderIn(backup: string): string | null {
  if (fs.lstatSync(backup, { throwIfNoEntry: false })?.isDirectory() !== true) return null;
  const root = fs.realpathSync(backup);
  const targets = entriesOf(root).flatMap((entry) => {
    if (!entry.isSymbolicLink()) return [];
    const target = folderBehind(path.join(root, entry.name));
    return target !== null && target !== root && isWithin(target, root) ? [path.relative(root, target)] : [];
  });
  const [first = null, ...others] = new Set(targets);
  return others.length === 0 ? first : null;
}

/** None where the folder cannot be looked into. */
function entriesOf(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function folderBehind(link: string): string | null {
  try {
    const target = fs.realpathSync(link);
    return fs.statSync(target).isDirectory() ? target : null;
  } catch {
    // It points to nothing, or in a circle.
    return null;
  }
}
