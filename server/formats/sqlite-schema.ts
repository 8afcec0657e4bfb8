import { AxonError } from '../errors.ts';

/*
 * What a SQLite file says that it holds, read without SQLite, which follows a schema wherever it leads: pages that name each
 * other, or all of them the same next one, keep it busy for longer than anybody lives, and nothing can stop it.
 *
 *   0  "SQLite format 3\0"     16 u16 page size, 1 for 65536     20 u8 bytes left free on each page     56 u32 encoding
 *
 * Page 1 is the root of the schema's b-tree; its head begins at byte 100, that of other pages at 0:
 *
 *   0 u8 5 inner, 13 leaf      3 u16 cells      8 u32 last child, of inner ones alone      then u16 the place of each cell
 *
 *   a cell of an inner page    u32 child, varint row id
 *   a cell of a leaf           varint length, varint row id, so much of the record as is on the page, u32 the next page of it
 *   a record                   varint length of the head, varint type of each column, the columns
 *
 * Not read: what else is in the file, and encodings other than UTF-8, which none of ours has.
 */

/** A table or an index, as a row of the schema has it. */
export interface SqliteObject {
  readonly name: string;
  /** The statement that makes it; null for what SQLite makes of itself. */
  readonly sql: string | null;
}

const MAGIC = 'SQLite format 3\0';
const SCHEMA_COLUMNS = 5;

/** Whether the bytes begin as a file of SQLite does. */
export function isSqlite(image: Uint8Array): boolean {
  return Buffer.from(image.subarray(0, MAGIC.length)).toString('latin1') === MAGIC && image.length >= 100;
}

/**
 * All rows of the schema of what `isSqlite`, each page read once. Fails with `control-db-unreadable` where a page comes twice,
 * or anything else is not as it should be.
 */
export function decodeSqliteSchema(image: Uint8Array): SqliteObject[] {
  const pages = new Pages(Buffer.from(image.buffer, image.byteOffset, image.byteLength));
  const objects: SqliteObject[] = [];
  let bytes = 0;
  const waiting = [1];
  for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
    const { page, head } = pages.take(number);
    const [type, cells] = [page.readUInt8(head), page.readUInt16BE(head + 3)];
    if (type !== 5 && type !== 13) throw damaged(`page ${number} of its schema is of type ${type}`);
    const places = head + (type === 5 ? 12 : 8);
    if (places + 2 * cells > page.length) throw damaged(`page ${number} of its schema has ${cells} cells`);
    if (type === 5) waiting.push(page.readUInt32BE(head + 8));
    for (let cell = 0; cell < cells; cell++) {
      const at = page.readUInt16BE(places + 2 * cell);
      if (type === 5) waiting.push(new Cursor(page, at).uint32());
      else {
        const record = readPayload(pages, page, at);
        // A page can name one place of it thousands of times.
        bytes += record.length;
        if (bytes > image.length) throw damaged('rows of its schema lie over each other');
        objects.push(decodeRecord(record));
      }
    }
  }
  return objects;
}

/** The pages of a file, each of which can be taken once. */
class Pages {
  readonly #image: Buffer;
  readonly #size: number;
  readonly usable: number;
  readonly #taken = new Set<number>();

  constructor(image: Buffer) {
    this.#image = image;
    const size = image.readUInt16BE(16);
    this.#size = size === 1 ? 1 << 16 : size;
    this.usable = this.#size - image.readUInt8(20);
    const isSize = this.#size >= 512 && (this.#size & (this.#size - 1)) === 0;
    if (!isSize || this.usable < 480) throw damaged(`its pages have ${this.#size} bytes`);
    if (image.readUInt32BE(56) > 1) throw damaged('its texts are not in UTF-8');
  }

  take(number: number): { readonly page: Buffer; readonly head: number } {
    const end = number * this.#size;
    if (number === 0 || end > this.#image.length)
      throw damaged(`its schema leads to page ${number}, which is not there`);
    if (this.#taken.has(number)) throw damaged(`its schema leads to page ${number} twice`);
    this.#taken.add(number);
    const page = this.#image.subarray(end - this.#size, end - this.#size + this.usable);
    return { page, head: number === 1 ? 100 : 0 };
  }
}

/** Reads on from a place, and fails at the end of what there is. */
class Cursor {
  readonly #bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  uint32(): number {
    return this.bytes(4).readUInt32BE(0);
  }

  /** Seven bits a byte, but for the ninth, which has eight; larger ones than any file has bytes are damage. */
  varint(): number {
    let value = 0n;
    for (let place = 0; place < 9; place++) {
      const byte = BigInt(this.bytes(1).readUInt8(0));
      if (place === 8) value = (value << 8n) | byte;
      else value = (value << 7n) | (byte & 0x7fn);
      if (place === 8 || byte < 0x80n) break;
    }
    return Number(value);
  }

  bytes(length: number): Buffer {
    const end = this.at + length;
    if (!(length >= 0 && end <= this.#bytes.length)) throw damaged('its schema ends in the middle of a row');
    const bytes = this.#bytes.subarray(this.at, end);
    this.at = end;
    return bytes;
  }
}

/** The record of a cell, whose pages behind the first are taken from those of the file. */
function readPayload(pages: Pages, page: Buffer, at: number): Buffer {
  const cursor = new Cursor(page, at);
  const length = cursor.varint();
  // The row's id, which nobody wants.
  cursor.varint();
  const { usable } = pages;
  if (length <= usable - 35) return cursor.bytes(length);
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const local = least + ((length - least) % (usable - 4));
  const parts = [cursor.bytes(local <= usable - 35 ? local : least)];
  let left = length - (parts[0]?.length ?? 0);
  for (let next = cursor.uint32(); left > 0;) {
    const overflow = new Cursor(pages.take(next).page, 0);
    next = overflow.uint32();
    const part = overflow.bytes(Math.min(left, usable - 4));
    parts.push(part);
    left -= part.length;
  }
  return Buffer.concat(parts);
}

/** `type`, `name`, `tbl_name`, `rootpage`, `sql`. */
function decodeRecord(record: Buffer): SqliteObject {
  const head = new Cursor(record, 0);
  const columns = new Cursor(record, head.varint());
  const values: (string | null)[] = [];
  for (let column = 0; column < SCHEMA_COLUMNS; column++) {
    const type = head.varint();
    const isText = type >= 13 && type % 2 === 1;
    const bytes = columns.bytes(lengthOf(type));
    values.push(isText ? bytes.toString('utf8') : null);
  }
  const [, name, , , sql] = values;
  if (name === undefined || name === null) throw damaged('its schema has a row without a name');
  return { name, sql: sql ?? null };
}

/** Bytes of a column by its type. */
function lengthOf(type: number): number {
  if (type >= 12) return Math.floor((type - 12) / 2);
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][type] ?? Number.NaN;
}

function damaged(reason: string): AxonError {
  return new AxonError('control-db-unreadable', `Not a readable control database: ${reason}`);
}
