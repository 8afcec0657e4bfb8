import * as fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { BackupFile, BackupInventory } from '../../../conformance/journal/inventory.ts';
import { readInventory } from '../../../conformance/oracle/backup/backup-reader.ts';
import { tarOf } from '../../support/backup-client.ts';
import { findFile, folderWith, put, segmentName } from '../../support/backup-folders.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** The run of each file, by path. */
async function thenRead(folder: string, previous: BackupInventory, run = 2): Promise<Map<string, number>> {
  const { files } = await readInventory(folder, previous, run);
  return new Map(files.map((file) => [file.path, file.writtenInRun]));
}

describe('when a file was written', () => {
  const first = segmentName(0, '.events');
  const second = segmentName(5, '.events');

  test('is the run that found it new or changed, and it stays that', async () => {
    const folder = folderWith({ [first]: 'a', [second]: 'b' });
    const before = await readInventory(folder, null, 1);
    fs.utimesSync(path.join(folder, second), 1, 1);
    put(folder, 'new.txt', 'c');
    expect(await thenRead(folder, before)).toEqual(
      new Map([
        [first, 1],
        [second, 2],
        ['new.txt', 2],
      ]),
    );
  });

  test('is not changed by a hard link to it, nor by a new name of its folder', async () => {
    const folder = folderWith({ [`run-1/${first}`]: 'a', [`run-1/${second}`]: 'b' });
    const before = await readInventory(folder, null, 1);
    fs.mkdirSync(path.join(folder, 'run-2'));
    fs.linkSync(path.join(folder, 'run-1', first), path.join(folder, 'run-2', first));
    expect(await thenRead(folder, before)).toEqual(
      new Map([
        [`run-1/${first}`, 1],
        [`run-1/${second}`, 1],
        [`run-2/${first}`, 2],
      ]),
    );
    fs.renameSync(path.join(folder, 'run-1'), path.join(folder, 'old'));
    const { files } = await readInventory(folder, before, 2);
    expect(findFile(files, `old/${second}`)).toMatchObject({ writtenInRun: 1 });
    expect(findFile(files, `old/${second}`).readBytes().toString()).toBe('b');
  });

  test('is the same for a copy with old times over it: a write changes the time of change', async () => {
    const folder = folderWith({ [first]: 'aaaa' });
    fs.utimesSync(path.join(folder, first), 1000, 1000);
    const before = await readInventory(folder, null, 1);
    fs.writeFileSync(path.join(folder, first), 'bbbb');
    fs.utimesSync(path.join(folder, first), 1000, 1000);
    const { files } = await readInventory(folder, before, 2);
    expect(files[0]).toMatchObject({ writtenInRun: 2 });
    expect(files[0]?.checksum).not.toBe(before.files[0]?.checksum);
  });

  test('decides which copy is newer: run, then time of modification, then time of change', async () => {
    const folder = folderWith({ [`b/${first}`]: 'a' });
    const before = await readInventory(folder, null, 1);
    put(folder, `a/${first}`, 'a');
    const { files } = await readInventory(folder, before, 2);
    expect(findFile(files, `a/${first}`).recency).toBeGreaterThan(findFile(files, `b/${first}`).recency);
  });
});

