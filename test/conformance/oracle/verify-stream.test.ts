import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import { HeldPlaces } from '../../../conformance/oracle/segments/held-places.ts';
import { verifyBackup, type BackupVerification } from '../../../conformance/oracle/verification/verify-backup.ts';
import { verifyStream } from '../../../conformance/oracle/verification/verify-stream.ts';
import { tarOf } from '../../support/backup-client.ts';
import { sharedBackup } from '../../support/backups.ts';
import { eventFile, realBackup, type RealBackup } from '../../support/real-backups.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const simulated = sharedBackup();

/** Sorted by name, as tools list what lies in object storage. */
function filesOf(folder: string): Map<string, Buffer> {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
  const files = names.filter((name) => fs.statSync(path.join(folder, name)).isFile());
  return new Map(files.map((name) => [name, fs.readFileSync(path.join(folder, name))]));
}

/** In pieces, as they come over a network. */
function streamOf(bytes: Uint8Array, pieceBytes = 5000): Readable {
  const pieces = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, place) =>
    Buffer.from(bytes.subarray(place * pieceBytes, (place + 1) * pieceBytes)),
  );
  return Readable.from(pieces, { objectMode: false });
}

/** What does not hang on where the backup lies. */
function comparable({ path: _path, notes, ...found }: BackupVerification): unknown {
  return { ...found, notes: notes.filter((note) => !note.includes('standard input')) };
}

async function streamed(folder: string): Promise<BackupVerification> {
  return verifyStream(streamOf(await tarOf(filesOf(folder))));
}

const spoils: ReadonlyArray<readonly [string, (backup: RealBackup) => void]> = [
  ['nothing', () => undefined],
  ['a gap', (backup) => fs.rmSync(eventFile(backup, 8))],
  ['a segment that breaks off', (backup) => fs.truncateSync(eventFile(backup, 8), 300)],
  [
    'an index of other events',
    (backup) => fs.copyFileSync(eventFile(backup, 8, '.index'), eventFile(backup, 0, '.index')),
  ],
];

const hasTar = spawnSync('tar', ['--version']).stdout?.toString().includes('GNU tar') === true;

