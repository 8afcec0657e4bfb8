import { crc32 } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { CONTROL_DB_PAGE_SIZE_BYTES, tearControlDbImage } from '../../../server/formats/control-db-image.ts';
import { ControlDb, loadSqlEngine } from '../../../server/stores/control-db.ts';
import type { SqlEngine } from '../../../server/stores/control-db.ts';

let engine: SqlEngine;

beforeAll(async () => {
  engine = await loadSqlEngine();
});

function imageAt(commitIndex: number): Uint8Array {
  const db = ControlDb.create(engine);
  const pointers = { commitTerm: 1, currentTerm: 1, lastAppliedIndex: 1, lastAppliedTerm: 1, votedFor: null };
  db.writePointers('default', { commitIndex, ...pointers });
  return db.image();
}

function tableNames(bytes: Uint8Array): unknown {
  const database = new engine.sql.Database(bytes);
  try {
    return database.exec('SELECT name FROM sqlite_schema');
  } finally {
    database.close();
  }
}

describe('a torn control database', () => {
  test('does not open in SQLite, while the consistent one does', () => {
    const image = imageAt(42);
    expect(tableNames(image)).not.toEqual([]);
    expect(() => tableNames(tearControlDbImage(image))).toThrow('file is not a database');
  });

  test('is not readable either with the first half page put back by hand', () => {
    const image = imageAt(42);
    const patched = tearControlDbImage(image);
    patched.set(image.subarray(0, CONTROL_DB_PAGE_SIZE_BYTES / 2));
    expect(() => ControlDb.open(engine, patched)).toThrow('Not a readable control database');
  });

  test('depends on the consistent bytes alone and leaves them as they are', () => {
    const image = imageAt(42);
    const before = image.slice();
    expect(Buffer.compare(tearControlDbImage(image), tearControlDbImage(imageAt(42)))).toBe(0);
    expect(Buffer.compare(image, before)).toBe(0);
  });

  test('keeps the length, begins with the checksum of the write in flight and lacks the rest of the header', () => {
    const image = imageAt(42);
    const torn = Buffer.from(tearControlDbImage(image));
    expect(torn.length).toBe(image.length);
    expect(torn.readUInt32BE(0)).toBe(crc32(image));
    expect(torn.subarray(4, CONTROL_DB_PAGE_SIZE_BYTES / 2).every((byte) => byte === 0)).toBe(true);
  });

  test('holds some later pages whole and some half', () => {
    const image = Buffer.alloc(20 * CONTROL_DB_PAGE_SIZE_BYTES, 0xaa);
    const torn = tearControlDbImage(image);
    const lastBytes = Array.from({ length: 19 }, (_, page) => torn[(page + 2) * CONTROL_DB_PAGE_SIZE_BYTES - 1]);
    expect(new Set(lastBytes)).toEqual(new Set([0x00, 0xaa]));
    expect(lastBytes.at(-1)).toBe(0);
    for (let page = 1; page < 20; page += 1) expect(torn[page * CONTROL_DB_PAGE_SIZE_BYTES]).toBe(0xaa);
  });

  test('is a different file for each state', () => {
    const torn = Array.from({ length: 50 }, (_, index) => tearControlDbImage(imageAt(index)));
    expect(new Set(torn.map((bytes) => crc32(bytes))).size).toBe(50);
  });

  test('can be made of anything, however short', () => {
    expect(tearControlDbImage(new Uint8Array())).toEqual(new Uint8Array());
    expect(tearControlDbImage(Uint8Array.of(1, 2)).length).toBe(2);
  });
});
