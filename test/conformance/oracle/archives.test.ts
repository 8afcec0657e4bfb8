import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import type { BackupInventory } from '../../../conformance/journal/inventory.ts';
import { readInventory, type ReaderOptions } from '../../../conformance/oracle/backup/backup-reader.ts';
import { ReadingBudget } from '../../../conformance/oracle/archives/reading-budget.ts';
import { tarOf } from '../../support/backup-client.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const segment = '00000000000000000000.events';

function readArchive(name: string, bytes: Uint8Array, options: ReaderOptions = {}): Promise<BackupInventory> {
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, name), bytes);
  return readInventory(folder, null, 1, options);
}

function contents({ files }: BackupInventory): Record<string, string> {
  return Object.fromEntries(files.map((file) => [file.path, file.readBytes().toString()]));
}

function zipOf(files: Readonly<Record<string, string>>): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
}

function tar(): Promise<Buffer> {
  return tarOf(new Map([[segment, Buffer.alloc(5000, 1)]]));
}

describe('archives are folders', () => {
  test.each(['zip', 'tar', 'tar.gz', 'tgz'])('%s', async (kind) => {
    const files = { 'notes.txt': 'a', [`default/${segment}`]: 'b' };
    const packed = await tarOf(new Map(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])));
    const bytes = kind === 'zip' ? zipOf(files) : kind === 'tar' ? packed : gzipSync(packed);
    const archive = `backup.${kind}`;
    const inventory = await readArchive(archive, bytes);
    expect(contents(inventory)).toEqual({ [`${archive}!notes.txt`]: 'a', [`${archive}!default/${segment}`]: 'b' });
    expect(inventory.files.map(({ name, container }) => [name, container]).toSorted()).toEqual(
      [
        ['notes.txt', archive],
        [segment, `${archive}!default`],
      ].toSorted(),
    );
    expect(inventory.unreadable).toEqual([]);
  });

  test('also one in another, but not one in that', async () => {
    const third = zipOf({ 'c.txt': 'c' });
    const second = zipSync({ 'third.zip': third, 'b.txt': strToU8('b') });
    const inventory = await readArchive('first.zip', zipSync({ 'second.zip': second }));
    const paths = inventory.files.map((file) => file.path);
    expect(paths).toEqual(['first.zip!second.zip!third.zip', 'first.zip!second.zip!b.txt']);
    expect(inventory.unreadable).toEqual([
      expect.stringContaining('first.zip!second.zip!third.zip: it lies in an archive'),
    ]);
  });

  /* The end of a zip says what it holds: one that counts nothing made the newest backup in it vanish without a word. */
  test.each([
    ['an end that counts no file', (zip: Buffer) => zip.fill(0, zip.length - 14, zip.length - 6), 'counts no file'],
    [
      'a second end that counts no file',
      (zip: Buffer) => {
        const end = Buffer.alloc(76);
        end.writeUInt32LE(0x06064b50, 0);
        end.writeUInt32LE(0x07064b50, 56);
        end.writeBigUInt64LE(BigInt(zip.length - 22), 64);
        return Buffer.concat([zip.subarray(0, -22), end, zip.subarray(-22)]);
      },
      'say different things',
    ],
  ])('%s is damage of a zip that holds some', async (_, spoil, message) => {
    const { files, unreadable } = await readArchive('a.zip', spoil(Buffer.from(zipOf({ 'a.txt': 'a', 'b.txt': 'b' }))));
    expect(files.filter(({ path: file }) => file.includes('!'))).toEqual([]);
    expect(unreadable).toEqual([expect.stringContaining(message)]);
  });

  test('a gz or a zip of a single file is but its wrapping', async () => {
    const folder = temporaryFolder();
    fs.writeFileSync(path.join(folder, `${segment}.gz`), gzipSync('a'));
    fs.writeFileSync(path.join(folder, '00000000000000000001.log.zip'), zipOf({ '00000000000000000001.log': 'b' }));
    const { files } = await readInventory(folder, null, 1);
    expect(files.map(({ name, container, what }) => [name, container, what.kind])).toEqual([
      [segment, '.', 'segment'],
      ['00000000000000000001.log', '.', 'log'],
    ]);
  });

  test('a zip that holds the control database and nothing else is a backup of it, whatever its name', async () => {
    const zip = zipOf({ 'axonserver-controldb.mv.db': 'x' });
    expect((await readArchive('latest', zip)).files).toMatchObject([
      { path: 'latest', what: { kind: 'control-db-zip' } },
    ]);
    const nested = await readArchive(
      'all.zip',
      zipSync({ 'controldb1.zip': zip, 'axonserver-controldb.mv.db': strToU8('x') }),
    );
    expect(nested.files.map(({ what }) => what.kind)).toEqual(['control-db-zip', 'control-db-live']);
  });

  test('names that lead out of them are only names', async () => {
    const { files } = await readArchive('evil.zip', zipOf({ '../../../etc/passwd': 'x', '/absolute': 'y' }));
    expect(files.map((file) => file.path)).toEqual(['evil.zip!../../../etc/passwd', 'evil.zip!absolute']);
  });

  test('of a file that is twice in a tar, the later one counts', async () => {
    const one = await tarOf(new Map([['a', Buffer.from('old')]]));
    const two = await tarOf(new Map([['a', Buffer.from('new')]]));
    expect(contents(await readArchive('a.tar', Buffer.concat([one.subarray(0, 1024), two])))).toEqual({
      'a.tar!a': 'new',
    });
  });
});

