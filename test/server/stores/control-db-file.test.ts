import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AxonError } from '../../../server/errors.ts';
import { CONTROL_DB_FILE_NAME, decodeControlDbArchive } from '../../../server/formats/control-db-archive.ts';
import { ControlDb, loadSqlEngine } from '../../../server/stores/control-db.ts';
import type { SqlEngine } from '../../../server/stores/control-db.ts';
import { ControlDbFile } from '../../../server/stores/control-db-file.ts';
import { DataDir } from '../../../server/stores/data-dir.ts';

const nowMs = Date.UTC(2024, 4, 5, 6, 7, 8);
let engine: SqlEngine;
let root: string;

beforeAll(async () => {
  engine = await loadSqlEngine();
});

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'control-db-file-'));
});

afterEach(() => {
  fs.rmSync(root, { recursive: true });
});

/** A data folder whose process is killed just before it would write for the (n + 1)th time. */
class KilledDataDir extends DataDir {
  writesLeft = Infinity;

  override write(file: string, bytes: Uint8Array, modifiedAtMs: number): void {
    if (this.writesLeft === 0) throw new Error('killed');
    this.writesLeft -= 1;
    super.write(file, bytes, modifiedAtMs);
  }
}

function folder(name: string): string {
  return path.join(root, name);
}

function liveFile(): string {
  return path.join(folder('controldb'), CONTROL_DB_FILE_NAME);
}

function fileIn(dataDir: DataDir, redoFolder: string | null = folder('redo')): ControlDbFile {
  return new ControlDbFile({ dataDir, folder: folder('controldb'), backupFolder: folder('backup'), redoFolder });
}

/** The file as a newly started process sees it. */
function restarted(): ControlDbFile {
  return fileIn(new DataDir(root));
}

function dbAt(commitIndex: number): ControlDb {
  const db = ControlDb.create(engine);
  const rest = { commitTerm: 1, currentTerm: 1, lastAppliedIndex: 0, lastAppliedTerm: 0, votedFor: null };
  db.writePointers('default', { commitIndex, ...rest });
  return db;
}

function commitIndexOf(db: ControlDb | null): number | undefined {
  return db?.readPointers().get('default')?.commitIndex;
}

function failureOf(action: () => unknown): AxonError {
  try {
    action();
  } catch (error) {
    if (error instanceof AxonError) return error;
    throw error;
  }
  throw new Error('There was no failure');
}

