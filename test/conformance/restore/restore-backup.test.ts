import * as fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { verifyBackup } from '../../../conformance/oracle/verification/verify-backup.ts';
import { restoreBackup, type RestoreOptions, type RestoreResult } from '../../../conformance/restore/restore-backup.ts';
import { decodeEventSegment } from '../../../server/formats/event-segment.ts';
import { startSimulator, type Simulator } from '../../../server/index.ts';
import type { Layout } from '../../support/backup-client.ts';
import { backedUp, cutFile, fileAt, grownCluster, sharedBackup } from '../../support/backups.ts';
import { realBackup } from '../../support/real-backups.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const goodBackup = sharedBackup();

function restoreTo(file: string, to: string, options: Partial<RestoreOptions> = {}): Promise<RestoreResult> {
  const { signal } = new AbortController();
  return restoreBackup(file, { to, layout: 'image', node: null, isForced: false, isDryRun: false, signal, ...options });
}

/** All files below a folder, relative to it. */
function filesBelow(folder: string): string[] {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => fs.statSync(path.join(folder, name)).isFile()).toSorted();
}

/** First token and checksum of each transaction of `default` that was acknowledged by then. */
function acknowledgedBy({ ledger }: Simulator, beforeMs: number): string[] {
  return (['EVENT', 'SNAPSHOT'] as const).flatMap((type) => {
    const own = ledger.of('default', type);
    const all = Array.from({ length: own.length }, (_, place) => own.at(place));
    return all.flatMap(({ atMs, firstToken, checksum }) =>
      atMs <= beforeMs ? [`${type} ${firstToken} ${checksum}`] : [],
    );
  });
}

/** The same of the files in a folder. */
function transactionsIn(folder: string): Set<string> {
  const found = filesBelow(folder).flatMap((name) => {
    const suffix = /[.](?<suffix>events|snapshots)$/.exec(name)?.groups?.['suffix'];
    if (suffix === undefined) return [];
    const bytes = fs.readFileSync(path.join(folder, name));
    return decodeEventSegment(bytes, BigInt(Number.parseInt(path.basename(name), 10))).transactions.map(
      ({ firstToken, position, lengthBytes }) =>
        `${suffix === 'events' ? 'EVENT' : 'SNAPSHOT'} ${firstToken} ${bytes.readUInt32BE(position + lengthBytes - 4)}`,
    );
  });
  return new Set(found);
}

