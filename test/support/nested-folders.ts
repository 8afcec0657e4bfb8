import { spawnSync } from 'node:child_process';
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
  const { status, stderr } = spawnSync(process.execPath, ['-e', nestFolders, folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  onTestFinished(() => void removeFolder(folder));
}
