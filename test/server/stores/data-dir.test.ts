import * as fs from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { DataDir } from '../../../server/stores/data-dir.ts';
import { nowMs } from '../../support/event-stores.ts';
import { failureOf } from '../../support/failure-of.ts';
import { runKilled } from '../../support/killed-process.ts';
import { temporaryFolder, temporaryFolders } from '../../support/temporary-folder.ts';

const header = Buffer.from('head');

let dataDir: DataDir;

beforeEach(() => {
  dataDir = new DataDir(path.join(temporaryFolder(), 'data'));
});

function inside(...names: readonly string[]): string {
  return path.join(dataDir.root, ...names);
}

/** The bytes that a newly opened data folder counts. */
function countedAnew(): number {
  return new DataDir(dataDir.root).usedBytes;
}

describe('a data folder', () => {
  test('is created with the folders above it', () => {
    const root = path.join(temporaryFolder(), 'a', 'b');
    expect(new DataDir(root).root).toBe(root);
    expect(fs.statSync(root).isDirectory()).toBe(true);
  });

  test('that cannot be created is a failure with the code of the real server', () => {
    const file = path.join(temporaryFolder(), 'file');
    fs.writeFileSync(file, '');
    for (const root of [file, path.join(file, 'below')]) {
      const failure = failureOf(() => new DataDir(root));
      expect(failure.message).toBe(`[AXONIQ-9102] Could not setup directory ${root}`);
    }
  });

  test.each([
    ['above', (root: string) => path.join(root, '..')],
    ['reached by ..', (root: string) => `${root}/a/../../b`],
    ['elsewhere', () => '/etc/passwd'],
    ['relative to where the process runs', () => 'a'],
    ['beside, with a name that begins like it', (root: string) => `${root}x/a`],
  ])('refuses a path that is %s', (_, pathOf) => {
    const target = pathOf(dataDir.root);
    const attempts = [
      () => dataDir.list(target),
      () => dataDir.exists(target),
      () => dataDir.status(target),
      () => dataDir.read(target),
      () => dataDir.write(target, header, nowMs),
      () => dataDir.createPreallocated(target, 100, header, nowMs),
      () => dataDir.openForWriting(target),
      () => dataDir.rename(target, inside('a')),
      () => dataDir.rename(inside('a'), target),
      () => dataDir.remove(target),
      () => dataDir.removeFolder(target),
    ];
    for (const attempt of attempts) expect(attempt).toThrow('Path outside the data folder');
    expect(() => dataDir.folder('..', 'datax')).toThrow('Path outside the data folder');
  });

  test('has folders below it, created where missing', () => {
    expect(dataDir.folder('node-1', 'events')).toBe(inside('node-1', 'events'));
    expect(dataDir.folder('node-1', 'events')).toBe(inside('node-1', 'events'));
    expect(dataDir.list(inside('node-1'))).toEqual(['events']);
    expect(dataDir.list(inside('node-2'))).toEqual([]);
    expect(dataDir.exists(inside('node-1'))).toBe(true);
    expect(dataDir.exists(inside('node-2'))).toBe(false);
  });
});

describe('a file', () => {
  test('is replaced whole, at a virtual time, with nothing left beside it', () => {
    dataDir.write(inside('a'), Buffer.from('longer than the next'), nowMs);
    dataDir.write(inside('a'), Buffer.from('next'), nowMs + 1);
    expect(dataDir.read(inside('a')).toString()).toBe('next');
    expect(dataDir.status(inside('a'))).toEqual({ sizeBytes: 4, modifiedAtMs: nowMs + 1 });
    expect(dataDir.list(dataDir.root)).toEqual(['a']);
  });

  test('is the old one or the new one after a kill at any moment', () => {
    const newFolder = temporaryFolders();
    for (const moment of ['before', 'half-way'] as const) {
      let isKilled = true;
      for (let nth = 1; isKilled; nth++) {
        const killed = new DataDir(newFolder());
        const file = path.join(killed.root, 'a');
        killed.write(file, Buffer.from('the old bytes'), nowMs);
        isKilled = runKilled(nth, moment, () => killed.write(file, Buffer.from('the new ones'), nowMs));
        expect(['the old bytes', 'the new ones']).toContain(fs.readFileSync(file, 'utf8'));
        expect(isKilled || fs.readFileSync(file, 'utf8') === 'the new ones').toBe(true);
      }
    }
  });

  test('that is preallocated has its length, its header and its time, and takes no room for its zeros', () => {
    const fd = dataDir.createPreallocated(inside('a'), 1 << 26, header, nowMs);
    const { size, blocks } = fs.statSync(inside('a'));
    expect(size).toBe(1 << 26);
    expect(blocks * 512).toBeLessThan(1 << 20);
    expect(dataDir.status(inside('a')).modifiedAtMs).toBe(nowMs);
    dataDir.writeAt(fd, Buffer.from('ing'), 4);
    dataDir.setModified(fd, nowMs + 5);
    dataDir.close(fd);
    expect(dataDir.read(inside('a')).subarray(0, 9).toString()).toBe('heading\0\0');
    expect(fs.statSync(inside('a')).mtime.getTime()).toBe(nowMs + 5);
  });

  test('never stands under its name with less than its length', () => {
    const newFolder = temporaryFolders();
    let isKilled = true;
    for (let nth = 1; isKilled; nth++) {
      const killed = new DataDir(newFolder());
      const file = path.join(killed.root, 'a');
      isKilled = runKilled(nth, 'before', () => killed.createPreallocated(file, 100, header, nowMs));
      if (fs.existsSync(file)) expect(fs.readFileSync(file)).toEqual(Buffer.concat([header, Buffer.alloc(96)]));
      else expect(isKilled).toBe(true);
    }
  });

  test('keeps its length and stays sparse while its end becomes zeros', () => {
    dataDir.close(dataDir.createPreallocated(inside('a'), 1 << 26, header, nowMs));
    const fd = dataDir.openForWriting(inside('a'));
    for (const position of [4, 70_000, (1 << 26) - 3]) dataDir.writeAt(fd, Buffer.from('xyz'), position);
    dataDir.zeroFrom(fd, 5);
    dataDir.close(fd);
    const bytes = dataDir.read(inside('a'));
    expect(bytes.subarray(0, 6).toString()).toBe('headx\0');
    expect(bytes.subarray(5).equals(Buffer.alloc((1 << 26) - 5))).toBe(true);
    expect(fs.statSync(inside('a')).blocks * 512).toBeLessThan(1 << 20);
  });

  test('takes only a name that is free', () => {
    dataDir.write(inside('a'), header, nowMs);
    dataDir.rename(inside('a'), inside('b'));
    expect(dataDir.list(dataDir.root)).toEqual(['b']);
    dataDir.write(inside('a'), header, nowMs);
    expect(failureOf(() => dataDir.rename(inside('a'), inside('b'))).kind).toBe('data-file-write');
  });
});

