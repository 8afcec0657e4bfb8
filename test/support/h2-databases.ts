import fs from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import type { H2Database, H2Value } from '../../h2/index.ts';

/** A database that H2 wrote, and its rows as H2 gave them: by table and column, in lower case. */
export interface GoldenDatabase {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly tables: Readonly<Record<string, ReadonlyArray<Readonly<Record<string, Cell>>>>>;
}

type Cell = string | number | boolean | null;

const folder = path.resolve(import.meta.dirname, '../../fixtures/golden/h2');

export const goldenNames = fs
  .readdirSync(folder)
  .filter((name) => name.endsWith('.zip'))
  .map((name) => name.slice(0, -'.zip'.length));

export function readGolden(name: string): GoldenDatabase {
  const { entry, tables } = JSON.parse(fs.readFileSync(path.join(folder, `${name}.json`), 'utf8'));
  const bytes = unzipSync(fs.readFileSync(path.join(folder, `${name}.zip`)))[entry];
  if (bytes === undefined) throw new Error(`${name}.zip has no ${entry}`);
  return { name, bytes, tables };
}

/** All rows of all tables in the form in which the golden files have them, tables by their names. */
export function allRows(database: H2Database): GoldenDatabase['tables'] {
  return Object.fromEntries(
    database
      .tables()
      .map((table) => [
        table.name.toLowerCase(),
        Array.from(database.rows(table), (row) =>
          Object.fromEntries(
            Object.entries(row).map(([column, value]) => [column.toLowerCase(), cellOf(database, value)]),
          ),
        ),
      ]),
  );
}

/** Rows in an order of their own, so that two lists of them compare. */
export function sorted(tables: GoldenDatabase['tables']): readonly string[] {
  return Object.entries(tables)
    .flatMap(([table, rows]) => rows.map((row) => `${table} ${JSON.stringify(row)}`))
    .toSorted();
}

function cellOf(database: H2Database, value: H2Value): Cell {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value === 'object' && value !== null) return cellOf(database, database.readLargeObject(value));
  return value;
}
