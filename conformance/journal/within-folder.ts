import path from 'node:path';

/** Whether a path is a folder, or something in it; both as the system spells them. */
export function isWithin(target: string, folder: string): boolean {
  return target === folder || target.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);
}