describe('archives that cannot be read are said to be so', () => {
  test.each([
    ['a zip cut short', 'a.zip', async () => zipOf({ a: 'x'.repeat(500) }).subarray(0, 60)],
    ['a tar cut short', 'a.tar', async () => (await tar()).subarray(0, 2000)],
    ['a tar cut short between two files', 'a.tar', async () => (await tar()).subarray(0, -1024)],
    ['an empty tar', 'a.tar', async () => Buffer.alloc(0)],
    ['a gz cut short', 'a.tar.gz', async () => gzipSync(await tar()).subarray(0, 30)],
    ['a zip that counts fewer files than it has', 'a.zip', async () => countingOne(zipOf({ a: 'x', b: 'y' }))],
    ['what is no zip', 'a.zip', async () => Buffer.from('not a zip')],
    ['what is no gz', 'a.tgz', async () => Buffer.from('not a gz')],
    ['another kind of archive', 'a.tar.zst', async () => Buffer.from('zst')],
  ])('%s', async (_what, name, make) => {
    const { files, unreadable } = await readArchive(name, await make());
    expect(files).toMatchObject([{ path: name, what: { kind: 'other' } }]);
    expect(unreadable).toEqual([expect.stringMatching(`^${name}: `)]);
  });

  test('the last part of a zip in several, with what to do', async () => {
    const last = Buffer.from(zipOf({ a: 'x' })).subarray(9);
    last.writeUInt16LE(2, last.length - 18);
    const { unreadable } = await readArchive('a.zip', last);
    expect(unreadable).toEqual(['a.zip: it is the last part of a zip in several: join them (zip -s 0)']);
  });

  test.each(['a.tar.aa', 'a.tar.001', 'a.tar.part1'])('%s, cut short, with what to do', async (name) => {
    const { unreadable } = await readArchive(name, (await tar()).subarray(0, 2000));
    expect(unreadable).toEqual([
      expect.stringMatching(/^a\.tar\.\w+: it is cut short: .* join them \(cat a\.tar\.\*\)$/),
    ]);
  });

  test('a tar with something else behind its end, of which nothing is repeated', async () => {
    const { unreadable } = await readArchive('a.tar', Buffer.concat([await tar(), Buffer.alloc(700, 0xf7)]));
    expect(unreadable).toEqual([
      expect.stringMatching(/^a\.tar: behind its end, from offset \d+ on, is something else than a file$/),
    ]);
  });

  test('a zip whose content is not what its checksum says', async () => {
    const bytes = Buffer.from(zipSync({ a: strToU8('hello'), b: strToU8('there') }, { level: 0 }));
    bytes.write('jello', bytes.indexOf('hello'));
    const inventory = await readArchive('a.zip', bytes);
    expect(contents(inventory)).toEqual({ 'a.zip!b': 'there' });
    expect(inventory.unreadable).toEqual([expect.stringContaining('a.zip!a: a does not have the checksum')]);
  });

  test.each(['zip', 'tar', 'gz'])('a %s that unpacks to more than is sensible', async (kind) => {
    const zeros = new Uint8Array(100_000);
    const bytes =
      kind === 'zip'
        ? zipSync({ a: zeros })
        : kind === 'gz'
          ? gzipSync(zeros)
          : await tarOf(new Map([['a', Buffer.from(zeros)]]));
    const { unreadable } = await readArchive(`bomb.${kind}`, bytes, {
      budget: new ReadingBudget({ limits: { wholeBytes: 50_000 }, realTimeMs: () => 0 }),
    });
    expect(unreadable).toEqual([expect.stringMatching(/(?:unpacks to more|is larger) than 50000 bytes/)]);
  });

  test('a control database backup that is cut short still counts as one, and is unreadable', async () => {
    const zip = zipOf({ 'axonserver-controldb.mv.db': 'x'.repeat(900) });
    const { files, unreadable } = await readArchive('controldb1700000000000.zip', zip.subarray(0, zip.length - 9));
    expect(files).toMatchObject([{ what: { kind: 'control-db-zip' } }]);
    expect(unreadable).toHaveLength(1);
  });

  test.each([
    ['nothing', {}],
    ['a file of another name', { other: 'x' }],
    ['a file of no name', { '': 'x' }],
    ['a database where the server does not look for it', { 'x/axonserver-controldb.mv.db': 'x' }],
  ])('a control database backup that holds %s still counts as one', async (_what, content) => {
    // It was passed over without a word, and an older one counted.
    const { files } = await readArchive('controldb1700000000000.zip', zipOf(content));
    expect(files).toMatchObject([{ what: { kind: 'control-db-zip' } }]);
  });
});

