/*
 * Databases of which SQLite reads the schema for longer than anybody lives. Each is a real one with pages behind it, and with
 * another page 1. Pages that have other cells than rows of their own are what nobody checks before the schema is read.
 */

const LEAF = 13;
const INNER = 5;

/** A database whose schema leads, level by level, a hundred times to one and the same next page. */
export function sharedSchema(image: Uint8Array, levels = 15): Buffer {
  return withSchemaBehind(image, (first) => {
    const inner = Array.from({ length: levels }, (_, level) =>
      innerPage(image, Array(100).fill(first + level + 1), first + level + 1),
    );
    return [...inner, autoIndexPage(image)];
  });
}

/** A database whose schema leads back to where it began. */
export function circularSchema(image: Uint8Array): Buffer {
  return withSchemaBehind(image, (first) => [innerPage(image, [first, first], first)]);
}

/** The same schema, with more pages behind its own; `make` is told the number of the first of them. */
function withSchemaBehind(image: Uint8Array, make: (first: number) => Buffer[]): Buffer {
  const size = pageSizeOf(image);
  const own = Buffer.from(image);
  const pages = image.length / size;
  // Elsewhere than on page 1 the head of a page is at its beginning; the cells stay where they are.
  const moved = Buffer.from(own.subarray(0, size));
  const headEnd = 100 + (moved[100] === INNER ? 12 : 8) + 2 * moved.readUInt16BE(103);
  own.copy(moved, 0, 100, headEnd);
  const more = make(pages + 2);
  innerPage(image, [pages + 1], pages + 2, 100).copy(own, 100, 100, size);
  const whole = Buffer.concat([own, moved, ...more]);
  whole.writeUInt32BE(whole.length / size, 28);
  return whole;
}

function innerPage(image: Uint8Array, children: readonly number[], last: number, head = 0): Buffer {
  const size = pageSizeOf(image);
  const page = Buffer.alloc(size);
  page.writeUInt8(INNER, head);
  page.writeUInt16BE(children.length, head + 3);
  page.writeUInt16BE(size - 5 * children.length, head + 5);
  page.writeUInt32BE(last, head + 8);
  for (const [place, child] of children.entries()) {
    const at = size - 5 * (place + 1);
    page.writeUInt16BE(at, head + 12 + 2 * place);
    page.writeUInt32BE(child, at);
    page.writeUInt8(100, at + 4);
  }
  return page;
}

/** A leaf with a row that may come again and again: of the index that SQLite makes of a table's key. */
function autoIndexPage(image: Uint8Array): Buffer {
  const size = pageSizeOf(image);
  const text = Buffer.from(image).toString('latin1');
  const found = /index(sqlite_autoindex_(\w+?)_1)\2/.exec(text);
  if (found === null) throw new Error('there is no such index');
  const [, name = '', table = ''] = found;
  const rootPage = image[found.index + found[0].length] ?? 0;
  const types = [5, name.length, table.length].map((length) => 13 + 2 * length);
  const head = [types[0] ?? 0, types[1] ?? 0, types[2] ?? 0, 1, 0].flatMap(varint);
  const record = Buffer.concat([
    Buffer.from([head.length + 1, ...head]),
    Buffer.from(`index${name}${table}`),
    Buffer.from([rootPage]),
  ]);
  const cell = Buffer.concat([Buffer.from([...varint(record.length), 101]), record]);
  const page = Buffer.alloc(size);
  page.writeUInt8(LEAF, 0);
  page.writeUInt16BE(1, 3);
  page.writeUInt16BE(size - cell.length, 5);
  page.writeUInt16BE(size - cell.length, 8);
  cell.copy(page, size - cell.length);
  return page;
}

/** Up to two bytes. */
function varint(value: number): number[] {
  return value < 128 ? [value] : [128 | (value >> 7), value & 127];
}

function pageSizeOf(image: Uint8Array): number {
  return Buffer.from(image).readUInt16BE(16);
}
