import * as fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { linkedFolderIn } from '../../../conformance/check/play/linked-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A backup with two folders, and links at its top: name and where they point to. */
function backupWith(links: Readonly<Record<string, string>>): string {
  const backup = temporaryFolder();
  for (const name of ['backup-1', 'backup-2']) fs.mkdirSync(path.join(backup, name));
  for (const [name, target] of Object.entries(links)) fs.symlinkSync(target, path.join(backup, name));
  return backup;
}

test('a link to a folder of the backup says which one is restored, whatever it is called', () => {
  expect(linkedFolderIn(backupWith({ current: 'backup-2' }))).toBe('backup-2');
  expect(linkedFolderIn(backupWith({ latest: './backup-1/', good: 'latest' }))).toBe('backup-1');
});

test('links that differ, point elsewhere, to nothing, or in a circle say nothing', () => {
  expect(linkedFolderIn(backupWith({}))).toBeNull();
  expect(linkedFolderIn(backupWith({ a: 'backup-1', b: 'backup-2' }))).toBeNull();
  expect(linkedFolderIn(backupWith({ current: '/', up: '..', self: '.' }))).toBeNull();
  expect(linkedFolderIn(backupWith({ current: 'backup-3', a: 'b', b: 'a' }))).toBeNull();
});