describe('the control database on disk', () => {
  test('does not exist before it was first saved', () => {
    expect(restarted().load(engine)).toBeNull();
  });

  test('comes back after a crash', () => {
    const file = restarted();
    for (const commitIndex of [1, 2, 3]) file.save(dbAt(commitIndex), nowMs);
    expect(commitIndexOf(restarted().load(engine))).toBe(3);
    expect(commitIndexOf(restarted().load(engine))).toBe(3);
  });

  test('comes back after a clean stop, as a file that everybody can read, with no redo record left', () => {
    const file = restarted();
    file.save(dbAt(1), nowMs);
    file.saveClean(dbAt(2), nowMs);
    expect(commitIndexOf(ControlDb.open(engine, fs.readFileSync(liveFile())))).toBe(2);
    expect(fs.readdirSync(folder('redo'))).toEqual([]);
    expect(commitIndexOf(restarted().load(engine))).toBe(2);
  });

  test('comes back from a crash at any moment, never older than the last completed save', () => {
    for (const isClean of [false, true]) {
      for (const writesLeft of [0, 1, 2, 3]) {
        fs.rmSync(folder('controldb'), { recursive: true, force: true });
        fs.rmSync(folder('redo'), { recursive: true, force: true });
        const dataDir = new KilledDataDir(root);
        const file = fileIn(dataDir);
        file.save(dbAt(1), nowMs);
        if (isClean) file.saveClean(dbAt(2), nowMs);
        else file.save(dbAt(2), nowMs);

        dataDir.writesLeft = writesLeft;
        let completed = 2;
        try {
          file.save(dbAt(3), nowMs);
          completed = 3;
          file.save(dbAt(4), nowMs);
          completed = 4;
        } catch {
          // The process is gone; what it left on disk is what counts.
        }
        expect(commitIndexOf(restarted().load(engine))).toBeGreaterThanOrEqual(completed);
      }
    }
  });

  test('does not exist after a crash in the middle of the very first save', () => {
    const dataDir = new KilledDataDir(root);
    dataDir.writesLeft = 1;
    expect(() => fileIn(dataDir).save(dbAt(1), nowMs)).toThrow('killed');
    expect(restarted().load(engine)).toBeNull();
  });

  test('survives a crash in the middle of the clean stop', () => {
    const dataDir = new KilledDataDir(root);
    const file = fileIn(dataDir);
    file.save(dbAt(1), nowMs);
    dataDir.remove = () => {
      throw new Error('killed');
    };
    expect(() => file.saveClean(dbAt(2), nowMs)).toThrow('killed');
    expect(commitIndexOf(restarted().load(engine))).toBe(2);
  });

  test('is never readable as a copy of the live file', () => {
    const file = restarted();
    for (let commitIndex = 1; commitIndex <= 20; commitIndex += 1) {
      file.save(dbAt(commitIndex), nowMs);
      expect(() => ControlDb.open(engine, fs.readFileSync(liveFile()))).toThrow('file is not a database');
    }
  });

  test('is refused when it is a copy of the live file that was made earlier and put back', () => {
    const file = restarted();
    file.save(dbAt(1), nowMs);
    fs.copyFileSync(liveFile(), folder('copy'));
    file.save(dbAt(2), nowMs);
    file.save(dbAt(3), nowMs);
    fs.copyFileSync(folder('copy'), liveFile());

    const failure = failureOf(() => restarted().load(engine));
    expect(failure.kind).toBe('control-db-unreadable');
    expect(failure.message).toContain(liveFile());
    expect(failure.message).toContain('unzip a controldb<millis>.zip, made by POST /v1/backup/createControlDbBackup');
  });

  test('is refused when a copy of the live file is put back after a clean stop', () => {
    const file = restarted();
    file.save(dbAt(1), nowMs);
    fs.copyFileSync(liveFile(), folder('copy'));
    file.saveClean(dbAt(1), nowMs);
    fs.copyFileSync(folder('copy'), liveFile());
    expect(failureOf(() => restarted().load(engine)).kind).toBe('control-db-unreadable');
  });

  test('is refused on another node, which has no redo record for it', () => {
    restarted().save(dbAt(1), nowMs);
    fs.rmSync(folder('redo'), { recursive: true });
    expect(failureOf(() => restarted().load(engine)).kind).toBe('control-db-unreadable');
    expect(failureOf(() => fileIn(new DataDir(root), null).load(engine)).kind).toBe('control-db-unreadable');
  });

  test('is refused after a crash when the redo record is damaged', () => {
    restarted().save(dbAt(1), nowMs);
    const redoFile = path.join(folder('redo'), 'axonserver-controldb.redo');
    const redo = fs.readFileSync(redoFile);
    for (const damaged of [redo.subarray(0, 10), redo.subarray(0, -1), Buffer.alloc(redo.length)]) {
      fs.writeFileSync(redoFile, damaged);
      expect(failureOf(() => restarted().load(engine)).kind).toBe('control-db-unreadable');
    }
  });

  test('writes no redo record where there is no folder for it', () => {
    const file = fileIn(new DataDir(root), null);
    file.save(dbAt(1), nowMs);
    file.saveClean(dbAt(1), nowMs);
    expect(fs.readdirSync(root)).toEqual(['controldb']);
  });

  test('has the virtual time of its last save, and nothing half written beside it', () => {
    restarted().save(dbAt(1), nowMs);
    expect(fs.statSync(liveFile()).mtimeMs).toBe(nowMs);
    expect(fs.readdirSync(folder('controldb'))).toEqual([CONTROL_DB_FILE_NAME]);
  });
});

describe('a control database backup', () => {
  test('is an archive of the consistent database, named by its time, at the path that is returned', () => {
    const file = restarted().backup(dbAt(7), nowMs);
    expect(file).toBe(path.join(folder('backup'), `controldb${nowMs}.zip`));
    expect(commitIndexOf(ControlDb.open(engine, decodeControlDbArchive(fs.readFileSync(file))))).toBe(7);
    expect(fs.statSync(file).mtimeMs).toBe(nowMs);
  });

  test('replaces one of the same millisecond', () => {
    const file = restarted();
    file.backup(dbAt(1), nowMs);
    const name = file.backup(dbAt(2), nowMs);
    expect(fs.readdirSync(folder('backup'))).toEqual([path.basename(name)]);
    expect(commitIndexOf(ControlDb.open(engine, decodeControlDbArchive(fs.readFileSync(name))))).toBe(2);
  });

  test('brings a node back when it is unzipped in place of the live file', () => {
    const file = restarted();
    file.save(dbAt(1), nowMs);
    const archive = file.backup(dbAt(1), nowMs);
    file.save(dbAt(2), nowMs);
    fs.writeFileSync(liveFile(), decodeControlDbArchive(fs.readFileSync(archive)));

    const db = restarted().load(engine);
    expect(commitIndexOf(db)).toBe(1);
    restarted().save(dbAt(5), nowMs);
    expect(commitIndexOf(restarted().load(engine))).toBe(5);
  });

  test('fails as the real server does when its folder cannot be created', () => {
    fs.writeFileSync(folder('backup'), 'a file in the way');
    const failure = failureOf(() => restarted().backup(dbAt(1), nowMs));
    expect(failure.message).toBe(`[AXONIQ-0001] Failed to create directory: ${folder('backup')}`);
    expect(failure.status).toBe(500);
  });

  test('keeps the spelling of its folder in the path that is returned', () => {
    const dataDir = new DataDir(root);
    const backupFolder = `${root}/.`;
    const file = new ControlDbFile({ dataDir, folder: folder('controldb'), backupFolder, redoFolder: null });
    expect(file.backup(dbAt(1), nowMs)).toBe(`${root}/./controldb${nowMs}.zip`);
    expect(fs.readdirSync(root)).toEqual([`controldb${nowMs}.zip`]);
  });
});