describe('a backup of the simulated server', () => {
  const folders: readonly Layout[] = ['plain', 'dated', 'tar', 'tar.gz', 'zip', 'gz'];

  test.each(folders)('left as %s is laid out so that a node starts on it with all that was there', async (layout) => {
    const { simulator } = goodBackup();
    const { folder, beforeMs } = await backedUp({ simulator, layout });
    const dataDir = temporaryFolder();
    const node = path.join(dataDir, 'node-1');
    expect(await restoreTo(folder, node)).toMatchObject({ verdict: 'consistent', isWritten: true, problems: [] });
    expect(await verifyBackup(node)).toMatchObject({ verdict: 'consistent', problems: [] });

    const started = await startSimulator({ dataDir, port: 0, nodes: 1, speed: 0, rate: 0 });
    await started.close();
    const there = transactionsIn(path.join(node, 'events/default'));
    const wanted = acknowledgedBy(simulator, beforeMs);
    expect(wanted.length).toBeGreaterThan(1000);
    expect(wanted.filter((each) => !there.has(each))).toEqual([]);
  });

  test('comes without the stand-ins of indexes, and says so', async () => {
    const to = path.join(temporaryFolder(), 'node-1');
    const { leftOut } = await restoreTo(goodBackup().folder, to);
    expect(leftOut.filter(({ path: file }) => /\.s?(?:index|bloom)$/.test(file)).length).toBeGreaterThan(0);
    expect(leftOut[0]?.reason).toContain('stand-in of a simulated server');
    expect(filesBelow(to).filter((name) => /\.s?(?:index|bloom)$/.test(name))).toEqual([]);
  });

  test('of jump-skip indexes comes without these, global ones among them, and says why', async () => {
    const simulator = await grownCluster({ serverVersion: '2026.0', rate: 0.1 });
    const { folder } = await backedUp({ simulator });
    const beside = (names: readonly string[]): string[] => names.filter((name) => /\.s?(?:nindex|xref)$/.test(name));
    expect(beside(filesBelow(folder)).some((name) => name.endsWith('global-index-00000.xref'))).toBe(true);
    const to = path.join(temporaryFolder(), 'node-1');
    const { leftOut, verdict } = await restoreTo(folder, to);
    expect([verdict, beside(filesBelow(to))]).toEqual(['consistent', []]);
    const reasons = leftOut.filter(({ path: file }) => beside([file]).length > 0);
    expect(reasons.map(({ path: file }) => file).toSorted()).toEqual(beside(filesBelow(folder)));
    const ofGlobal = reasons.find(({ path: file }) => file.endsWith('.xref'))?.reason;
    expect(ofGlobal).toBe('its segments are taken without their indexes');
  });

  test('goes under two roots with the layout split, as the manual of 2026.0 has it, and a node with two starts on it', async () => {
    const dataDir = temporaryFolder();
    const node = path.join(dataDir, 'node-1');
    const { simulator, beforeMs, folder } = goodBackup();
    expect(await restoreTo(folder, node, { layout: 'split' })).toMatchObject({ verdict: 'consistent' });
    const inFolders = filesBelow(node).filter((name) => name.includes('/'));
    const tops = new Set(inFolders.map((name) => `${name.split('/')[0]} ${path.extname(name)}`));
    expect([...tops].toSorted()).toEqual(['controldb .db', 'events .events', 'log .log', 'snapshots .snapshots']);
    const started = await startSimulator({
      dataDir,
      port: 0,
      nodes: 1,
      speed: 0,
      rate: 0,
      serverVersion: '2026.0',
      snapshotStorage: 'snapshots',
    });
    await started.close();
    const there = transactionsIn(node);
    expect(acknowledgedBy(simulator, beforeMs).filter((each) => !there.has(each))).toEqual([]);
    expect(await verifyBackup(node)).toMatchObject({ verdict: 'consistent', problems: [] });
  });

  test('goes where a server has it that is told nothing, with the layout flat', async () => {
    const to = path.join(temporaryFolder(), 'restored');
    await restoreTo(goodBackup().folder, to, { layout: 'flat' });
    const tops = new Set(filesBelow(to).map((name) => name.split('/').slice(0, -1).join('/')));
    expect([...tops].toSorted()).toEqual(['', 'controldb', 'data/default', 'log/_admin', 'log/default']);
  });

  /** A volume was renamed over, which the system refuses (EBUSY), and a link to a folder was called no folder. */
  test.each([
    ['an empty folder', (folder: string) => folder],
    ['a link to one', (folder: string) => `${folder}-link`],
  ])(
    'goes into %s that is there, which stays itself, whatever its file system has put into it',
    async (_what, called) => {
      const to = path.join(temporaryFolder(), 'volume');
      fs.mkdirSync(path.join(to, 'lost+found'), { recursive: true });
      fs.symlinkSync(to, `${to}-link`);
      const { ino } = fs.statSync(to);
      const { isWritten } = await restoreTo(goodBackup().folder, called(to));
      expect([isWritten, fs.statSync(to).ino]).toEqual([true, ino]);
      expect(fs.readdirSync(to).toSorted()).toEqual([
        'axon-backup-kit-restore.json',
        'controldb',
        'events',
        'log',
        'lost+found',
      ]);
      expect(fs.readdirSync(path.dirname(to)).toSorted()).toEqual(['volume', 'volume-link']);
      const plain = path.join(temporaryFolder(), 'node-1');
      await restoreTo(goodBackup().folder, plain);
      expect(filesBelow(to)).toEqual(filesBelow(plain));
    },
  );

  test('that is laid out once is a backup for the next restore', async () => {
    const [once, twice] = [path.join(temporaryFolder(), 'once'), path.join(temporaryFolder(), 'twice')];
    await restoreTo(goodBackup().folder, once);
    await restoreTo(once, twice);
    expect(filesBelow(twice)).toEqual(filesBelow(once));
  });

  test('that has a log segment packed and not is laid out with the newer one, and says so', async () => {
    const { folder } = goodBackup();
    const plain = path.join(folder, 'log/_admin/00000000000000000001.log');
    fs.writeFileSync(`${plain}.gz`, gzipSync(fs.readFileSync(plain)));
    const { files, leftOut } = await restoreTo(folder, path.join(temporaryFolder(), 'node-1'), { isForced: true });
    const places = files.map(({ to }) => to);
    expect(new Set(places).size).toBe(places.length);
    expect(leftOut.filter(({ path: file }) => file.startsWith('log/_admin/')).map(({ reason }) => reason)).toEqual([
      'another log of that group goes with the control database',
    ]);
  });

  test('has holes where the segments had nothing', async () => {
    const backup = goodBackup();
    const segment = fileAt(backup, 'events/default', '.events', -1);
    fs.truncateSync(segment, 64 * 1024 ** 2);
    const to = path.join(temporaryFolder(), 'node-1');
    await restoreTo(backup.folder, to);
    const laid = fs.statSync(path.join(to, 'events/default', path.basename(segment)));
    expect(laid.size).toBe(64 * 1024 ** 2);
    expect(laid.blocks * 512).toBeLessThan(1024 ** 2);
  });
});

