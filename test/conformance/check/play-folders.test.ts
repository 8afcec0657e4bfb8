import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { formatOwner } from '../../../folders/owner.ts';
import { PlayFolders } from '../../../conformance/check/folders/play-folders.ts';
import { endedProcess } from '../../support/ended-process.ts';
import { doesNodeRemoveNested, nestFoldersIn } from '../../support/nested-folders.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A disk for temporary files and a folder that stands for memory, both empty. */
function places(): { readonly disk: string; readonly memory: string } {
  return { disk: temporaryFolder(), memory: temporaryFolder() };
}

function isOtherDisk(place: string): boolean {
  return fs.existsSync(place) && fs.statSync(place).dev !== fs.statSync(os.tmpdir()).dev;
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

  test('hand over what is kept, whatever a client has left there', () => {
    const { disk, memory } = places();
    const folders = new PlayFolders(null, { disk, memory });
    const folder = folders.open('log/cleaned', '4.5');
    for (const name of ['backup', 'cluster', 'state', 'tmp']) fs.mkdirSync(path.join(folder.path, name));
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
    expect(kept.folder).toMatch(/\/4\.5\/log\.cleaned$/);
    expect(everythingIn(kept.folder)).toEqual(
      ['backup', 'backup/a file', 'backup/current', 'backup/linked', 'backup/pipe'].toSorted(),
    );
    expect(fs.readlinkSync(path.join(kept.folder, 'backup', 'current'))).toBe('a file');
    expect(fs.statSync(path.join(kept.folder, 'backup', 'a file'))).toMatchObject({ nlink: 2, mtimeMs: 2_000_000 });
  });

  test('keep the cluster too where the kit itself has failed', () => {
    const folders = new PlayFolders(null, places());
    const folder = folders.open('log/cleaned', null);
    fs.mkdirSync(path.join(folder.path, 'cluster'));
    fs.mkdirSync(path.join(folder.ownPath, 'restore'));
    expect(everythingIn(folder.keep('kept').folder)).toEqual(['cluster', 'work', 'work/restore']);
  });

  test.skipIf(!isOtherDisk('/dev/shm'))('say what they could not carry to another disk, and keep the rest', () => {
    const disk = temporaryFolder();
    const memory = fs.mkdtempSync('/dev/shm/axon-backup-kit-test-');
    onTestFinished(() => fs.rmSync(memory, { recursive: true }));
    const folders = new PlayFolders(null, { disk, memory });
    const good = folders.open('log/cleaned', null);
    fs.writeFileSync(path.join(good.artefactsPath, 'verdict.json'), '{}');
    expect(everythingIn(good.keep('removed').folder)).toEqual(['verdict.json']);
    const folder = folders.open('log/other', null);
    vi.stubEnv('PATH', temporaryFolder());
    onTestFinished(() => void vi.unstubAllEnvs());
    const kept = folder.keep('removed').folder;
    expect(kept).toContain(disk);
    expect(fs.readFileSync(path.join(kept, 'not-kept.txt'), 'utf8')).toContain('cp');
  });

  test("end up in the user's own folder where there is one, by the scenario's name, and are not played there", () => {
    const { disk, memory } = places();
    const out = path.relative(process.cwd(), temporaryFolder());
    const folders = new PlayFolders(out, { disk, memory });
    const old = path.join(out, 'log.cleaned');
    fs.mkdirSync(old);
    fs.writeFileSync(path.join(old, 'of an earlier check'), '');
    const folder = folders.open('log/cleaned', null);
    expect(folder.path.startsWith(memory)).toBe(true);
    expect(everythingIn(out)).toEqual([]);
    for (const name of ['backup', 'cluster']) fs.mkdirSync(path.join(folder.path, name));
    // A client that has found out where things will be kept gains nothing by it.
    const elsewhere = temporaryFolder();
    fs.symlinkSync(elsewhere, old);
    expect(folder.keep('removed')).toEqual({ folder: old, isTemporary: false });
    folders.close();
    expect(fs.lstatSync(old).isDirectory()).toBe(true);
    expect(everythingIn(old)).toEqual(['backup']);
    expect([...everythingIn(memory), ...everythingIn(disk), ...everythingIn(elsewhere)]).toEqual([]);
  });

  test('tell a client nothing of the scenario, and lie where they cannot be guessed or listed', () => {
    const { disk, memory } = places();
    const folders = new PlayFolders(null, { disk, memory });
    const [one, other] = [folders.open('log/cleaned', '4.5'), folders.open('growth/quiet', '4.5')];
    onTestFinished(() => void folders.close());
    expect(path.relative(memory, one.path)).not.toMatch(/log|cleaned|4\.5/);
    for (const each of [one.path, other.path, one.ownPath, other.ownPath]) {
      expect(path.relative(memory, each).split('/')[1]).toMatch(/^[0-9a-f]{16}$/);
    }
    expect(path.dirname(one.path)).toBe(path.dirname(other.path));
    expect(fs.statSync(path.dirname(one.path)).mode & 0o777).toBe(0o300);
    expect(fs.statSync(one.path).mode & 0o777).toBe(0o700);
    expect(one.ownPath.startsWith(one.path)).toBe(false);
  });

  test('do not take for the backup what a client has put in the place of its own folder', () => {
    const folders = new PlayFolders(null, places());
    const folder = folders.open('log/cleaned', null);
    const elsewhere = temporaryFolder();
    fs.mkdirSync(path.join(elsewhere, 'backup'));
    fs.rmdirSync(folder.path);
    fs.symlinkSync(elsewhere, folder.path);
    const kept = folder.keep('removed');
    folders.close();
    expect(everythingIn(kept.folder)).toEqual([]);
    expect(everythingIn(elsewhere)).toEqual(['backup']);
  });

  test('keep a backup that a client has left as a link as that link, and follow it nowhere', () => {
    const folders = new PlayFolders(null, places());
    const folder = folders.open('log/cleaned', null);
    const elsewhere = temporaryFolder();
    fs.writeFileSync(path.join(elsewhere, 'precious'), '');
    fs.symlinkSync(elsewhere, path.join(folder.path, 'backup'));
    const kept = folder.keep('removed');
    folders.close();
    expect(fs.readlinkSync(path.join(kept.folder, 'backup'))).toBe(elsewhere);
    expect(everythingIn(elsewhere)).toEqual(['precious']);
  });

  test('tell how many of killed checks are gone, and how many of old failures', () => {
    const { disk, memory } = places();
    const gone = `axon-backup-kit-check-${formatOwner(endedProcess())}-aaaaaa`;
    fs.mkdirSync(path.join(memory, gone));
    for (let each = 1; each <= 7; each++) {
      const failed = path.join(
        disk,
        `axon-backup-kit-kept-${formatOwner({ ...endedProcess(), started: BigInt(each) })}-aaaaaa`,
      );
      fs.mkdirSync(failed);
      fs.utimesSync(failed, each, each);
    }
    const folders = new PlayFolders(null, { disk, memory });
    const kept = folders.open('log/cleaned', null).keep('removed');
    expect(folders.close()).toEqual({ troubles: [], sweptFolders: 1, outdatedFolders: 3 });
    expect(fs.existsSync(kept.folder)).toBe(true);
    expect(fs.readdirSync(disk)).toHaveLength(5);
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

  test.skipIf(doesNodeRemoveNested())('tell what they cannot remove, and end all the same', () => {
    const { disk, memory } = places();
    for (const place of [memory, null]) {
      const folders = new PlayFolders(null, { disk, memory: place });
      const folder = folders.open('log/cleaned', null);
      nestFoldersIn(folder.path);
      // Without the system's own tools nothing removes these.
      vi.stubEnv('PATH', temporaryFolder());
      folder.drop();
      expect(folders.close().troubles).toEqual([expect.stringContaining(folder.path)]);
      vi.unstubAllEnvs();
    }
  });

  test('keep in memory what finds no room on the disk, where no later check sweeps it up', () => {
    const memory = temporaryFolder();
    const folders = new PlayFolders(null, { disk: path.join(memory, 'not there'), memory });
    const folder = folders.open('log/cleaned', null);
    fs.writeFileSync(path.join(folder.artefactsPath, 'verdict.json'), '{}');
    const kept = folder.keep('removed').folder;
    expect(kept).toMatch(/axon-backup-kit-kept-.+\/log\.cleaned$/);
    expect(folders.close().troubles).toEqual([expect.stringContaining('not there')]);
    expect(everythingIn(kept)).toEqual(['verdict.json']);
    expect(fs.readdirSync(memory)).toHaveLength(1);
  });
});
