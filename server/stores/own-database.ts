import type { Database } from 'sql.js';
import { AxonError } from '../errors.ts';
import { decodeSqliteSchema, isSqlite } from '../formats/sqlite-schema.ts';

/** Tables with more rows than these are of no cluster: 1,000 contexts on three nodes have 3,000 members. */
const MOST_ROWS = 20_000;

/** The objects of a database by their names, each with the statement that makes it; null for SQLite's own. */
export type Schema = ReadonlyMap<string, string | null>;

/** What there is in a database, without asking it: a schema may lead anywhere. Fails with `control-db-unreadable`. */
export function schemaOf(image: Uint8Array): Schema {
  const objects = decodeSqliteSchema(image);
  const schema = new Map(objects.map(({ name, sql }) => [name, sql]));
  if (schema.size < objects.length) throw unreadable('its schema names something twice');
  return schema;
}

/**
 * Nothing but our own tables is opened: a view in the place of one may have no end, a column may be reckoned from what takes
 * hours, statistics are read before anything is asked, and none of it can be stopped. Fails with `control-db-unreadable`.
 */
export function requireOwnSchema(image: Uint8Array, own: Schema): void {
  // What SQLite takes for no file of its own, or for an empty one, it says itself.
  if (!isSqlite(image)) return;
  const found = schemaOf(image);
  for (const [name, sql] of own) {
    if (!found.has(name)) throw unreadable(`it has no table ${name}`);
    if (found.get(name) !== sql) throw unreadable(`${name} is not the table that it should be`);
  }
  for (const name of found.keys()) {
    if (!own.has(name))
      throw unreadable(`it holds ${JSON.stringify(name.slice(0, 100))}, which no control database has`);
  }
}

/**
 * Of a database whose schema is ours: that it is whole, which SQLite does not look for of itself, and that no table has more
 * rows than any cluster would give it. Fails with `control-db-unreadable`.
 */
export function requireOwnRows(database: Database, own: Schema): void {
  const check = String(database.exec('PRAGMA integrity_check(1)')[0]?.values[0]?.[0]);
  if (check !== 'ok') throw unreadable(`SQLite finds it damaged: ${check}`);
  for (const [name, sql] of own) {
    if (sql === null) continue;
    const rows = Number(database.exec(`SELECT count(*) FROM "${name}"`)[0]?.values[0]?.[0]);
    if (rows > MOST_ROWS) throw unreadable(`${name} has ${rows} rows, and no cluster more than ${MOST_ROWS}`);
  }
}

function unreadable(reason: string): AxonError {
  return new AxonError('control-db-unreadable', `Not a readable control database: ${reason}`);
}