describe('a backup of a real server', () => {
  test('has its database under the name that it has in the zip, and its indexes where all of them are good', async () => {
    const to = path.join(temporaryFolder(), 'node');
    const { verdict, leftOut } = await restoreTo(realBackup({ indexes: 'bloom-filter' }).folder, to);
    expect(verdict).toBe('consistent');
    expect(leftOut).toEqual([]);
    expect(filesBelow(to)).toContain('data/axonserver-controldb.mv.db');
    expect(filesBelow(to).filter((name) => name.endsWith('.index')).length).toBeGreaterThan(0);
    expect(await verifyBackup(to)).toMatchObject({ verdict: 'consistent' });
  });

  test('comes without any index where one of an older segment is missing: with none a server builds all', async () => {
    const backup = realBackup({ indexes: 'bloom-filter' });
    const oldest = filesBelow(backup.folder).find((name) => name.endsWith('.index'));
    fs.rmSync(path.join(backup.folder, oldest ?? ''));
    const to = path.join(temporaryFolder(), 'node');
    expect(await restoreTo(backup.folder, to)).toMatchObject({ verdict: 'inconsistent', isWritten: false });
    expect(fs.existsSync(to)).toBe(false);
    const { leftOut } = await restoreTo(backup.folder, to, { isForced: true });
    expect(leftOut[0]?.reason).toContain('a server would read less');
    expect(filesBelow(path.join(to, 'events/default')).filter((name) => /[.](?:index|bloom)$/.test(name))).toEqual([]);
    expect(await verifyBackup(to)).toMatchObject({ verdict: 'consistent' });
  });
});

