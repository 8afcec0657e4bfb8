import * as fs from 'node:fs';
import path from 'node:path';
import { isWithin } from '../journal/within-folder.ts';

/**
 * The folder of a backup that a link at its top points to, `current` or whatever it is called: whoever restores follows it.
 * Relative to the backup; null where there is no such link, or several that differ.
 */
export function linkedFolderIn(backup: string): string | null {
  const root = fs.realpathSync(backup);
  const targets = fs.readdirSync(root, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isSymbolicLink()) return [];
    const target = folderBehind(path.join(root, entry.name));
    return target !== null && target !== root && isWithin(target, root) ? [path.relative(root, target)] : [];
  });
  const [first = null, ...others] = new Set(targets);
  return others.length === 0 ? first : null;
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
