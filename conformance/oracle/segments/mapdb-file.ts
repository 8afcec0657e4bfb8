/**
 * The index of a closed segment as real servers write it: a file of MapDB 3 (docs/event-segment-format.md, section 6.1),
 * as far as it takes to tell whether it is whole and what it lists. All numbers big-endian. Written from the files.
 *
 *     0        4A 03 | zeros u16 | features i32
 *     8        checksum of all, i64; 1 where there is none
 *     16       i32: 1 where the header has a checksum | i32: that checksum, a seed and the ints from 24 to 0x8060 added up
 *     24       end of the data | highest record number, times 8 | end of the file, its low 16 bits a check    each i64
 *     64       lists of free room
 *     0x8060   next page of record places, i64; none where all but the low 16 bits are 0
 *     0x8070   places of the records 1, 2, 3…: size u16 | offset u48, whose low 4 bits are flags: 8 = in several parts, 4 = unused
 *              a record of up to 5 bytes stands in its place itself, right before the last byte
 *     1 MiB    the others
 *
 * Record 1 names what there is, pairs of texts: `aggregateMap#valueInline` → `false`. A leaf of the map is a count of three for
 * each aggregate, then its key, the number of the record with its positions, and a time that is 0. Positions: their count,
 * the first sequence number, and each place of an event's length field. Numbers in records have seven bits a byte, the
 * highest first, and bit 0x80 in the last; a text is the count of its UTF-16 units and each of them as such a number.
 */

const MEBIBYTE = 1024 ** 2;
const HEAD_END = 0x8060;
const FIRST_PLACE = HEAD_END + 16;
const PLACES = (MEBIBYTE - FIRST_PLACE) / 8;
const SUM_SEED = 1_142_099_053;
const TOO_LONG = 0xffff - 15;
const MOST_IN_PLACE = 5;

export type MapDbFile =
  | { readonly state: 'damaged'; readonly reason: string }
  /** `positions` by aggregate; null where the file has more than is looked at here, or is laid out in another way. */
  | { readonly state: 'sound'; readonly positions: ReadonlyMap<string, readonly number[]> | null };

/** Whether the bytes begin as a file of MapDB. */
export function isMapDb(bytes: Buffer): boolean {
  return bytes.length >= 4 && bytes.readUInt32BE(0) === 0x4a03_0000;
}

/**
 * Reads a file of MapDB. `bytes` may lack zeros at its end, `sizeBytes` is its length with them. Never fails: what is not whole
 * is `damaged`.
 */
export function readMapDb(bytes: Buffer, sizeBytes: number): MapDbFile {
  if (!isMapDb(bytes)) return { state: 'damaged', reason: 'it is no file of MapDB' };
  if (sizeBytes < 2 * MEBIBYTE || sizeBytes % MEBIBYTE !== 0 || bytes.length < FIRST_PLACE) {
    return { state: 'damaged', reason: `it has ${sizeBytes} bytes, and an index 2 MiB or more whole ones` };
  }
  if (bytes.readInt32BE(16) === 1 && sumOf(bytes) !== bytes.readInt32BE(20)) {
    return { state: 'damaged', reason: 'the checksum of its header is wrong' };
  }
  const endOfFile = Number((bytes.readBigUInt64BE(40) >> 16n) << 16n);
  if (endOfFile !== sizeBytes) {
    return { state: 'damaged', reason: `it has ${sizeBytes} bytes, and had ${endOfFile}` };
  }
  const hasMorePages = bytes.readBigUInt64BE(HEAD_END) >> 16n !== 0n;
  if (hasMorePages) return { state: 'sound', positions: null };
  const records = readRecords(bytes, sizeBytes);
  if (records === null) return { state: 'damaged', reason: 'a record lies outside of it' };
  return { state: 'sound', positions: readPositions(records) };
}

function sumOf(bytes: Buffer): number {
  let sum = SUM_SEED;
  for (let at = 24; at < HEAD_END; at += 4) sum = (sum + bytes.readInt32BE(at)) | 0;
  return sum;
}

