import * as fs from 'node:fs';
import path from 'node:path';

/** Files below a folder that this process has open. Empty where the system does not say so (it does on Linux). */
export function openFilesIn(folder: string): string[] {
  if (!fs.existsSync('/proc/self/fd')) return [];
  const root = fs.realpathSync(folder) + path.sep;
  return fs
    .readdirSync('/proc/self/fd')
    .map(targetOf)
    .filter((target) => target.startsWith(root));
}

/** Where a file descriptor leads; nowhere for the one that was open to read the list. */
function targetOf(fd: string): string {
  try {
    return fs.readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}
