import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BackupFile, BackupInventory } from '../../../conformance/journal/inventory.ts';
import { inodesIn, readInventory, type ReaderOptions } from '../../../conformance/oracle/backup-reader.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { backedUp, grownCluster, sharedBackup } from '../../support/backups.ts';

const goodBackup = sharedBackup();

const segment = (number: number, suffix: string): string => `${String(number).padStart(20, '0')}${suffix}`;

/** A folder with these files; a path that ends in `/` is a folder. */
function folderWith(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) put(folder, name, content);
  return folder;
}

function put(folder: string, name: string, content: string | Buffer): void {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
}

async function read(folder: string, options: ReaderOptions = {}): Promise<readonly BackupFile[]> {
  return (await readInventory(folder, null, 1, options)).files;
}

function find(files: readonly BackupFile[], name: string): BackupFile {
  const file = files.find((each) => each.path === name);
  if (file === undefined) throw new Error(`${name} is not among ${files.map((each) => each.path).join(', ')}`);
  return file;
}

/** The run of each file, by path. */
async function thenRead(folder: string, previous: BackupInventory, run = 2): Promise<Map<string, number>> {
  const { files } = await readInventory(folder, previous, run);
  return new Map(files.map((file) => [file.path, file.writtenInRun]));
}

describe('what a file is', () => {
  test('shows in its bytes, whatever the folders are called', async () => {
    const { folder } = goodBackup();
    fs.renameSync(path.join(folder, 'events', 'default'), path.join(folder, 'events', 'orders'));
    fs.renameSync(path.join(folder, 'log', 'default'), path.join(folder, 'log', 'orders'));
    const files = await read(folder, { contexts: ['orders', 'default'], groups: ['orders', 'default'] });
    const owners = new Set(
      files.map(({ what }) => ('context' in what ? what.context : 'group' in what ? what.group : '')),
    );
    expect(owners).toEqual(new Set(['default', '_admin', '']));
    expect(new Set(files.map(({ what }) => what.kind))).toEqual(new Set(['segment', 'index', 'log', 'control-db-zip']));
  });

  test('is found out by its neighbours where it says nothing itself', async () => {
    const backup = await backedUp({ simulator: await grownCluster({ rate: 0 }) });
    const events = path.join(backup.folder, 'events', 'default');
    const lone = find(await read(backup.folder), `events/default/${segment(0, '.events')}`);
    expect(lone.what).toMatchObject({ kind: 'segment', type: 'EVENT', context: null, segment: 0n });
    const good = goodBackup();
    const told = fs.readFileSync(path.join(good.folder, 'events', 'default', segment(0, '.events')));
    fs.writeFileSync(path.join(events, segment(0, '.events')), told);
    expect(find(await read(backup.folder), `events/default/${segment(0, '.snapshots')}`).what).toMatchObject({
      type: 'SNAPSHOT',
      context: 'default',
    });
  });

  test('is taken from the name of a folder only where that is the name of a context', async () => {
    const empty = Buffer.alloc(64);
    const folder = folderWith({
      [`my%20orders/${segment(0, '.events')}`]: empty,
      [`billing.tar/${segment(0, '.events')}`]: empty,
      [`elsewhere/${segment(0, '.events')}`]: empty,
    });
    const contexts = ['my orders', 'billing'];
    const files = await read(folder, { contexts });
    expect(files.map(({ what }) => (what.kind === 'segment' ? what.context : ''))).toEqual([
      'billing',
      null,
      'my orders',
    ]);
    const guessed = await read(folder, { guessesFromFolders: true });
    expect(guessed.map(({ what }) => (what.kind === 'segment' ? what.context : ''))).toEqual([
      'billing',
      'elsewhere',
      'my orders',
    ]);
  });

  test('of an unknown suffix is told by the segment beside it', async () => {
    const { folder } = goodBackup();
    for (const suffix of ['.nindex', '.snindex', '.future']) put(folder, `events/default/${segment(0, suffix)}`, 'x');
    for (const suffix of ['.index', '.future']) put(folder, `log/default/${segment(1, suffix)}`, 'x');
    put(folder, `elsewhere/${segment(77_777, '.future')}`, 'x');
    const files = await read(folder);
    const what = (name: string): unknown => find(files, name).what;
    const index = { kind: 'index', context: 'default', segment: 0n };
    expect(what(`events/default/${segment(0, '.nindex')}`)).toMatchObject({
      ...index,
      type: 'EVENT',
      suffix: '.nindex',
    });
    expect(what(`events/default/${segment(0, '.snindex')}`)).toMatchObject({ ...index, type: 'SNAPSHOT' });
    expect(what(`events/default/${segment(0, '.future')}`)).toMatchObject({ ...index, type: 'EVENT' });
    expect(what(`log/default/${segment(1, '.index')}`)).toEqual({ kind: 'log-index' });
    expect(what(`log/default/${segment(1, '.future')}`)).toEqual({ kind: 'other' });
    expect(what(`elsewhere/${segment(77_777, '.future')}`)).toEqual({ kind: 'other' });
  });

  test.each([
    ['axonserver-controldb.mv.db', 'anything'],
    ['copy.db', 'SQLite format 3\0'],
    ['copy.mv.db', 'H:2,block:1'],
    ['controldb1700000000000.zip', '{"error":"no"}'],
    ['controldb1700000000000.zip', ''],
  ])('"%s" that holds "%s" is no backup of a control database', async (name, content) => {
    expect((await read(folderWith({ [name]: content })))[0]?.what).toEqual({ kind: 'control-db-live' });
  });

  test('of a log without events is told by the ids in it, which the control database knows', async () => {
    const contexts = ['default', 'idle'];
    const simulator = await grownCluster({ contexts, rate: 0 });
    const { folder } = await backedUp({ simulator, contexts });
    for (const group of ['_admin', ...contexts]) {
      fs.renameSync(path.join(folder, 'log', group), path.join(folder, 'log', `renamed-${group.length}`));
    }
    const logs = (await read(folder)).flatMap(({ what, container }) =>
      what.kind === 'log' ? [[container, what.group]] : [],
    );
    expect(logs).toEqual([
      ['log/renamed-4', 'idle'],
      ['log/renamed-6', '_admin'],
      ['log/renamed-7', 'default'],
    ]);
  });
});

