import type { Database, SqlValue } from 'sql.js';
import { AxonError } from '../errors.ts';

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

/** What a column of a query holds. `text` is a name, as long as the tables let one be; `clob` a text of any length. */
export type ColumnKind = 'text' | 'text or null' | 'clob' | 'integer' | 'integer or null';

/** The longest `varchar` of the tables, in characters: SQLite does not hold anybody to it. */
const MOST_CHARACTERS = 255;

/**
 * All rows of a query, each column with what it must hold; the names of the columns are those of the properties. A backup may
 * hold anything in a row: what is something else fails with `control-db-unreadable`, and names the table.
 */
export function selectRows<T extends object>(
  database: Database,
  { from, query, columns, parameters = [] }: Selection<T>,
): T[] {
  const statement = database.prepare(query, [...parameters]);
  try {
    const rows: T[] = [];
    while (statement.step()) {
      const row = statement.getAsObject();
      for (const [name, kind] of Object.entries<ColumnKind>(columns)) requireKind(row[name], kind, from, name);
      rows.push(row as T);
    }
    return rows;
  } finally {
    statement.free();
  }
}

export interface Selection<T extends object> {
  /** The table that a failure names. */
  readonly from: string;
  readonly query: string;
  readonly columns: Readonly<Record<keyof T, ColumnKind>>;
  readonly parameters?: readonly SqlValue[];
}

function requireKind(value: SqlValue | undefined, kind: ColumnKind, table: string, column: string): void {
  if (value === null && kind.endsWith('or null')) return;
  const isFitting = kind.startsWith('integer')
    ? Number.isSafeInteger(value)
    : typeof value === 'string' && (kind === 'clob' || value.length <= MOST_CHARACTERS);
  if (isFitting) return;
  const found = describe(value);
  throw new AxonError(
    'control-db-unreadable',
    `Not a readable control database: a row of ${table} has ${found} for ${column}, which must be ${kind}`,
  );
}

function describe(value: SqlValue | undefined): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value !== 'string') return `a blob of ${value.length} bytes`;
  return value.length <= 40 ? `the text ${JSON.stringify(value)}` : `a text of ${value.length} characters`;
}
