import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { PlayFolders } from '../../../conformance/check/play-folders.ts';
import { nestFoldersIn } from '../../support/nested-folders.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A disk for temporary files and a folder that stands for memory, both empty. */
function places(): { readonly disk: string; readonly memory: string } {
  return { disk: temporaryFolder(), memory: temporaryFolder() };
}

function everythingIn(folder: string): string[] {
  return fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
}

describe('the folders that scenarios are played in', () => {
  test('leave neither memory nor disk behind where nothing is kept', () => {
    const { disk, memory } = places();
    for (const place of [memory, null]) {
      const folders = new PlayFolders(null, { disk, memory: place });
      const folder = folders.open('log/cleaned', null);
      expect(folder.path.startsWith(place ?? disk)).toBe(true);
      fs.mkdirSync(path.join(folder.path, 'cluster'));
      folder.drop();
      folders.close();
      expect([...everythingIn(memory), ...everythingIn(disk)]).toEqual([]);
    }
  });

  test('take what is kept out of memory, whatever a client has left there', () => {
    const { disk, memory } = places();
    const folders = new PlayFolders(null, { disk, memory });
    const folder = folders.open('log/cleaned', '4.5');
    for (const name of ['backup', 'cluster', 'state']) fs.mkdirSync(path.join(folder.path, name));
    const file = path.join(folder.path, 'backup', 'a file');
    fs.writeFileSync(file, 'bytes');
    fs.utimesSync(file, 1000, 2000);
    fs.linkSync(file, path.join(folder.path, 'backup', 'linked'));
    fs.symlinkSync('a file', path.join(folder.path, 'backup', 'current'));
    execFileSync('mkfifo', [path.join(folder.path, 'backup', 'pipe')]);
    const kept = folder.keep('removed');
    folders.close();
    expect(everythingIn(memory)).toEqual([]);
    expect(kept).toEqual({ folder: expect.stringContaining(disk), isTemporary: true });
    expect(everythingIn(kept.folder)).toEqual(
      ['backup', 'backup/a file', 'backup/current', 'backup/linked', 'backup/pipe'].toSorted(),
    );
    expect(fs.readlinkSync(path.join(kept.folder, 'backup', 'current'))).toBe('a file');
    expect(fs.statSync(path.join(kept.folder, 'backup', 'a file'))).toMatchObject({ nlink: 2, mtimeMs: 2_000_000 });
  });

  test('keep the cluster too where the kit itself has failed', () => {
    const { disk, memory } = places();
    const folders = new PlayFolders(null, { disk, memory });
    const folder = folders.open('log/cleaned', null);
    fs.mkdirSync(path.join(folder.path, 'cluster'));
    expect(everythingIn(folder.keep('kept').folder)).toEqual(['cluster']);
  });

  test('say what they could not keep, and keep the rest', () => {
    const { disk, memory } = places();
    const folders = new PlayFolders(null, { disk, memory });
    const folder = folders.open('log/cleaned', null);
    fs.writeFileSync(path.join(folder.path, 'verdict.json'), '{}');
    vi.stubEnv('PATH', temporaryFolder());
    onTestFinished(() => void vi.unstubAllEnvs());
    const kept = folder.keep('removed').folder;
    expect(fs.readFileSync(path.join(kept, 'not-kept.txt'), 'utf8')).toContain('cp');
  });

  test("lie below the user's own folder where there is one, and stay there", () => {
    const { disk, memory } = places();
    const out = path.relative(process.cwd(), temporaryFolder());
    const folders = new PlayFolders(out, { disk, memory });
    const old = path.join(out, 'log.cleaned');
    fs.mkdirSync(old);
    fs.writeFileSync(path.join(old, 'of an earlier check'), '');
    const folder = folders.open('log/cleaned', null);
    expect(folder.path).toBe(path.resolve(old));
    expect(everythingIn(old)).toEqual([]);
    for (const name of ['backup', 'cluster']) fs.mkdirSync(path.join(folder.path, name));
    expect(folder.keep('removed')).toEqual({ folder: old, isTemporary: false });
    folders.close();
    expect(everythingIn(old)).toEqual(['backup']);
    expect([...everythingIn(memory), ...everythingIn(disk)]).toEqual([]);
  });

  test('go, all of them, where the check came to no end', () => {
    const { disk, memory } = places();
    for (const place of [memory, null]) {
      const folders = new PlayFolders(null, { disk, memory: place });
      folders.open('log/kept', null).keep('removed');
      fs.writeFileSync(path.join(folders.open('log/cleaned', null).path, 'half'), '');
      folders.abandon();
      folders.close();
      expect([...everythingIn(memory), ...everythingIn(disk)]).toEqual([]);
    }
  });

  test('tell what they cannot remove, and end all the same', () => {
    const { disk, memory } = places();
    for (const place of [memory, null]) {
      const folders = new PlayFolders(null, { disk, memory: place });
      const folder = folders.open('log/cleaned', null);
      nestFoldersIn(folder.path);
      // Without the system's own tools nothing removes these.
      vi.stubEnv('PATH', temporaryFolder());
      folder.drop();
      expect(folders.close()).toEqual([expect.stringContaining(folder.path)]);
      vi.unstubAllEnvs();
    }
  });

  test('keep where it was what finds no room on the disk', () => {
    const memory = temporaryFolder();
    const folders = new PlayFolders(null, { disk: path.join(memory, 'not there'), memory });
    const folder = folders.open('log/cleaned', null);
    fs.writeFileSync(path.join(folder.path, 'verdict.json'), '{}');
    expect(folder.keep('removed').folder).toBe(folder.path);
    expect(folders.close()).toEqual([expect.stringContaining(folder.path)]);
    expect(everythingIn(folder.path)).toEqual(['verdict.json']);
  });
});