describe('when a file was written', () => {
  const first = segment(0, '.events');
  const second = segment(5, '.events');

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
    expect(find(files, `old/${second}`)).toMatchObject({ writtenInRun: 1 });
    expect(find(files, `old/${second}`).readBytes().toString()).toBe('b');
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

  test('decides which copy is newer: run, then time of change, then time of modification', async () => {
    const folder = folderWith({ [`b/${first}`]: 'a' });
    const before = await readInventory(folder, null, 1);
    put(folder, `a/${first}`, 'a');
    const { files } = await readInventory(folder, before, 2);
    expect(find(files, `a/${first}`).recency).toBeGreaterThan(find(files, `b/${first}`).recency);
  });
});

describe('links', () => {
  test('to files of the server are no copies; those between folders of the backup are', async () => {
    const live = folderWith({ [segment(0, '.events')]: 'live', [segment(5, '.events')]: 'live too' });
    const folder = folderWith({ [`run-1/${segment(0, '.snapshots')}`]: 'copied' });
    const liveFile = path.join(live, segment(0, '.events'));
    fs.linkSync(liveFile, path.join(folder, segment(0, '.events')));
    fs.symlinkSync(path.join(live, segment(5, '.events')), path.join(folder, segment(5, '.events')));
    fs.linkSync(path.join(folder, 'run-1', segment(0, '.snapshots')), path.join(folder, segment(0, '.snapshots')));
    fs.symlinkSync('run-1', path.join(folder, 'latest'));
    fs.symlinkSync(path.join('run-1', segment(0, '.snapshots')), path.join(folder, segment(9, '.snapshots')));
    fs.symlinkSync('/nowhere/at/all', path.join(folder, 'dangling'));
    const liveInodes = inodesIn([live]);
    const { files, unreadable } = await readInventory(folder, null, 1, { liveInodes });
    expect(files.map(({ path: file, link }) => [file, link])).toEqual([
      [segment(0, '.events'), 'hard'],
      [segment(0, '.snapshots'), 'none'],
      [segment(5, '.events'), 'symbolic'],
      [segment(9, '.snapshots'), 'none'],
      [`run-1/${segment(0, '.snapshots')}`, 'none'],
    ]);
    expect(find(files, segment(5, '.events')).readBytes().toString()).toBe('live too');
    expect(unreadable).toEqual(['dangling: it leads nowhere']);
  });

  test('that lead round in a circle are followed once', async () => {
    const outside = folderWith({ 'a.txt': 'a' });
    fs.symlinkSync(outside, path.join(outside, 'again'));
    const folder = folderWith({});
    fs.symlinkSync(outside, path.join(folder, 'there'));
    expect((await read(folder)).map((file) => [file.path, file.link])).toEqual([['there/a.txt', 'symbolic']]);
  });
});

test('a folder that is not there is an empty backup', async () => {
  expect(await readInventory(path.join(temporaryFolder(), 'none'), null, 1)).toEqual({ files: [], unreadable: [] });
});

test('a segment that is read after it has changed fails, rather than to give other bytes', async () => {
  const folder = folderWith({ [segment(0, '.events')]: 'before' });
  const [file] = await read(folder);
  put(folder, segment(0, '.events'), 'after, and longer');
  expect(() => file?.readBytes()).toThrow('has changed since the backup was looked at');
});

test('a small file of another kind can be read when it has long gone', async () => {
  const folder = folderWith({ 'controldb1.zip': 'no zip at all' });
  const [file] = await read(folder);
  fs.rmSync(path.join(folder, 'controldb1.zip'));
  expect(file?.readBytes().toString()).toBe('no zip at all');
});
