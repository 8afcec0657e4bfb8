import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BackupFile } from '../../../conformance/journal/inventory.ts';
import { readInventory, type ReaderOptions } from '../../../conformance/oracle/backup/backup-reader.ts';
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
  test('to files of the server are no copies, and symbolic ones are not even read; those within the backup are files', async () => {
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
    const { files, unreadable, linksOut } = await readInventory(folder, null, 1, { liveFolders: [live] });
    expect(files.map(({ path: file, link }) => [file, link])).toEqual([
      [segmentName(0, '.events'), 'hard'],
      [segmentName(0, '.snapshots'), 'none'],
      [segmentName(9, '.snapshots'), 'none'],
      [`run-1/${segmentName(0, '.snapshots')}`, 'none'],
    ]);
    expect(linksOut).toEqual([{ path: segmentName(5, '.events'), leadsTo: 'server', what: 'file' }]);
    expect(unreadable.toSorted()).toEqual([
      `${segmentName(5, '.events')}: it leads out of the backup`,
      'dangling: it leads nowhere',
    ]);
  });

  test('to folders are told by where they lead in the end, and none of them is entered', async () => {
    const cluster = folderWith({ [`node-1/events/default/${segmentName(0, '.events')}`]: 'live' });
    const elsewhere = folderWith({ 'a.txt': 'a' });
    fs.symlinkSync(path.join(cluster, 'node-1'), path.join(elsewhere, 'chain'));
    const folder = folderWith({});
    const targets = {
      above: path.dirname(cluster),
      chained: path.join(elsewhere, 'chain', 'events'),
      elsewhere,
      process: '/proc/self/root',
      server: path.join(cluster, 'node-1'),
    };
    for (const [name, target] of Object.entries(targets)) fs.symlinkSync(target, path.join(folder, name));
    const { files, linksOut } = await readInventory(folder, null, 1, { liveFolders: [cluster] });
    expect(files).toEqual([]);
    expect(linksOut).toEqual([
      { path: 'above', leadsTo: 'above-server', what: 'folder' },
      { path: 'chained', leadsTo: 'server', what: 'folder' },
      { path: 'elsewhere', leadsTo: 'elsewhere', what: 'folder' },
      { path: 'process', leadsTo: 'above-server', what: 'folder' },
      { path: 'server', leadsTo: 'server', what: 'folder' },
    ]);
  });

  test('a folder of the server by its own name is one that was mounted there', async () => {
    const live = folderWith({ [segmentName(0, '.events')]: 'live' });
    expect(await readInventory(live, null, 1, { liveFolders: [live] })).toMatchObject({
      files: [],
      linksOut: [{ path: '.', leadsTo: 'server', what: 'mounted-folder' }],
    });
  });
});