/** By number; those in several parts are null. Null where one lies outside of the file. */
function readRecords(bytes: Buffer, sizeBytes: number): ReadonlyMap<number, Buffer | null> | null {
  const records = new Map<number, Buffer | null>();
  const highest = Number(bytes.readBigUInt64BE(32) >> 3n);
  for (let number = 1; number <= Math.min(highest, PLACES); number++) {
    const at = FIRST_PLACE + (number - 1) * 8;
    if (at + 8 > bytes.length) break;
    const size = bytes.readUInt16BE(at);
    const offset = bytes.readUIntBE(at + 2, 6);
    const flags = offset % 16;
    if ((flags & 4) !== 0 || size === 0 || size > TOO_LONG) continue;
    if (size <= MOST_IN_PLACE) {
      records.set(number, bytes.subarray(at + 7 - size, at + 7));
      continue;
    }
    const start = offset - flags;
    if (start < MEBIBYTE || start + size > sizeBytes) return null;
    records.set(number, (flags & 8) === 0 ? bytes.subarray(start, start + size) : null);
  }
  return records;
}

function readPositions(records: ReadonlyMap<number, Buffer | null>): ReadonlyMap<string, readonly number[]> | null {
  const names = readNames(records.get(1) ?? null);
  if (names?.get('aggregateMap#type') !== 'HashMap' || names.get('aggregateMap#valueInline') !== 'false') return null;
  if (names.get('aggregateMap#keySerializer') !== 'org.mapdb.Serializer#STRING') return null;
  const found = new Map<string, readonly number[]>();
  for (const leaf of records.values()) {
    for (const [key, number] of leaf === null ? [] : readLeaf(leaf)) {
      const record = records.get(number);
      // Lists that are longer than one record are not put together here.
      if (record === null) return null;
      const positions = record === undefined ? null : readList(record);
      if (positions !== null) found.set(key, positions);
    }
  }
  return found;
}

function readNames(record: Buffer | null): ReadonlyMap<string, string> | null {
  if (record === null) return null;
  const reader = new PackedReader(record);
  const names = new Map<string, string>();
  for (let left = reader.number() ?? 0; left > 0; left--) {
    const name = reader.text();
    const value = reader.text();
    if (name === null || value === null) return null;
    names.set(name, value);
  }
  return names;
}

/** Keys and the numbers of their records; none where the record is another thing than a leaf. */
function readLeaf(record: Buffer): ReadonlyArray<readonly [key: string, number: number]> {
  const reader = new PackedReader(record);
  const count = reader.number() ?? 0;
  if (count === 0 || count % 3 !== 0) return [];
  const entries: Array<readonly [string, number]> = [];
  for (let left = count / 3; left > 0; left--) {
    const key = reader.text();
    const number = reader.number();
    if (key === null || number === null || reader.number() !== 0) return [];
    entries.push([key, number]);
  }
  return reader.isAtEnd ? entries : [];
}

function readList(record: Buffer): readonly number[] | null {
  const reader = new PackedReader(record);
  const count = reader.number();
  const firstSequence = reader.number();
  if (count === null || firstSequence === null || count > record.length) return null;
  const positions: number[] = [];
  for (let left = count; left > 0; left--) {
    const position = reader.number();
    if (position === null) return null;
    positions.push(position);
  }
  return reader.isAtEnd ? positions : null;
}

/** Numbers and texts as they stand in a record; null where it breaks off. */
class PackedReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  number(): number | null {
    let value = 0;
    while (this.#at < this.#bytes.length) {
      const byte = this.#bytes[this.#at++] ?? 0;
      value = value * 128 + (byte & 0x7f);
      if (!Number.isSafeInteger(value)) return null;
      if ((byte & 0x80) !== 0) return value;
    }
    return null;
  }

  text(): string | null {
    const length = this.number();
    if (length === null || length > this.#bytes.length - this.#at) return null;
    const units: string[] = [];
    for (let left = length; left > 0; left--) {
      const unit = this.number();
      if (unit === null || unit > 0xffff) return null;
      units.push(String.fromCharCode(unit));
    }
    return units.join('');
  }
}
