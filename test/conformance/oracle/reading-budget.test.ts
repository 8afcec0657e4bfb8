import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import type { BackupInventory } from '../../../conformance/journal/inventory.ts';
import { ArchiveError } from '../../../conformance/oracle/archives/archive-entry.ts';
import { readInventory } from '../../../conformance/oracle/backup/backup-reader.ts';
import { ReadingBudget, type ReadingLimits } from '../../../conformance/oracle/archives/reading-budget.ts';
import { readTarEntries } from '../../../conformance/oracle/archives/tar-entries.ts';
import { verifyBackup } from '../../../conformance/oracle/verification/verify-backup.ts';
import { packAttributes, packTar } from '../../fuzz/tar.ts';
import { segmentName } from '../../support/backup-folders.ts';
import { encodeEventSegmentHeader, encodeTransaction } from '../../../server/formats/event-segment.ts';
import { encodeLogEntry, encodeLogSegmentHeader } from '../../../server/formats/log-segment.ts';
import { readZipEntries } from '../../../conformance/oracle/archives/zip-entries.ts';
import { encodeControlDbArchive } from '../../../server/formats/control-db-archive.ts';
import { tarOf } from '../../support/backup-client.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/*
 * Three zips of 1.5 MB in all took 3.2 GB of memory, the zip of a control database 6.25 GB, four preallocated segments without an
 * event 2.1 GB: each archive had a limit of its own, and everything was taken into memory whole.
 */

function folderWith(files: Readonly<Record<string, Uint8Array>>): string {
  const folder = temporaryFolder();
  for (const [name, bytes] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), bytes);
  return folder;
}

function budgetOf(limits: Partial<ReadingLimits>): ReadingBudget {
  return new ReadingBudget({ limits, realTimeMs: () => 0 });
}

const zeros = new Uint8Array(1000);
/** Which nothing packs. */
const randomBytes = Buffer.concat(
  Array.from({ length: 100 }, (_, place) => createHash('sha256').update(`${place}`).digest()),
);

