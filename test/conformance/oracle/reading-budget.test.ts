import * as fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { ArchiveError } from '../../../conformance/oracle/archive-entry.ts';
import { readInventory } from '../../../conformance/oracle/backup-reader.ts';
import { ReadingBudget, type ReadingLimits } from '../../../conformance/oracle/reading-budget.ts';
import { readTarEntries } from '../../../conformance/oracle/tar-entries.ts';
import { verifyBackup } from '../../../conformance/oracle/verify-backup.ts';
import { readZipEntries } from '../../../conformance/oracle/zip-entries.ts';
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