/** A zip, without a comment, whose end says that it has one file. */
function countingOne(zip: Uint8Array): Buffer {
  const changed = Buffer.from(zip);
  changed[zip.length - 12] = 1;
  return changed;
}

/** The first header of a tar made into one of another type and size. */
function withHeader(archive: Buffer, type: string, sizeBytes: number): Buffer {
  const changed = Buffer.from(archive);
  changed.write(type, 156, 'latin1');
  changed.write(sizeBytes.toString(8).padStart(11, '0'), 124, 'latin1');
  changed.fill(' ', 148, 156);
  const sum = changed.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  changed.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return changed;
}

describe('headers of a tar that name a size and have no data, as tests of unpackers make them', () => {
  const packed = (): Promise<Buffer> =>
    tarOf(
      new Map([
        ['thing', Buffer.alloc(0)],
        ['notes.txt', Buffer.from('behind it')],
      ]),
    );

  // Data of a folder was waited for, and never came: `verify` ended in silence, and `check` not at all.
  test.each([0, 1, 5000])('a folder of %i bytes is passed over', async (sizeBytes) => {
    const inventory = await readArchive('a.tar', withHeader(await packed(), '5', sizeBytes));
    expect(contents(inventory)).toEqual({ 'a.tar!notes.txt': 'behind it' });
    expect(inventory.unreadable).toEqual([]);
  });

  test.each(['0', '1', '2', '3', '4', '6'])('one of type %s that leads beyond the end is unreadable', async (type) => {
    const { unreadable } = await readArchive('a.tar', withHeader(await packed(), type, 50_000));
    expect(unreadable).toEqual([expect.stringMatching(/^a\.tar: /)]);
  });
});

describe('archives as the usual tools pack them', () => {
  const hasTar = spawnSync('tar', ['--version']).stdout?.toString().includes('GNU tar') === true;

  test.skipIf(!hasTar).each([
    ['gnu', ['-cf']],
    ['gnu', ['--sparse', '-cf']],
    ['posix', ['--sparse', '-cf']],
    ['posix', ['-cf']],
    ['ustar', ['-czf']],
    ['v7', ['-cf']],
  ] as const)('GNU tar, format %s, %j (left out where there is no GNU tar)', async (format, flags) => {
    const source = temporaryFolder();
    const file = path.join(source, 'events', segment);
    fs.mkdirSync(path.dirname(file));
    // One piece of data at the start, and a hole behind it: what a segment is like.
    fs.writeFileSync(file, 'data at the start');
    fs.truncateSync(file, 1 << 20);
    fs.linkSync(file, path.join(source, 'events', 'link.txt'));
    const archive = path.join(temporaryFolder(), flags.includes('-czf' as never) ? 'a.tar.gz' : 'a.tar');
    execFileSync('tar', [`--format=${format}`, ...flags, archive, '-C', source, '.']);
    const { files, unreadable } = await readInventory(archive, null, 1, { isOffline: true });
    expect(unreadable).toEqual([]);
    const original = fs.readFileSync(file);
    expect(files.map((each) => each.path.replace(/^.*!/, '')).toSorted()).toEqual([
      `events/${segment}`,
      'events/link.txt',
    ]);
    for (const each of files) expect(each.readBytes().equals(original)).toBe(true);
  });
});

test('an archive that has not changed is not read again, and what is in it keeps its run', async () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'a.zip');
  fs.writeFileSync(file, zipOf({ a: '1', b: '2' }));
  const before = await readInventory(folder, null, 1);
  const again = await readInventory(folder, before, 2);
  expect(again.files.map(({ writtenInRun }) => writtenInRun)).toEqual([1, 1]);
  fs.writeFileSync(file, zipOf({ a: '1', b: '2', c: '3' }));
  const changed = await readInventory(folder, again, 3);
  expect(changed.files.map(({ writtenInRun }) => writtenInRun)).toEqual([3, 3, 3]);
});
