import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import type { BackupTree } from './backup-tree.ts';

/** Lays a tree down in a new folder. What the file system refuses, such as a file where a folder is wanted, is left out. */
export function writeTree(folder: string, tree: BackupTree): void {
  fs.mkdirSync(folder, { recursive: true });
  const made = new Set<string>();
  for (const [path, entry] of tree) {
    const place = Buffer.from(`${folder}/${path}`, 'latin1');
    try {
      makeFolders(folder, path, made);
      switch (entry.kind) {
        case 'file':
          fs.writeFileSync(place, entry.bytes, { flag: 'wx' });
          fs.utimesSync(place, entry.modifiedMs / 1000, entry.modifiedMs / 1000);
          break;
        case 'link':
          fs.symlinkSync(Buffer.from(entry.to, 'latin1'), place);
          break;
        case 'folder':
          fs.mkdirSync(place, { recursive: true });
          break;
        case 'pipe':
          execFileSync('mkfifo', [place.toString('utf8')], { stdio: 'ignore' });
      }
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }
}

/** Removes a folder with names of any bytes. */
export function removeTree(folder: Buffer | string): void {
  const root = Buffer.isBuffer(folder) ? folder : Buffer.from(folder);
  for (const entry of fs.readdirSync(root, { encoding: 'buffer', withFileTypes: true }) as unknown as Entry[]) {
    const place = Buffer.concat([root, Buffer.from('/'), entry.name]);
    if (entry.isDirectory()) removeTree(place);
    else fs.unlinkSync(place);
  }
  fs.rmdirSync(root);
}

interface Entry {
  readonly name: Buffer;
  isDirectory(): boolean;
}

function makeFolders(folder: string, path: string, made: Set<string>): void {
  const parts = path.split('/').slice(0, -1);
  const parent = parts.join('/');
  if (parent === '' || made.has(parent)) return;
  fs.mkdirSync(Buffer.from(`${folder}/${parent}`, 'latin1'), { recursive: true });
  made.add(parent);
}

/** Of the system, or of mkfifo. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && ('code' in error || 'status' in error);
}
