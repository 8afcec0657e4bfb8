import type { ByteReader } from './byte-reader.ts';
import { H2Failure } from './failure.ts';
import { readDate, readTime, readTimestamp, readTimestampWithZone, readTimeWithZone } from './temporal.ts';

/** A CLOB or BLOB that is kept apart; `readLargeObject` of the database fetches it. */
export interface LargeObject {
  readonly largeObject: bigint;
  readonly isText: boolean;
  readonly length: bigint;
}

/** BIGINT is a bigint; NUMERIC, dates and times are text as SQL writes them; binary is bytes. */
export type H2Value = null | boolean | number | bigint | string | Uint8Array | LargeObject;

/*
 * A value begins with a byte that says its type and, of small ones, the value:
 *
 *   0 null · 2 TINYINT 1 · 3 SMALLINT 2 · 4 INTEGER v · 5 BIGINT v · 7 DOUBLE v, bits reversed · 8 REAL likewise
 *   6 NUMERIC v scale, v length, bytes · 56, 57 NUMERIC 0, 1 · 58 NUMERIC v · 59 NUMERIC v scale, v
 *   9 TIME · 10 DATE · 11 TIMESTAMP · 24 (old), 135 TIMESTAMP WITH TIME ZONE · 136 TIME WITH TIME ZONE
 *   12 VARBINARY · 137 BINARY: v length, bytes · 100 … 131 VARBINARY of 0 … 31 bytes · 20 UUID 16
 *   13, 14, 21 text: v length, characters · 68 … 99 text of 0 … 31 characters
 *   15 BLOB · 16 CLOB: v length, bytes, CLOB from format 2 on: v characters; or v -3, v table, v number, v length(s)
 *   25 ENUM v · 32 … 47 INTEGER 0 … 15 · 48 … 55 BIGINT 0 … 7 · 60, 61 DOUBLE 0, 1 · 62, 63 REAL 0, 1
 *   64 false · 65 true · 66 INTEGER v below 0 · 67 BIGINT v below 0
 *
 * Others are refused: no table of the server's has them, and nobody could check that they are read aright.
 */
export function readValue(reader: ByteReader, format: 1 | 2 | 3): H2Value {
  const type = reader.byte();
  if (type >= 32 && type < 48) return type - 32;
  if (type >= 48 && type < 56) return BigInt(type - 48);
  if (type >= 68 && type < 100) return reader.text(type - 68);
  if (type >= 100 && type < 132) return reader.take(type - 100).slice();
  switch (type) {
    case 0:
      return null;
    case 64:
    case 65:
      return type === 65;
    case 2:
      return (reader.byte() << 24) >> 24;
    case 3:
      return reader.int16();
    case 4:
    case 25:
      return reader.varInt();
    case 66:
      return -reader.varInt() | 0;
    case 5:
      return reader.varLong();
    case 67:
      return BigInt.asIntN(64, -reader.varLong());
    case 13:
    case 14:
    case 21:
      return reader.text();
    case 12:
    case 137:
      return reader.take(reader.count()).slice();
    case 15:
    case 16:
      return readLob(reader, type === 16, format);
    case 20:
      return readUuid(reader);
    default:
      return readNumberOrTime(reader, type);
  }
}

/** Rows and keys of indexes in format 1: a list with its length. Lists in lists are refused, as any value of that type. */
export function readList(reader: ByteReader): readonly H2Value[] {
  if (reader.byte() !== 17) throw reader.fail('a list of values is expected');
  return Array.from({ length: reader.count() }, () => readValue(reader, 1));
}

function readNumberOrTime(reader: ByteReader, type: number): H2Value {
  switch (type) {
    case 56:
    case 57:
      return String(type - 56);
    case 58:
      return String(reader.varLong());
    case 59: {
      const scale = reader.varInt();
      return formatDecimal(reader.varLong(), scale, reader);
    }
    case 6: {
      const scale = reader.varInt();
      return formatDecimal(signed(reader.take(reader.count())), scale, reader);
    }
    case 60:
    case 61:
      return type - 60;
    case 62:
    case 63:
      return type - 62;
    case 7:
      return double(reverseBits(reader.varLong(), 64n));
    case 8:
      return float(Number(reverseBits(BigInt(reader.varInt()), 32n)));
    case 9:
      return readTime(reader);
    case 10:
      return readDate(reader);
    case 11:
      return readTimestamp(reader);
    case 24:
    case 135:
      return readTimestampWithZone(reader, type === 24);
    case 136:
      return readTimeWithZone(reader);
    default:
      throw new H2Failure('unsupported-value', reader.offset, `A value is of type ${type}, which is not read here`);
  }
}

function readLob(reader: ByteReader, isText: boolean, format: 1 | 2 | 3): H2Value {
  const length = reader.varInt();
  if (length >= 0) {
    const bytes = reader.take(length).slice();
    if (isText && format > 1) reader.varLong();
    return isText ? decodeUtf8(bytes, reader) : bytes;
  }
  if (length !== -3) throw reader.fail('a large object is kept in an unknown way');
  reader.varInt();
  const largeObject = reader.varLong();
  const octets = reader.varLong();
  return { largeObject, isText, length: isText && format > 1 ? reader.varLong() : octets };
}

/** Text of large objects is plain UTF-8, other than that of strings. */
export function decodeUtf8(bytes: Uint8Array, reader: ByteReader): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw reader.fail('a text is not UTF-8');
  }
}

function readUuid(reader: ByteReader): string {
  const digits = Array.from(reader.take(16), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function formatDecimal(unscaled: bigint, scale: number, reader: ByteReader): string {
  if (Math.abs(scale) > 100_000) throw reader.fail(`a number with ${scale} decimals is none`);
  if (scale <= 0) return String(unscaled * 10n ** BigInt(-scale));
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function signed(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(bytes.length * 8, value);
}

function reverseBits(value: bigint, width: bigint): bigint {
  let rest = BigInt.asUintN(Number(width), value);
  let reversed = 0n;
  for (let bit = 0n; bit < width; bit += 1n) {
    reversed = (reversed << 1n) | (rest & 1n);
    rest >>= 1n;
  }
  return reversed;
}

function double(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}

function float(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits);
  return view.getFloat32(0);
}