/* A correct client may do what it likes with its older backups; six rules took them for new ones then. */
describe('care that is taken of older backups is no writing', () => {
  const log = segmentName(1, '.log');
  const older = `run-1/log/default/${log}`;
  const newer = `run-2/log/default/${log}`;
  const options = { contexts: ['default'], groups: ['default', '_admin'] };

  /** Two runs that leave a folder each, and what `care` does to the older one in the second. */
  async function afterCare(care: (folder: string) => void): Promise<readonly BackupFile[]> {
    const folder = folderWith({ [older]: 'of run 1' });
    const before = await readInventory(folder, null, 1, options);
    put(folder, newer, 'of run 2');
    care(folder);
    return (await readInventory(folder, before, 2, options)).files;
  }

  function expectOlder(files: readonly BackupFile[], name: string): void {
    expect(findFile(files, name)).toMatchObject({ writtenInRun: 1, what: { kind: 'log', group: 'default' } });
    expect(findFile(files, newer).writtenInRun).toBe(2);
    expect(findFile(files, name).recency).toBeLessThan(findFile(files, newer).recency);
  }

  test.each<readonly [string, (file: string) => void]>([
    ['its mode is changed', (file) => fs.chmodSync(file, 0o400)],
    ['its mode is set once more', (file) => fs.chmodSync(file, fs.statSync(file).mode)],
    ['it is touched', (file) => fs.utimesSync(file, new Date(), new Date())],
  ])('%s', async (_, care) => {
    expectOlder(await afterCare((folder) => care(path.join(folder, older))), older);
  });

  test.each(['', 'run-1/'])('it is packed into an archive, with "%s" in it, and removed', async (inner) => {
    const packed = await tarOf(new Map([[`${inner}log/default/${log}`, Buffer.from('of run 1')]]));
    const files = await afterCare((folder) => {
      put(folder, 'run-1.tar.gz', gzipSync(packed));
      fs.rmSync(path.join(folder, 'run-1'), { recursive: true });
    });
    expectOlder(files, `run-1.tar.gz!${inner}log/default/${log}`);
  });

  test('its files are packed each, in their place', async () => {
    const files = await afterCare((folder) => {
      put(folder, `${older}.gz`, gzipSync('of run 1'));
      fs.rmSync(path.join(folder, older));
    });
    expectOlder(files, `${older}.gz!${log}`);
  });

  test('its files are moved one by one', async () => {
    const moved = `old/default/${log}`;
    const files = await afterCare((folder) => {
      fs.mkdirSync(path.join(folder, 'old', 'default'), { recursive: true });
      fs.renameSync(path.join(folder, older), path.join(folder, moved));
    });
    expectOlder(files, moved);
  });

  test('two older backups are sealed again by a run that comes to nothing', async () => {
    const folder = folderWith({ [older]: 'of run 1' });
    const seal = (...files: readonly string[]): void => {
      for (const file of files) fs.chmodSync(path.join(folder, file), 0o400);
    };
    const first = await readInventory(folder, null, 1, options);
    put(folder, newer, 'of run 2');
    seal(older);
    const second = await readInventory(folder, first, 2, options);
    seal(older, newer);
    const { files } = await readInventory(folder, second, 3, options);
    expect(findFile(files, older).writtenInRun).toBe(1);
    expect(findFile(files, newer).writtenInRun).toBe(2);
    expect(findFile(files, newer).recency).toBeGreaterThan(findFile(files, older).recency);
  });

  test('but of two folders in turn, that with anything new in it is the one that was copied to', async () => {
    const idle = (slot: string): string => `${slot}/log/_admin/${log}`;
    const folder = folderWith({ [idle('a')]: 'idle' });
    const first = await readInventory(folder, null, 1, options);
    put(folder, idle('b'), 'idle');
    const second = await readInventory(folder, first, 2, options);
    put(folder, idle('a'), 'idle');
    put(folder, `a/log/default/${log}`, 'of run 3');
    const { files } = await readInventory(folder, second, 3, options);
    expect(findFile(files, idle('a')).writtenInRun).toBe(3);
    expect(findFile(files, idle('a')).recency).toBeGreaterThan(findFile(files, idle('b')).recency);
  });

  test('but the same bytes with the same times, copied over a file once more, are written', async () => {
    const idle = `log/_admin/${log}`;
    const folder = folderWith({ [idle]: 'idle', [`log/default/${log}`]: 'before' });
    const file = path.join(folder, idle);
    fs.utimesSync(file, 1000, 1000);
    const before = await readInventory(folder, null, 1, options);
    put(folder, idle, 'idle');
    fs.utimesSync(file, 1000, 1000);
    put(folder, `log/default/${log}`, 'and after');
    const { files } = await readInventory(folder, before, 2, options);
    expect(files.map(({ writtenInRun }) => writtenInRun)).toEqual([2, 2]);
  });

  test('but an archive of this run is written in it, also where a log in it is the same as before', async () => {
    const pack = (content: string): Promise<Buffer> =>
      tarOf(
        new Map([
          [`log/_admin/${log}`, Buffer.from('idle')],
          [`log/default/${log}`, Buffer.from(content)],
        ]),
      );
    const folder = folderWith({ 'run-9.tar': await pack('before') });
    const before = await readInventory(folder, null, 9, options);
    put(folder, 'run-10.tar', await pack('and after'));
    const { files } = await readInventory(folder, before, 10, options);
    const written = Object.fromEntries(files.map((file) => [file.path, file.writtenInRun]));
    expect(written).toEqual({
      [`run-9.tar!log/_admin/${log}`]: 9,
      [`run-9.tar!log/default/${log}`]: 9,
      [`run-10.tar!log/_admin/${log}`]: 10,
      [`run-10.tar!log/default/${log}`]: 10,
    });
    const newest = files.toSorted((a, b) => b.recency - a.recency).map((file) => file.path.split('!')[0]);
    expect(newest).toEqual(['run-10.tar', 'run-10.tar', 'run-9.tar', 'run-9.tar']);
  });
});

function changeOf(file: string): bigint {
  return fs.statSync(file, { bigint: true }).ctimeNs;
}

/* Copied with `cp -a`, the older folder last: the time of change is only that of copying. */
describe('of a finished backup the newer copy', () => {
  const name = segmentName(5, '.events');
  const day = (number: number): Date => new Date(Date.UTC(2024, 0, number));

  /** The paths of a backup made of these files, one after the other, from the oldest to the newest. */
  async function oldestFirst(
    files: ReadonlyArray<readonly [name: string, modified: Date]>,
  ): Promise<readonly string[]> {
    const folder = temporaryFolder();
    let changedNs = 0n;
    for (const [file, modified] of files) {
      put(folder, file, 'x');
      // Times of change go in steps; here each is later than the one before.
      for (const last = changedNs; changedNs <= last; changedNs = changeOf(path.join(folder, file))) {
        fs.utimesSync(path.join(folder, file), modified, modified);
      }
    }
    const read = (await readInventory(folder, null, 0, { isOffline: true })).files;
    return read.toSorted((a, b) => a.recency - b.recency).map((file) => file.path);
  }

  test('is the one that was modified later, whichever was copied later', async () => {
    const found = await oldestFirst([
      [`a/${name}`, day(2)],
      [`b/${name}`, day(1)],
    ]);
    expect(found).toEqual([`b/${name}`, `a/${name}`]);
  });

  test('is the one beside which the newest file lies, of two that were modified at one time', async () => {
    const found = await oldestFirst([
      [`a/${name}`, day(1)],
      [`a/${segmentName(9, '.events')}`, day(3)],
      [`b/${segmentName(9, '.events')}`, day(2)],
      [`b/${name}`, day(1)],
    ]);
    expect(found.slice(0, 2)).toEqual([`b/${name}`, `a/${name}`]);
  });

  test('is the one whose name comes later, numbers by their value, where no time tells', async () => {
    const found = await oldestFirst([
      [`run-10/${name}`, day(1)],
      [`run-9/${name}`, day(1)],
    ]);
    expect(found).toEqual([`run-9/${name}`, `run-10/${name}`]);
  });
});