describe('used bytes', () => {
  test('are the lengths of all files in all folders, and of nothing else', () => {
    fs.mkdirSync(inside('a', 'b'), { recursive: true });
    fs.writeFileSync(inside('a', 'b', 'c'), 'four');
    fs.writeFileSync(inside('d'), 'seven b');
    fs.symlinkSync(inside('d'), inside('link'));
    expect(countedAnew()).toBe(11);
  });

  test('follow every change, over leftovers of a killed process too', () => {
    const newFolder = temporaryFolders();
    const name = fc.integer({ min: 0, max: 3 }).map(String);
    const sizeBytes = fc.integer({ min: 0, max: 50 });
    const change = fc.oneof(
      fc.record({ kind: fc.constantFrom('write', 'preallocate', 'write below'), name, sizeBytes }),
      fc.record({ kind: fc.constantFrom('remove', 'remove folder'), name, sizeBytes }),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30, size: 'max' }), (changes) => {
        const root = newFolder();
        fs.writeFileSync(path.join(root, '1.temp'), 'left by a killed process');
        fs.symlinkSync(path.join(root, '0'), path.join(root, '2'));
        dataDir = new DataDir(root);
        for (const { kind, name: changed, sizeBytes: bytes } of changes) {
          if (kind === 'write') dataDir.write(inside(changed), Buffer.alloc(bytes), nowMs);
          else if (kind === 'write below') dataDir.write(`${dataDir.folder('below')}/a`, Buffer.alloc(bytes), nowMs);
          else if (kind === 'remove') dataDir.remove(inside(changed));
          else if (kind === 'remove folder') dataDir.removeFolder(inside('below'));
          else dataDir.close(dataDir.createPreallocated(inside(changed), bytes + 4, header, nowMs));
          expect(dataDir.usedBytes).toBe(countedAnew());
        }
      }),
    );
  });

  test('stay right where a write fails', () => {
    fs.writeFileSync(inside('a.temp'), 'left by a killed process');
    fs.mkdirSync(inside('a'));
    dataDir = new DataDir(dataDir.root);
    expect(failureOf(() => dataDir.write(inside('a'), header, nowMs)).kind).toBe('data-file-write');
    expect(dataDir.usedBytes).toBe(countedAnew());
    expect(dataDir.list(dataDir.root)).toEqual(['a']);
  });
});

describe('what the folder provokes is a failure of the server, with the file in it:', () => {
  test.each([
    ['a folder where a file should be read', 'data-file-read', () => dataDir.read(dataDir.folder('a'))],
    ['a file that is gone', 'data-file-read', () => dataDir.read(inside('a'))],
    ['the time of a file that is gone', 'data-file-read', () => dataDir.status(inside('a'))],
    ['a file that is gone when it is opened', 'data-file-write', () => dataDir.openForWriting(inside('a'))],
    ['a folder that is gone', 'data-file-write', () => dataDir.write(inside('a', 'b'), header, nowMs)],
    ['a folder that is to be removed as a file', 'data-file-write', () => dataDir.remove(dataDir.folder('a'))],
  ] as const)('%s', (_, kind, attempt) => {
    const failure = failureOf(attempt);
    expect(failure.kind).toBe(kind);
    expect(failure.message).toContain(inside('a'));
  });

  test('a file where a folder should be', () => {
    dataDir.write(inside('a'), header, nowMs);
    expect(failureOf(() => dataDir.folder('a')).kind).toBe('directory-create');
    expect(failureOf(() => dataDir.list(inside('a'))).kind).toBe('data-file-read');
    expect(failureOf(() => dataDir.createPreallocated(inside('a', 'b'), 9, header, nowMs)).kind).toBe(
      'data-file-write',
    );
  });
});
