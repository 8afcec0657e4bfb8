import type { ByteReader } from './byte-reader.ts';
import { parseCreateTable, type Column } from './create-table.ts';
import { H2Failure } from './failure.ts';
import { plainNumberKeys, valueNumberKeys } from './keys.ts';
import { readLargeObject } from './large-objects.ts';
import type { PassedOver } from './newest-chunk.ts';
import { openStore, type Store } from './store.ts';
import { readTransactions, type Row, type Transactions } from './transactions.ts';
import { readList, readValue, type H2Value, type LargeObject } from './value.ts';

/*
 * The catalogue is a table like others, in map table.0:
 *
 *   ID, HEAD, TYPE integer, SQL varchar      TYPE 0 is a table, whose rows are in map table.ID
 *
 * A row is its columns one after the other, without their names; in format 1 as a list with its length.
 */

export interface Table {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly Column[];
}

/** A row by the names of its columns. */
export type NamedRow = Readonly<Record<string, H2Value>>;

export interface H2Database {
  readonly formatVersion: 1 | 2 | 3;
  /** Of the store; each write of the server makes a higher one. */
  readonly version: bigint;
  /** Newer versions that the file speaks of and that do not open. Empty in a whole file. H2 says nothing of them. */
  readonly passedOver: readonly PassedOver[];
  /** In the order in which they were made. */
  tables(): readonly Table[];
  /** The table of that name, however it is spelt in upper and lower case; null where there is none. */
  table(name: string, schema?: string): Table | null;
  /** Its committed rows in the order of their keys, read as they are taken. */
  rows(table: Table): Generator<NamedRow>;
  /** Content of a CLOB or BLOB that rows only point at. */
  readLargeObject(object: LargeObject, maximalBytes?: number): string | Uint8Array;
}

const catalogueColumns = 4;
const largeObjectBytes = 16 * 1024 * 1024;

/** Opens the bytes of an `.mv.db` file. Throws {@link H2Failure}, here and while rows are taken. */
export function openH2(bytes: Uint8Array): H2Database {
  const store = openStore(bytes);
  const transactions = readTransactions(store);
  const tables = readCatalogue(store, transactions);
  return {
    formatVersion: store.format,
    version: store.version,
    passedOver: store.passedOver,
    tables: () => [...tables.keys()],
    table: (name, schema = 'PUBLIC') =>
      [...tables.keys()].find((table) => isNamed(table.name, name) && isNamed(table.schema, schema)) ?? null,
    rows(table) {
      const id = tables.get(table);
      if (id === undefined) throw new Error(`${table.name} is no table of this database`);
      return namedRows(store, transactions, table, id);
    },
    readLargeObject: (object, maximalBytes = largeObjectBytes) => readLargeObject(store, object, maximalBytes),
  };
}

function isNamed(one: string, other: string): boolean {
  return one.toUpperCase() === other.toUpperCase();
}

function readCatalogue(store: Store, transactions: Transactions): ReadonlyMap<Table, number> {
  const tables = new Map<Table, number>();
  const names = new Set<string>();
  for (const { row, offset } of rowsOf(store, transactions, 0, catalogueColumns)) {
    const [id, , type, sql] = row;
    if (typeof id !== 'number' || typeof type !== 'number' || typeof sql !== 'string') {
      throw new H2Failure('damaged', offset, 'A row of the catalogue is none');
    }
    const table = type === 0 ? parseCreateTable(sql) : null;
    if (table === null) {
      if (type === 0 && /^\s*CREATE\s+CACHED/i.test(sql)) {
        throw new H2Failure('damaged', offset, 'A statement of the catalogue cannot be read');
      }
      continue;
    }
    const name = `${table.schema}.${table.name}`;
    if (names.has(name)) throw new H2Failure('damaged', offset, `Table ${name} is in the catalogue twice`);
    names.add(name);
    tables.set(table, id);
  }
  return tables;
}

function* namedRows(store: Store, transactions: Transactions, table: Table, id: number): Generator<NamedRow> {
  for (const { row } of rowsOf(store, transactions, id, table.columns.length)) {
    yield Object.fromEntries(table.columns.map((column, index) => [column.name, row[index] ?? null]));
  }
}

function rowsOf(
  store: Store,
  transactions: Transactions,
  id: number,
  columns: number,
): ReturnType<Transactions['rows']> {
  const map = store.maps.get(`table.${id}`);
  if (map === undefined) throw new H2Failure('damaged', 0, `The rows of table ${id} are nowhere`);
  const read = (reader: ByteReader): Row => {
    const row =
      store.format === 1 ? readList(reader) : Array.from({ length: columns }, () => readValue(reader, store.format));
    if (row.length !== columns) throw reader.fail(`a row has ${row.length} values and its table ${columns} columns`);
    return row;
  };
  return transactions.rows(map.id, map.root, store.format === 1 ? valueNumberKeys : plainNumberKeys, read);
}
