import type { ByteReader } from './byte-reader.ts';
import { plainNumberKeys, readTaggedNumber, taggedNumberKeys, valueNumberKeys } from './keys.ts';
import type { Store } from './store.ts';
import { walkTree, type KeyType, type ReadValues } from './tree.ts';
import { readList, readValue, type H2Value } from './value.ts';

/*
 * Values of tables have a form in which they say who is changing them. All of a leaf:
 *
 *   0  values            nobody is
 *   1  for each value:   to 1.4.197    v operation, 1 whether there is a value, value
 *                        from 1.4.198  v operation; of none the value; else 1 flags: 1 new value, 2 committed one
 *
 * An operation is transaction << 40 | number in its log. A backup is taken while the server runs, so transactions may
 * be open in it. H2 rolls those back when it opens the file, and ends those that were being committed:
 *
 *   to 1.4.197    map undoLog: operation → map, key, old value; without number 0 it was being committed
 *   from 1.4.198  maps undoLog.N, or undoLog-N; committed where the last number is 2^40 - 1, or by the dash
 */

const lastLogNumber = (1n << 40n) - 1n;

export type Row = readonly H2Value[];

/** Reads the rows of a map and gives those that are committed. */
export interface Transactions {
  rows(
    mapId: number,
    root: bigint,
    keys: KeyType<bigint>,
    read: (reader: ByteReader) => Row,
  ): Generator<{ readonly key: bigint; readonly row: Row; readonly offset: number }>;
}

export function readTransactions(store: Store): Transactions {
  const single = store.maps.get('undoLog');
  const resolver = single === undefined ? resolveFromLogs(store) : resolveFromSingleLog(store, single);
  const isOld = single !== undefined;
  return {
    *rows(mapId, root, keys, read) {
      const readValues = versionedValues(read, isOld);
      for (const { key, value, offset } of walkTree(store, root, mapId, keys, readValues)) {
        const row = value.operation === 0n ? value.now : resolver(mapId, key, value);
        if (row !== null) yield { key, row, offset };
      }
    },
  };
}

interface Versioned {
  readonly operation: bigint;
  readonly now: Row | null;
  readonly before: Row | null;
}

type Resolver = (mapId: number, key: bigint, value: Versioned) => Row | null;

function versionedValues(read: (reader: ByteReader) => Row, isOld: boolean): ReadValues<Versioned> {
  const readOne = isOld ? oldVersioned : versioned;
  return (reader, count) => {
    // An empty leaf still has its mark, and nothing after it.
    const mark = reader.byte();
    if (mark > 1) throw reader.fail('a leaf begins its values in an unknown way');
    return Array.from({ length: count }, () =>
      mark === 0 ? { operation: 0n, now: read(reader), before: null } : readOne(reader, read),
    );
  };
}

function oldVersioned(reader: ByteReader, read: (reader: ByteReader) => Row): Versioned {
  const operation = reader.varLong();
  return { operation, now: reader.byte() === 1 ? read(reader) : null, before: null };
}

function versioned(reader: ByteReader, read: (reader: ByteReader) => Row): Versioned {
  const operation = reader.varLong();
  if (operation === 0n) return { operation, now: read(reader), before: null };
  const flags = reader.byte();
  if (flags > 3) throw reader.fail('a value has unknown flags');
  return {
    operation,
    now: (flags & 1) === 0 ? null : read(reader),
    before: (flags & 2) === 0 ? null : read(reader),
  };
}

function resolveFromLogs(store: Store): Resolver {
  const committed = new Set<bigint>();
  for (const [name, map] of store.maps) {
    const match = /^undoLog([.-])(?<transaction>\d+)$/.exec(name);
    if (match === null) continue;
    const keys = store.format === 1 ? taggedNumberKeys : plainNumberKeys;
    let last: bigint | null = null;
    for (const { key } of walkTree(store, map.root, map.id, keys, skipValues)) last = key;
    const isCommitted = match[1] === '-' || (last !== null && (last & lastLogNumber) === lastLogNumber);
    if (last !== null && isCommitted) committed.add(BigInt(match.groups?.['transaction'] ?? 0));
  }
  return (_mapId, _key, value) => (committed.has(value.operation >> 40n) ? value.now : value.before);
}

/** The values of a log are of many kinds, and nothing but their keys is of use here. */
function skipValues(reader: ByteReader, count: number): null[] {
  reader.take(reader.remaining);
  return Array.from({ length: count }, () => null);
}

function resolveFromSingleLog(store: Store, log: { readonly id: number; readonly root: bigint }): Resolver {
  const oldValues = new Map<string, Row | null>();
  const isOpen = new Map<bigint, boolean>();
  const readEntries: ReadValues<LogEntry> = (reader, count) => Array.from({ length: count }, () => logEntry(reader));
  for (const { key, value } of walkTree(store, log.root, log.id, taggedNumberKeys, readEntries)) {
    const transaction = key >> 40n;
    if (!isOpen.has(transaction)) isOpen.set(transaction, (key & lastLogNumber) === 0n);
    const name = `${transaction}/${value.map}/${value.key}`;
    // Undoing goes backwards: what the first entry remembers stays.
    if (!oldValues.has(name)) oldValues.set(name, value.old);
  }
  return (mapId, key, value) => {
    const transaction = value.operation >> 40n;
    const name = `${transaction}/${mapId}/${key}`;
    return isOpen.get(transaction) === true && oldValues.has(name) ? (oldValues.get(name) ?? null) : value.now;
  };
}

interface LogEntry {
  readonly map: bigint;
  readonly key: bigint | null;
  readonly old: Row | null;
}

/** Three parts, each with a byte before it that says whether it is there. Keys of indexes are lists, those of tables numbers. */
function logEntry(reader: ByteReader): LogEntry {
  const map = reader.byte() === 1 ? readTaggedNumber(reader) : -1n;
  let key: bigint | null = null;
  let isIndex = false;
  if (reader.byte() === 1) {
    isIndex = reader.peek() === 17;
    if (isIndex) readList(reader);
    else key = valueNumberKeys.read(reader);
  }
  const old = reader.byte() === 1 ? oldVersioned(reader, isIndex ? oneValue : readList).now : null;
  return { map, key, old };
}

/** What an index maps to is a value and not a row. */
function oneValue(reader: ByteReader): Row {
  return [readValue(reader, 1)];
}