describe('nothing is written', () => {
  test('from a backup that is not consistent, but by force', async () => {
    const backup = goodBackup();
    cutFile(fileAt(backup, 'events/default', '.events', 1), 1000);
    const to = path.join(temporaryFolder(), 'node-1');
    expect(await restoreTo(backup.folder, to)).toMatchObject({ verdict: 'inconsistent', isWritten: false });
    expect(fs.existsSync(to)).toBe(false);
    expect(await restoreTo(backup.folder, to, { isForced: true })).toMatchObject({
      verdict: 'inconsistent',
      isWritten: true,
    });
  });

  test('into a folder that holds something, or a file, or below a folder that is not there', async () => {
    const place = temporaryFolder();
    fs.writeFileSync(path.join(place, 'mine'), 'mine');
    for (const to of [place, path.join(place, 'mine'), path.join(place, 'not', 'there')]) {
      await expect(restoreTo(goodBackup().folder, to)).rejects.toMatchObject({ kind: 'bad-option' });
    }
    expect(filesBelow(place)).toEqual(['mine']);
  });

  test('into a folder that may not be written, or behind a link that leads nowhere, by a dry run, too', async () => {
    const { folder } = goodBackup();
    const parent = temporaryFolder();
    fs.symlinkSync(path.join(parent, 'nowhere'), path.join(parent, 'link'));
    fs.symlinkSync(path.join(parent, 'circle'), path.join(parent, 'circle'));
    const names = [path.join(parent, 'circle'), path.join(parent, 'x'.repeat(300)), path.join(parent, 'link', 'x')];
    for (const isDryRun of [true, false]) {
      for (const name of names) {
        await expect(restoreTo(folder, name, { isDryRun })).rejects.toMatchObject({ kind: 'bad-option' });
      }
      await expect(restoreTo(folder, path.join(parent, 'link'), { isDryRun })).rejects.toThrow('leads nowhere');
      await expect(restoreTo(folder, '/proc/1/node-1', { isDryRun })).rejects.toThrow('--to: /proc/1');
    }
    expect(fs.readdirSync(parent).toSorted()).toEqual(['circle', 'link']);
  });

  /** Files were laid into a new folder of the same name, and half a node was called restored. */
  test('and nothing is called restored where the folder is removed in the midst of the work', async () => {
    for (const isThere of [true, false]) {
      const parent = temporaryFolder();
      const to = path.join(parent, 'node-1');
      if (isThere) fs.mkdirSync(to);
      let told = 0;
      const onProgress = (): void => {
        if (++told !== 2) return;
        for (const name of fs.readdirSync(parent)) fs.rmSync(path.join(parent, name), { recursive: true });
      };
      await expect(restoreTo(goodBackup().folder, to, { onProgress })).rejects.toThrow('cannot be written (ENOENT)');
      expect(filesBelow(parent)).toEqual([]);
    }
  });

  test('by a dry run, which says what would go where', async () => {
    const place = temporaryFolder();
    const dry = await restoreTo(goodBackup().folder, path.join(place, 'node-1'), { isDryRun: true });
    expect(fs.readdirSync(place)).toEqual([]);
    const { isWritten, ...said } = await restoreTo(goodBackup().folder, path.join(place, 'node-1'));
    expect(isWritten).toBe(true);
    expect({ ...dry, path: said.path }).toEqual({ ...said, isWritten: false });
  });

  test('where there is no backup', async () => {
    const place = temporaryFolder();
    const to = path.join(place, 'node-1');
    expect(await restoreTo(temporaryFolder(), to)).toMatchObject({ verdict: 'nothing-to-verify', isWritten: false });
    expect(fs.readdirSync(place)).toEqual([]);
  });

  test('and nothing stays, once it is interrupted', async () => {
    const place = temporaryFolder();
    const stop = new AbortController();
    const options = { signal: stop.signal, onProgress: () => stop.abort() };
    await expect(restoreTo(goodBackup().folder, path.join(place, 'node-1'), options)).rejects.toMatchObject({
      kind: 'interrupted',
    });
    expect(fs.readdirSync(place)).toEqual([]);
  });
});

describe('a backup of several nodes', () => {
  test('is that of the node that is named', async () => {
    const simulator = await grownCluster({ nodes: 2 });
    const folder = temporaryFolder();
    for (const node of [0, 1])
      await backedUp({ simulator, node }).then((each) =>
        fs.cpSync(each.folder, path.join(folder, `node-${node + 1}`), { recursive: true }),
      );
    for (const node of ['node-1', 'node-2']) {
      const { files, database } = await restoreTo(folder, path.join(temporaryFolder(), node), { node });
      const from = new Set([...files, ...(database === null ? [] : [database])].map((each) => each.from.split('/')[0]));
      expect([...from]).toEqual([node]);
    }
  });

  test('that the control database does not know is refused, with the names that it knows', async () => {
    const to = path.join(temporaryFolder(), 'node-1');
    await expect(restoreTo(goodBackup().folder, to, { node: 'node-9' })).rejects.toThrow(
      '--node: the control database knows no node-9, but node-1',
    );
  });
});
