import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BackupFile } from '../../../conformance/journal/inventory.ts';
import { inodesIn, readInventory, type ReaderOptions } from '../../../conformance/oracle/backup-reader.ts';
import { findFile, folderWith, put, segmentName } from '../../support/backup-folders.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { backedUp, grownCluster, sharedBackup } from '../../support/backups.ts';

const goodBackup = sharedBackup();

async function read(folder: string, options: ReaderOptions = {}): Promise<readonly BackupFile[]> {
  return (await readInventory(folder, null, 1, options)).files;
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
    const lone = findFile(await read(backup.folder), `events/default/${segmentName(0, '.events')}`);
    expect(lone.what).toMatchObject({ kind: 'segment', type: 'EVENT', context: null, segment: 0n });
    const good = goodBackup();
    const told = fs.readFileSync(path.join(good.folder, 'events', 'default', segmentName(0, '.events')));
    fs.writeFileSync(path.join(events, segmentName(0, '.events')), told);
    expect(findFile(await read(backup.folder), `events/default/${segmentName(0, '.snapshots')}`).what).toMatchObject({
      type: 'SNAPSHOT',
      context: 'default',
    });
  });

  test('is taken from the name of a folder only where that is the name of a context', async () => {
    const empty = Buffer.alloc(64);
    const folder = folderWith({
      [`my%20orders/${segmentName(0, '.events')}`]: empty,
      [`billing.tar/${segmentName(0, '.events')}`]: empty,
      [`elsewhere/${segmentName(0, '.events')}`]: empty,
    });
    const contexts = ['my orders', 'billing'];
    const files = await read(folder, { contexts });
    expect(files.map(({ what }) => (what.kind === 'segment' ? what.context : ''))).toEqual([
      'billing',
      null,
      'my orders',
    ]);
    const guessed = await read(folder, { isOffline: true });
    expect(guessed.map(({ what }) => (what.kind === 'segment' ? what.context : ''))).toEqual([
      'billing',
      'elsewhere',
      'my orders',
    ]);
  });

  test('of an unknown suffix is told by the segment beside it', async () => {
    const { folder } = goodBackup();
    for (const suffix of ['.nindex', '.snindex', '.future'])
      put(folder, `events/default/${segmentName(0, suffix)}`, 'x');
    for (const suffix of ['.index', '.future']) put(folder, `log/default/${segmentName(1, suffix)}`, 'x');
    put(folder, `elsewhere/${segmentName(77_777, '.future')}`, 'x');
    const files = await read(folder);
    const what = (name: string): unknown => findFile(files, name).what;
    const index = { kind: 'index', context: 'default', segment: 0n };
    expect(what(`events/default/${segmentName(0, '.nindex')}`)).toMatchObject({
      ...index,
      type: 'EVENT',
      suffix: '.nindex',
    });
    expect(what(`events/default/${segmentName(0, '.snindex')}`)).toMatchObject({ ...index, type: 'SNAPSHOT' });
    expect(what(`events/default/${segmentName(0, '.future')}`)).toMatchObject({ ...index, type: 'EVENT' });
    expect(what(`log/default/${segmentName(1, '.index')}`)).toEqual({ kind: 'log-index' });
    expect(what(`log/default/${segmentName(1, '.future')}`)).toEqual({ kind: 'other' });
    expect(what(`elsewhere/${segmentName(77_777, '.future')}`)).toEqual({ kind: 'other' });
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

describe('links', () => {
  test('to files of the server are no copies; those between folders of the backup are', async () => {
    const live = folderWith({ [segmentName(0, '.events')]: 'live', [segmentName(5, '.events')]: 'live too' });
    const folder = folderWith({ [`run-1/${segmentName(0, '.snapshots')}`]: 'copied' });
    const liveFile = path.join(live, segmentName(0, '.events'));
    fs.linkSync(liveFile, path.join(folder, segmentName(0, '.events')));
    fs.symlinkSync(path.join(live, segmentName(5, '.events')), path.join(folder, segmentName(5, '.events')));
    fs.linkSync(
      path.join(folder, 'run-1', segmentName(0, '.snapshots')),
      path.join(folder, segmentName(0, '.snapshots')),
    );
    fs.symlinkSync('run-1', path.join(folder, 'latest'));
    fs.symlinkSync(path.join('run-1', segmentName(0, '.snapshots')), path.join(folder, segmentName(9, '.snapshots')));
    fs.symlinkSync('/nowhere/at/all', path.join(folder, 'dangling'));
    const liveInodes = inodesIn([live]);
    const { files, unreadable } = await readInventory(folder, null, 1, { liveInodes });
    expect(files.map(({ path: file, link }) => [file, link])).toEqual([
      [segmentName(0, '.events'), 'hard'],
      [segmentName(0, '.snapshots'), 'none'],
      [segmentName(5, '.events'), 'symbolic'],
      [segmentName(9, '.snapshots'), 'none'],
      [`run-1/${segmentName(0, '.snapshots')}`, 'none'],
    ]);
    expect(findFile(files, segmentName(5, '.events')).readBytes().toString()).toBe('live too');
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
  const folder = folderWith({ [segmentName(0, '.events')]: 'before' });
  const [file] = await read(folder);
  put(folder, segmentName(0, '.events'), 'after, and longer');
  expect(() => file?.readBytes()).toThrow('has changed since the backup was looked at');
});

test('a small file of another kind can be read when it has long gone', async () => {
  const folder = folderWith({ 'controldb1.zip': 'no zip at all' });
  const [file] = await read(folder);
  fs.rmSync(path.join(folder, 'controldb1.zip'));
  expect(file?.readBytes().toString()).toBe('no zip at all');
});
