import * as fs from 'node:fs';
import path from 'node:path';
import type { BackupFile } from '../../conformance/journal/inventory.ts';
import { temporaryFolder } from './temporary-folder.ts';

/* Small folders made by hand, to be read as backups. */

/** `5` and `.events` → `00000000000000000005.events`. */
export const segmentName = (number: number, suffix: string): string => `${String(number).padStart(20, '0')}${suffix}`;

/** A folder with these files. */
export function folderWith(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) put(folder, name, content);
  return folder;
}

/** Writes a file of the folder, and what folders it takes. */
export function put(folder: string, name: string, content: string | Buffer): void {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
}

/** The file at a path of an inventory. */
export function findFile(files: readonly BackupFile[], name: string): BackupFile {
  const file = files.find((each) => each.path === name);
  if (file === undefined) throw new Error(`${name} is not among ${files.map((each) => each.path).join(', ')}`);
  return file;
}
