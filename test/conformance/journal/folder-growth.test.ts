import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { FolderGrowth, type GrownFile } from '../../../conformance/journal/recording/folder-growth.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function clientFolder() {
  const folder = temporaryFolder();
  const backup = path.join(folder, 'backup');
  const stage = path.join(folder, 'tmp');
  for (const each of [backup, stage]) fs.mkdirSync(each);
  const open = (): FolderGrowth =>
    new FolderGrowth([
      { name: 'BACKUP_DIR', path: backup },
      { name: 'TMPDIR', path: stage },
    ]);
  return { folder, backup, stage, open };
}

const names = (grown: readonly GrownFile[]): string[] =>
  grown.map(({ folder, within, name, bytes }) => `${[folder, ...within, name].join('/')} ${bytes}`);
const all = (): boolean => true;

describe('what has grown in the folders of a client', () => {
  test('is what is new in any of them, once, with the folders that it lies in', () => {
    const { backup, stage, open } = clientFolder();
    fs.writeFileSync(path.join(backup, 'old'), 'old');
    const growth = open();
    fs.mkdirSync(path.join(stage, 'events', 'default'), { recursive: true });
    fs.writeFileSync(path.join(stage, 'events', 'default', 'a'), 'abc');
    fs.writeFileSync(path.join(backup, 'b'), 'b');
    expect(names(growth.look(all))).toEqual(['BACKUP_DIR/b 1', 'TMPDIR/events/default/a 3']);
    expect(growth.look(all)).toEqual([]);
  });

  test('is no file that was moved or linked, nor an empty one', () => {
    const { backup, stage, open } = clientFolder();
    for (const name of ['a', 'b']) fs.writeFileSync(path.join(stage, name), 'abc');
    const growth = open();
    fs.renameSync(path.join(stage, 'a'), path.join(backup, 'a'));
    fs.linkSync(path.join(stage, 'b'), path.join(backup, 'b'));
    fs.writeFileSync(path.join(backup, 'lock'), '');
    expect(growth.look(all)).toEqual([]);
  });

  test('is a file that has become longer, by as much, or has other bytes, with all of them', () => {
    const { backup, open } = clientFolder();
    const file = path.join(backup, 'archive');
    fs.writeFileSync(file, 'abc');
    const growth = open();
    fs.appendFileSync(file, 'defg');
    expect(names(growth.look(all))).toEqual(['BACKUP_DIR/archive 4']);
    fs.writeFileSync(file, 'gfedcba');
    fs.utimesSync(file, 1, 1);
    expect(names(growth.look(all))).toEqual(['BACKUP_DIR/archive 7']);
  });

  test('is looked for in known files only where they could grow', () => {
    const { backup, open } = clientFolder();
    const file = path.join(backup, 'old');
    fs.writeFileSync(file, 'abc');
    const growth = open();
    fs.appendFileSync(file, 'd');
    fs.writeFileSync(path.join(backup, 'new'), 'n');
    expect(names(growth.look(() => false))).toEqual(['BACKUP_DIR/new 1']);
    expect(names(growth.look(all))).toEqual(['BACKUP_DIR/old 1']);
  });

  test('is nothing behind a link, and nothing where a folder is gone', () => {
    const { folder, backup, stage, open } = clientFolder();
    const growth = open();
    const elsewhere = path.join(folder, 'elsewhere');
    fs.mkdirSync(elsewhere);
    fs.writeFileSync(path.join(elsewhere, 'a'), 'abc');
    fs.symlinkSync(elsewhere, path.join(backup, 'link'));
    fs.rmdirSync(stage);
    fs.symlinkSync(elsewhere, stage);
    expect(growth.look(all)).toEqual([]);
  });
});