describe('one budget for a whole backup', () => {
  test('what several archives unpack to counts together, and the one that is too many is named', async () => {
    const folder = folderWith({
      'a.zip': zipSync({ a: zeros }),
      'b.zip': zipSync({ b: zeros }),
      'c.gz': gzipSync(zeros),
    });
    const { files, unreadable } = await readInventory(folder, null, 1, { budget: budgetOf({ unpackedBytes: 2500 }) });
    expect(files.map((file) => file.path)).toEqual(['a.zip!a', 'b.zip!b', 'c.gz']);
    expect(unreadable).toEqual([
      expect.stringContaining('c.gz: the archives of the backup unpack to more than 2500 bytes'),
    ]);
  });

  test('an archive in an archive counts, too', async () => {
    const folder = folderWith({ 'a.zip': zipSync({ 'b.gz': gzipSync(zeros) }) });
    const { unreadable } = await readInventory(folder, null, 1, { budget: budgetOf({ unpackedBytes: 500 }) });
    expect(unreadable).toEqual([expect.stringContaining('a.zip!b.gz: the archives of the backup unpack to more than')]);
  });

  test('files in all archives count together', async () => {
    const folder = folderWith({ 'a.zip': zipSync({ a: zeros, b: zeros }), 'b.zip': zipSync({ a: zeros, b: zeros }) });
    const { unreadable } = await readInventory(folder, null, 1, { budget: budgetOf({ entries: 3 }) });
    expect(unreadable).toEqual([expect.stringContaining('b.zip: the archives of the backup hold more than 3 files')]);
  });

  test.each([
    ['zip', (names: string[]) => zipSync(Object.fromEntries(names.map((name) => [name, new Uint8Array()])))],
    ['tar', async (names: string[]) => tarOf(new Map(names.map((name) => [name, Buffer.alloc(0)])))],
  ])('a %s of more files than there may be is given up before they are all in memory', async (kind, pack) => {
    // 5 MB of a packed zip were 4,500,000 files, 2.7 GB and 20 s, to be told that they were too many.
    const bytes = await pack(Array.from({ length: 100 }, (_, place) => `file ${place}`));
    let taken = 0;
    const take = (): void => {
      taken++;
      if (taken > 10) throw new ArchiveError('more than 10');
    };
    const read = async (): Promise<unknown> =>
      kind === 'zip' ? readZipEntries(Buffer.from(bytes), take) : readTarEntries(Buffer.from(bytes), take);
    await expect(read()).rejects.toThrow('more than 10');
    expect(taken).toBe(11);
  });

  test('archives that lie in each other are in memory together, and count together', async () => {
    // 277 KB of a tar.gz in a tar.gz, with a sparse file in it, took 1.3 GB: each was as large as one thing may be.
    const inner = Buffer.concat([randomBytes, Buffer.alloc(1000)]);
    const folder = folderWith({ 'a.tar.gz': gzipSync(await tarOf(new Map([['b.gz', gzipSync(inner)]]))) });
    const read = (heldBytes: number): Promise<BackupInventory> =>
      readInventory(folder, null, 1, { budget: budgetOf({ heldBytes }) });
    expect((await read(100_000)).files.map((file) => file.sizeBytes)).toEqual([inner.length]);
    expect((await read(10_000)).unreadable).toEqual([
      expect.stringMatching(/^a.tar.gz!b.gz: it unpacks to more than \d+ bytes/),
    ]);
    expect((await read(6000)).unreadable).toEqual([
      expect.stringMatching(/^a.tar.gz: it unpacks to more than \d+ bytes/),
    ]);
  });

  test('a deflated file and the archives around it count together, and one that is only stored counts once', async () => {
    const read = async (level: 0 | 9): Promise<BackupInventory> => {
      const folder = folderWith({ 'a.zip': zipSync({ b: [randomBytes, { level }] }) });
      return readInventory(folder, null, 1, { budget: budgetOf({ heldBytes: 4000 }) });
    };
    expect((await read(0)).files.map((file) => file.path)).toEqual(['a.zip!b']);
    expect((await read(9)).unreadable).toEqual([
      'a.zip!b: b and the archives around it are larger than 4000 bytes: unpack them, and name the folder',
    ]);
  });

  test('a gz whose trailer lies about its size is read by its data', async () => {
    const packed = Buffer.concat([gzipSync('one'), gzipSync(zeros)]);
    const folder = folderWith({ 'a.txt.gz': packed, 'b.txt.gz': Buffer.concat([gzipSync(zeros), gzipSync('two')]) });
    const { files, unreadable } = await readInventory(folder, null, 1, { budget: budgetOf({}) });
    expect(files.map((file) => file.sizeBytes)).toEqual([1003, 1003]);
    expect(unreadable).toEqual([]);
  });

  test.each([
    ['events of one segment', { events: 9 }, ['it holds more than 9 events, as no segment does']],
    ['entries of one log segment', { logEntriesAtOnce: 4 }, ['it holds more than 4 entries, as no segment does']],
    ['entries of all logs', { logEntries: 9 }, ['the logs of the backup hold more than 9 entries']],
    ['as many as there may be', { events: 10, logEntriesAtOnce: 5, logEntries: 10 }, []],
  ])('%s, packed or not', async (_what, limits, messages) => {
    // 1.3 MB of a gz were 16,000,000 events: several gigabytes, and minutes.
    const events = Buffer.concat([
      encodeEventSegmentHeader(),
      ...[4, 6].map((count) => encodeTransaction(Array.from({ length: count }, () => Buffer.alloc(0)))),
      Buffer.alloc(50),
    ]);
    const entry = encodeLogEntry({ term: 1, type: 6, data: Buffer.alloc(1) });
    const log = Buffer.concat([encodeLogSegmentHeader(), ...Array.from({ length: 5 }, () => entry), Buffer.alloc(50)]);
    const folder = folderWith({
      [segmentName(0, '.events')]: events,
      [segmentName(1, '.log')]: log,
      [`${segmentName(6, '.log')}.gz`]: gzipSync(log),
    });
    const { unreadable } = await readInventory(folder, null, 1, { budget: budgetOf(limits) });
    expect([...new Set(unreadable.map((line) => line.slice(line.indexOf(': ') + 2)))]).toEqual(messages);
  });

  test('a sparse file of more pieces than any has, and a name that is only long, are damage', async () => {
    // 0.9 MB of a tar.gz were a map of 50,000,000 pieces, 1.1 MB sixty names of 4 MiB.
    const map = Buffer.alloc(512);
    map.write('131073\n');
    const attributes = { 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.realsize': '0' };
    const tars = {
      'pieces.tar': Buffer.concat([
        ...packAttributes(attributes),
        packTar([{ name: 'x', bytes: map, modifiedMs: 0 }], 'ustar'),
      ]),
      'name.tar': packTar([{ name: 'x'.repeat(40_000), bytes: map, modifiedMs: 0 }], 'long-names'),
      'name.zip': zipSync({ ['x'.repeat(40_000)]: zeros }),
    };
    const { unreadable } = await readInventory(folderWith(tars), null, 1);
    expect(unreadable).toEqual([
      'name.tar: a name in it has 40000 characters',
      'name.zip: a name in it has 40000 characters',
      expect.stringMatching(/^pieces.tar: a sparse file has 131073 pieces/),
    ]);
  });

  test('small files that are no longer kept are read again, and are the same', async () => {
    const folder = folderWith({ 'a.txt': Buffer.from('one'), 'b.txt': Buffer.from('two') });
    const { files } = await readInventory(folder, null, 1, { budget: budgetOf({ keptBytes: 4 }) });
    expect(files.map((file) => file.readBytes().toString())).toEqual(['one', 'two']);
  });

  test('the zip of a control database is under it', async () => {
    const zip = encodeControlDbArchive(new Uint8Array(100_000), 0);
    const folder = folderWith({ 'controldb1700000000000.zip': zip });
    const { verdict, problems } = await verifyBackup(folder, { limits: { wholeBytes: 50_000 } });
    expect(verdict).toBe('inconsistent');
    expect(problems).toEqual([
      expect.objectContaining({
        kind: 'control-db-unreadable',
        where: 'controldb1700000000000.zip',
        message: expect.stringContaining('axonserver-controldb.mv.db is larger than 50000 bytes'),
      }),
    ]);
  });
});

describe('the time for judging', () => {
  test('once it is over, nothing more is read, and nothing is judged', async () => {
    let nowMs = 0;
    const budget = new ReadingBudget({ limits: { timeMs: 1000 }, realTimeMs: () => (nowMs += 400) });
    const folder = folderWith(Object.fromEntries(Array.from({ length: 20 }, (_, place) => [`${place}.txt`, zeros])));
    await expect(readInventory(folder, null, 1, { budget })).rejects.toMatchObject({
      kind: 'time-over',
      message: 'the backup was not read within 1 s, and is not judged',
    });
  });

  test('who interrupts waits for no backup', async () => {
    await expect(verifyBackup(folderWith({ 'a.txt': zeros }), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      kind: 'interrupted',
    });
  });
});

describe('a preallocated segment', () => {
  const sizeBytes = 20 * 1024 ** 2;

  /** Of `content`, and zeros up to its size, which the disk does not hold. */
  function sparse(content: Buffer): string {
    const folder = temporaryFolder();
    const file = path.join(folder, '00000000000000000000.events');
    fs.writeFileSync(file, content);
    fs.truncateSync(file, sizeBytes);
    return folder;
  }

  test('is known by all of its bytes, and kept without the zeros at its end', async () => {
    const { files } = await readInventory(sparse(Buffer.from([2, 0, 0, 0, 0])), null, 1);
    const { files: others } = await readInventory(sparse(Buffer.from([2, 0, 0, 0, 1])), null, 1);
    expect(files[0]?.sizeBytes).toBe(sizeBytes);
    expect(files[0]?.readBytes().length).toBeLessThan(100_000);
    expect(files[0]?.checksum).not.toBe(others[0]?.checksum);
  });

  test('keeps what stands behind a gigabyte of zeros, or anywhere', async () => {
    const content = Buffer.alloc(sizeBytes - 10);
    content[0] = 2;
    content[3_000_000] = 7;
    content[sizeBytes - 11] = 9;
    const { files } = await readInventory(sparse(content), null, 1);
    const bytes = files[0]?.readBytes();
    expect(bytes?.subarray(0, content.length).equals(content)).toBe(true);
  });
});