describe('a tar from standard input', () => {
  test.each(spoils)("of a real server's backup with %s is judged as the folder is", async (_what, spoil) => {
    const backup = realBackup({ indexes: 'bloom-filter' });
    spoil(backup);
    const found = await streamed(backup.folder);
    expect(found.path).toBe('-');
    expect(comparable(found)).toEqual(comparable(await verifyBackup(backup.folder)));
  });

  test("of a simulated server's backup is counted, and no node is started", async () => {
    const { folder } = simulated();
    const found = await streamed(folder);
    const whole = await verifyBackup(folder);
    expect(found).toMatchObject({ verdict: 'consistent', restored: { basis: 'files-and-log', starts: null } });
    expect(found.notes).toEqual([expect.stringContaining('it comes from standard input')]);
    expect([found.stores, found.logs]).toEqual([whole.stores, whole.logs]);
    expect(found.restored?.stores).toEqual(whole.restored?.stores);
  });

  /** The header of such an entry has `GNUSparseFile.0/…` for a name: of several groups nobody knew whose log it was. */
  /** Every tar of snapshots that share files was refused: the folder of a link was never made. */
  test.skipIf(!hasTar)('holds hard links for copies of what came before them', async () => {
    const { folder } = simulated();
    const both = temporaryFolder();
    fs.cpSync(folder, path.join(both, 'a'), { recursive: true, preserveTimestamps: true });
    execFileSync('cp', ['-al', path.join(both, 'a'), path.join(both, 'b')]);
    const archive = path.join(temporaryFolder(), 'linked.tar');
    execFileSync('tar', ['--sort=name', '-C', both, '-cf', archive, 'a', 'b']);
    const found = await verifyStream(streamOf(fs.readFileSync(archive)));
    const whole = await verifyBackup(both);
    expect([found.verdict, found.problems]).toEqual(['consistent', []]);
    expect([found.stores, found.logs]).toEqual([whole.stores, whole.logs]);
  });

  test.skipIf(!hasTar)('packed without holes is refused file by file, each by its own name', async () => {
    const folder = temporaryFolder();
    const name = path.join('log', 'default', '00000000000000000001.log');
    fs.mkdirSync(path.join(folder, 'log', 'default'), { recursive: true });
    fs.writeFileSync(path.join(folder, name), 'x');
    fs.truncateSync(path.join(folder, name), 1024 * 1024);
    const archive = path.join(temporaryFolder(), 'sparse.tar');
    execFileSync('tar', ['--sparse', '--format=posix', '-C', folder, '-cf', archive, '.']);
    const { problems } = await verifyStream(streamOf(fs.readFileSync(archive)));
    expect(problems.map(({ message, where }) => `${where}: ${message}`).join('\n')).toContain(
      `${name}: it is packed without its holes`,
    );
  });

  test('may be packed by gzip, or be looked at quickly', async () => {
    const { folder } = realBackup();
    const tar = gzipSync(await tarOf(filesOf(folder)));
    expect(comparable(await verifyStream(streamOf(tar, 7)))).toEqual(comparable(await verifyBackup(folder)));
    expect(comparable(await verifyStream(streamOf(tar), { isQuick: true }))).toEqual(
      comparable(await verifyBackup(folder, { isQuick: true })),
    );
  });

  test('that breaks off is not consistent, wherever it does', async () => {
    const tar = await tarOf(filesOf(realBackup().folder));
    const gzip = gzipSync(tar);
    const cuts = [
      tar.subarray(0, tar.length - 1024),
      tar.subarray(0, tar.length / 2),
      gzip.subarray(0, gzip.length - 20),
    ];
    for (const cut of cuts) {
      const { verdict, problems } = await verifyStream(streamOf(cut));
      expect(verdict).toBe('inconsistent');
      expect(problems).toContainEqual(expect.objectContaining({ kind: 'unreadable', where: '-' }));
    }
  });

  test.each<[string, Uint8Array, string]>([
    ['nothing', Buffer.alloc(0), 'there is nothing on standard input'],
    ['text', Buffer.from('a text, and no tar, of more than one block\n'.repeat(40)), 'standard input is no tar'],
    ['what only begins as a gzip', Buffer.concat([Buffer.from([0x1f, 0x8b]), createHash('sha256').digest()]), 'no tar'],
  ])('%s is told from one', async (_what, bytes, message) => {
    await expect(verifyStream(streamOf(bytes))).rejects.toMatchObject({
      kind: 'bad-option',
      message: expect.stringContaining(message),
    });
  });

  test('lays nothing down outside of its folder, and leaves nothing behind', async () => {
    const files = filesOf(realBackup().folder);
    const outer = temporaryFolder();
    fs.mkdirSync(path.join(outer, 'tmp/tmp'), { recursive: true });
    vi.stubEnv('TMPDIR', path.join(outer, 'tmp/tmp'));
    files.set('../../outside.txt', Buffer.from('x'));
    const { problems } = await verifyStream(streamOf(await tarOf(files)));
    expect(problems).toEqual([
      expect.objectContaining({ where: '../../outside.txt', message: expect.stringContaining('cannot be laid down') }),
    ]);
    expect(fs.readdirSync(outer, { recursive: true })).toEqual(['tmp', 'tmp/tmp']);
    vi.unstubAllEnvs();
  });

  test('is given up when somebody interrupts', async () => {
    const tar = await tarOf(filesOf(realBackup().folder));
    await expect(verifyStream(streamOf(tar), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      kind: 'interrupted',
    });
    // Also while nothing comes, at the beginning and in the middle of a file.
    for (const piece of [Buffer.alloc(0), tar.subarray(0, 3000)]) {
      const silent = new Readable({ read: () => undefined });
      silent.push(piece);
      const abort = new AbortController();
      const verified = verifyStream(silent, { signal: abort.signal });
      setImmediate(() => abort.abort());
      await expect(verified).rejects.toMatchObject({ kind: 'interrupted' });
    }
  });
});

test('places of events are held for as many segments as may be, and seen once more before they go', () => {
  const held = new HeldPlaces(3);
  const gone: string[] = [];
  for (const name of ['a', 'b', 'c']) {
    const places = held.begin(name);
    places.add(Buffer.from([0x12, 0x01, 0x61, 0x22, 0x01, 0x54]), 0, 6, 5);
    held.settle((each) => gone.push(each));
  }
  expect(gone).toEqual(['a']);
  expect([held.of('a'), held.of('c')?.get('a')]).toEqual([null, [5]]);
});
