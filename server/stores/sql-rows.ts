import type { Database, SqlValue } from 'sql.js';

/** Adds rows to a table; `target` is the table with its columns in brackets, in the order of the values of each row. */
export function insertRows(database: Database, target: string, rows: readonly (readonly SqlValue[])[]): void {
  const [first] = rows;
  if (first === undefined) return;
  const statement = database.prepare(`INSERT INTO ${target} VALUES (${first.map(() => '?').join(', ')})`);
  try {
    for (const row of rows) statement.run([...row]);
  } finally {
    statement.free();
  }
}

/** All rows of a query; its column names are the names of the properties, and the caller answers for their types. */
export function selectRows<T>(database: Database, query: string, parameters: readonly SqlValue[] = []): T[] {
  const statement = database.prepare(query, [...parameters]);
  try {
    const rows: T[] = [];
    while (statement.step()) rows.push(statement.getAsObject() as T);
    return rows;
  } finally {
    statement.free();
  }
}
