import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import initSqlJs from 'sql.js';
import { AxonError } from '../../../server/errors.ts';
import { decodeSqliteSchema, isSqlite } from '../../../server/formats/sqlite-schema.ts';
import { ControlDb, loadSqlEngine } from '../../../server/stores/control-db.ts';
import { circularSchema, sharedSchema } from '../../support/endless-schemas.ts';
import { failureOf } from '../../support/failure-of.ts';

const sql = await initSqlJs();
const engine = await loadSqlEngine();
const own = ControlDb.create(engine).image();

/** A database with these tables, and what SQLite says of its schema. */
function databaseOf(
  pageSize: number,
  tables: readonly string[],
): { readonly image: Uint8Array; readonly told: unknown[] } {
  const database = new sql.Database();
  database.run(`PRAGMA page_size = ${pageSize}; VACUUM`);
  for (const [place, column] of tables.entries())
    database.run(`CREATE TABLE t${place} (id TEXT UNIQUE, "${column}" TEXT)`);
  const told = database.exec('SELECT name, sql FROM sqlite_schema')[0]?.values ?? [];
  const image = database.export();
  database.close();
  return { image, told: told.map(([name, statement]) => ({ name, sql: statement })) };
}

describe('the schema of a SQLite file', () => {
  test('is what SQLite says it is, however long its statements are, and however many', () => {
    const column = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.integer({ min: 0, max: 9000 }).map((length) => 'x'.repeat(length)),
    );
    const columns = fc.array(
      column.map((name) => name.replaceAll(/["\0]/g, '') + 'ü'),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(fc.constantFrom(512, 4096, 65_536), columns, (pageSize, tables) => {
        const { image, told } = databaseOf(pageSize, tables);
        if (tables.length === 0) return;
        expect(isSqlite(image)).toBe(true);
        // Tables and indexes come in the order of their pages here.
        expect(new Set(decodeSqliteSchema(image).map((row) => JSON.stringify(row)))).toEqual(
          new Set(told.map((row) => JSON.stringify(row))),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('of a file that is cut short is told whole, or not at all', () => {
    const whole = decodeSqliteSchema(own);
    for (let length = 100; length < own.length; length += 61) {
      try {
        expect(decodeSqliteSchema(own.subarray(0, length))).toEqual(whole);
      } catch (error) {
        if (!(error instanceof AxonError)) throw error;
        expect(error.kind).toBe('control-db-unreadable');
      }
    }
    expect(isSqlite(own.subarray(0, 99))).toBe(false);
  });

  test('with any bytes changed is told or refused, and nothing else', () => {
    const change = fc.tuple(fc.integer({ min: 16, max: own.length - 1 }), fc.constantFrom(0, 1, 5, 13, 127, 128, 255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), (changes) => {
        const image = Uint8Array.from(own);
        for (const [at, value] of changes) image[at] = value;
        try {
          expect(decodeSqliteSchema(image).length).toBeLessThan(own.length);
        } catch (error) {
          if (!(error instanceof AxonError)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });

  // SQLite follows fifteen levels of a hundred for some 10^20 years, and a process that it runs in cannot end it.
  test.each([
    ['leads again and again to one page', sharedSchema(own)],
    ['leads again and again to one page, on two levels', sharedSchema(own, 2)],
    ['leads back to where it began', circularSchema(own)],
  ])('that %s is refused before SQLite sees it', (_how, image) => {
    const { kind, message } = failureOf(() => ControlDb.open(engine, image));
    expect(kind).toBe('control-db-unreadable');
    expect(message).toMatch(/^Not a readable control database: its schema leads to page \d+ twice$/);
  });

  test('that is without end is one for SQLite, too: it tells each row as often as it is led there', () => {
    const database = new sql.Database(sharedSchema(own, 1));
    const rows = Number(database.exec('SELECT count(*) FROM sqlite_schema')[0]?.values[0]?.[0]);
    database.close();
    expect(rows).toBe(decodeSqliteSchema(own).length + 101);
  });
});