/* Whatever a client leaves, the kit judges it: none of this may make it fail, or read on without an end. */
describe('what is no backup', () => {
  const good = segmentName(0, '.events');

  test('a link to a folder elsewhere is said to lead out, and not followed', async () => {
    const outside = folderWith({ [segmentName(7, '.events')]: 'none of it' });
    const folder = folderWith({ [good]: 'a' });
    fs.symlinkSync('/', path.join(folder, 'disk'));
    fs.symlinkSync(outside, path.join(folder, 'outside'));
    fs.symlinkSync('..', path.join(folder, 'up'));
    const { files, unreadable } = await readInventory(folder, null, 1);
    expect(files.map((file) => file.path)).toEqual([good]);
    expect(unreadable).toEqual(['disk', 'outside', 'up'].map((name) => `${name}: it leads out of the backup`));
  });

  // A client that left a link to the live node in place of its backup passed: what lay beside the folder counted as its.
  test('the folder itself may have become a link: what it leads to is no backup, wherever it lies', async () => {
    const cluster = folderWith({ [`node-1/${good}`]: 'live' });
    const scenario = folderWith({ [`state/backup-7/${good}`]: 'a' });
    const backup = path.join(scenario, 'backup');
    for (const [target, leadsTo, what] of [
      [path.join(cluster, 'node-1'), 'server', 'folder'],
      [path.join(cluster, 'node-1', good), 'server', 'file'],
      ['/', 'above-server', 'folder'],
      ['state/backup-7', 'elsewhere', 'folder'],
      ['nowhere', 'elsewhere', 'nothing'],
      ['backup', 'elsewhere', 'nothing'],
    ] as const) {
      fs.symlinkSync(target, backup);
      expect(await readInventory(backup, null, 1, { liveFolders: [cluster] })).toMatchObject({
        files: [],
        unreadable: ['.: it leads out of the backup'],
        linksOut: [{ path: '.', leadsTo, what }],
      });
      fs.rmSync(backup);
    }
  });

  test('or a file, a pipe, a socket or a device: nothing is read of it, and nothing waited for', async () => {
    const scenario = folderWith({ backup: 'a file' });
    const backup = path.join(scenario, 'backup');
    expect(await readInventory(backup, null, 1)).toMatchObject({ files: [], replacedBy: 'a file' });
    fs.rmSync(backup);
    execFileSync('mkfifo', [backup]);
    expect(await readInventory(backup, null, 1)).toMatchObject({ files: [], replacedBy: 'a pipe' });
    fs.rmSync(backup);
    const server = createServer().listen(backup);
    await once(server, 'listening');
    expect(await readInventory(backup, null, 1)).toMatchObject({ files: [], replacedBy: 'a socket' });
    server.close();
    expect(await readInventory('/dev/zero', null, 1)).toMatchObject({ files: [], replacedBy: 'a device' });
  });

  test('sockets and devices hold nothing', async () => {
    const folder = folderWith({ [good]: 'a' });
    fs.symlinkSync('/dev/zero', path.join(folder, segmentName(5, '.events')));
    const server = createServer().listen(path.join(folder, 'socket'));
    await once(server, 'listening');
    const { files, unreadable, passedOver } = await readInventory(folder, null, 1);
    server.close();
    expect(files.map((file) => file.path)).toEqual([good]);
    expect(unreadable).toEqual([`${segmentName(5, '.events')}: it leads out of the backup`, 'socket: it is no file']);
    expect(passedOver).toEqual(unreadable);
  });

  test.skipIf(!fs.existsSync('/proc/self/mem'))('a file of the kernel is none of it', async () => {
    const folder = folderWith({});
    fs.symlinkSync('/proc/self/mem', path.join(folder, 'memory'));
    const { files, linksOut } = await readInventory(folder, null, 1);
    expect([files, linksOut]).toEqual([[], [{ path: 'memory', leadsTo: 'elsewhere', what: 'file' }]]);
  });

  test('a file that is larger than any segment is looked at, and not read', async () => {
    const folder = folderWith({ [good]: 'a', 'disk.img': 'b', 'all.zip': 'c' });
    for (const name of [good, 'disk.img', 'all.zip']) fs.truncateSync(path.join(folder, name), 3 * 2 ** 30);
    const { files, unreadable } = await readInventory(folder, null, 1);
    expect(files.map((file) => file.sizeBytes)).toEqual([3 * 2 ** 30, 3 * 2 ** 30, 3 * 2 ** 30]);
    expect(unreadable).toEqual([
      `${good}: it is larger than 2147483648 bytes, as no segment is`,
      'all.zip: it is larger than 268435456 bytes: unpack it, and name the folder',
    ]);
    expect(() => findFile(files, good).readBytes()).toThrow('is larger than 2147483648 bytes');
  });

  test.skipIf(process.getuid?.() === 0)('folders and files that may not be read are told', async () => {
    const folder = folderWith({ [`closed/${good}`]: 'a', [good]: 'b' });
    fs.chmodSync(path.join(folder, 'closed'), 0);
    fs.chmodSync(path.join(folder, good), 0);
    const { files, unreadable } = await readInventory(folder, null, 1);
    fs.chmodSync(folder, 0);
    const { unreadable: ofAll } = await readInventory(folder, null, 1);
    fs.chmodSync(folder, 0o700);
    fs.chmodSync(path.join(folder, 'closed'), 0o700);
    expect(files).toEqual([]);
    expect(unreadable).toEqual(['closed: it cannot be read (EACCES)', `${good}: it cannot be read (EACCES)`]);
    expect(ofAll).toEqual(['.: it cannot be read (EACCES)']);
  });
});

test('a folder that is not there is an empty backup', async () => {
  expect(await readInventory(path.join(temporaryFolder(), 'none'), null, 1)).toMatchObject({
    files: [],
    unreadable: [],
  });
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
