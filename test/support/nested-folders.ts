import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { removeFolder } from '../../folders/remove-folder.ts';

/** A program for Node that nests folders in the one it is told, deeper than a path can name. */
export const nestFolders = `
  process.chdir(process.argv[1]);
  for (let depth = 0; depth < 600; depth++) {
    require('fs').mkdirSync('a-folder-in-a-folder');
    process.chdir('a-folder-in-a-folder');
  }`;

/** Does so, for the test that runs. */
export function nestFoldersIn(folder: string): void {
  nest(folder);
  onTestFinished(() => void removeFolder(folder));
}

function nest(folder: string): void {
  const { status, stderr } = spawnSync(process.execPath, ['-e', nestFolders, folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

let isRemoving: boolean | null = null;

/** Whether this Node removes such folders without any help, as newer ones do: then nothing of them can be left behind. */
export function doesNodeRemoveNested(): boolean {
  return (isRemoving ??= tryToRemove());
}

function tryToRemove(): boolean {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'axon-backup-kit-test-'));
  nest(folder);
  try {
    fs.rmSync(folder, { recursive: true });
    return true;
  } catch {
    removeFolder(folder);
    return false;
  }
}
