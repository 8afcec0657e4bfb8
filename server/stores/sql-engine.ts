import initSqlJs from 'sql.js';
import type { SqlJsStatic } from 'sql.js';
import type { ControlDbTables } from '../formats/control-db-tables.ts';
import { isSqlite } from '../formats/sqlite-schema.ts';
import { BuiltImages } from './built-images.ts';
import { createControlDbSchema } from './control-db-schema.ts';
import { KnownImages } from './known-images.ts';
import { schemaOf, type Schema } from './own-database.ts';

/** SQLite, loaded, with the image of a control database that has its tables and nothing of its own in them. */
export interface SqlEngine {
  readonly sql: SqlJsStatic;
  /** What is of a release; made when it is first asked for, since few processes need more than one. */
  readonly release: (tables: ControlDbTables) => ReleaseImage;
  readonly known: KnownImages;
  readonly built: BuiltImages;
}

/** An empty control database of a release, and what must be in each. */
export interface ReleaseImage {
  readonly emptyImage: Uint8Array;
  readonly schema: Schema;
}

let loadedEngine: Promise<SqlEngine> | undefined;

/** Loads SQLite once per process; all control databases share it. */
export function loadSqlEngine(): Promise<SqlEngine> {
  loadedEngine ??= startSqlEngine();
  return loadedEngine;
}

async function startSqlEngine(): Promise<SqlEngine> {
  const sql = await initSqlJs();
  const made = new Map<ControlDbTables, ReleaseImage>();
  const release = (tables: ControlDbTables): ReleaseImage => {
    const known = made.get(tables);
    if (known !== undefined) return known;
    const emptyImage = makeEmptyImage(sql, tables);
    const image = { emptyImage, schema: schemaOf(emptyImage) };
    made.set(tables, image);
    return image;
  };
  return { sql, release, known: new KnownImages(), built: new BuiltImages() };
}

function makeEmptyImage(sql: SqlJsStatic, tables: ControlDbTables): Uint8Array {
  const database = new sql.Database();
  try {
    createControlDbSchema(database, tables);
    return database.export();
  } finally {
    database.close();
  }
}

/** The release whose tables they are most likely; the oldest where nothing tells. */
export function tablesIn({ release }: SqlEngine, image: Uint8Array): ControlDbTables {
  if (!isSqlite(image)) return 'until 2023';
  const found = schemaOf(image);
  if (!found.has('rg_backup_info')) return 'until 2023';
  const isOfDcb = found.get('rg_context') === release('since 2025').schema.get('rg_context');
  return isOfDcb ? 'since 2025' : 'since 2024';
}
