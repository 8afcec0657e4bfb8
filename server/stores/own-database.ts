import type { Database } from 'sql.js';
import { AxonError } from '../errors.ts';

/** Tables with more rows than these are of no cluster: 1,000 contexts on three nodes have 3,000 members. */
const MOST_ROWS = 20_000;

/** The objects of a database by their names, each with the statement that makes it. */
export type Schema = ReadonlyMap<string, string>;

/** What there is in a database; SQLite's own objects, which have no statement, are left out. */
export function schemaOf(database: Database): Schema {
  const [result] = database.exec('SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL');
  return new Map(result?.values.map(([name, sql]) => [String(name), String(sql)]));
}

/**
 * Nothing but our own tables is asked anything: a view in the place of one may have no end, a column may be reckoned from
 * what takes hours, and neither can be stopped. Fails with `control-db-unreadable`, also where a table has more rows than any
 * cluster would give it, and where SQLite finds damage, which it does not look for of itself.
 */
export function requireOwnDatabase(database: Database, own: Schema): void {
  const found = schemaOf(database);
  for (const [name, sql] of own) {
    if (!found.has(name)) throw unreadable(`it has no table ${name}`);
    if (found.get(name) !== sql) throw unreadable(`${name} is not the table that it should be`);
  }
  for (const name of found.keys()) {
    if (!own.has(name))
      throw unreadable(`it holds ${JSON.stringify(name.slice(0, 100))}, which no control database has`);
  }
  const check = String(database.exec('PRAGMA integrity_check(1)')[0]?.values[0]?.[0]);
  if (check !== 'ok') throw unreadable(`SQLite finds it damaged: ${check}`);
  for (const name of own.keys()) {
    const rows = Number(database.exec(`SELECT count(*) FROM "${name}"`)[0]?.values[0]?.[0]);
    if (rows > MOST_ROWS) throw unreadable(`${name} has ${rows} rows, and no cluster more than ${MOST_ROWS}`);
  }
}

function unreadable(reason: string): AxonError {
  return new AxonError('control-db-unreadable', `Not a readable control database: ${reason}`);
}
