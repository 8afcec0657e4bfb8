import type { ByteReader } from './byte-reader.ts';

/*
 *   DATE       v: year << 9 | month << 5 | day
 *   TIME       v milliseconds, v nanoseconds of the day
 *   TIMESTAMP  DATE, TIME
 *   zone       1: quarters of an hour; 7F: v seconds; 80: v seconds to the west.   Before 2.0: v minutes
 *   TIME WITH TIME ZONE  v seconds, v nanoseconds, zone
 */

export function readDate(reader: ByteReader): string {
  const date = reader.varLong();
  const [year, month, day] = [date >> 9n, Number((date >> 5n) & 15n), Number(date & 31n)];
  if (month < 1 || month > 12 || day < 1 || year < -1_000_000_000n || year > 1_000_000_000n) {
    throw reader.fail('a date is none');
  }
  const years = String(year < 0n ? -year : year).padStart(4, '0');
  return `${year < 0n ? '-' : ''}${years}-${two(month)}-${two(day)}`;
}

export function readTime(reader: ByteReader): string {
  return formatTime(reader.varLong() * 1_000_000n + reader.varLong(), reader);
}

export function readTimestamp(reader: ByteReader): string {
  return `${readDate(reader)} ${readTime(reader)}`;
}

export function readTimestampWithZone(reader: ByteReader, isOld: boolean): string {
  const timestamp = readTimestamp(reader);
  return timestamp + formatZone(isOld ? reader.varInt() * 60 : readZone(reader));
}

export function readTimeWithZone(reader: ByteReader): string {
  const time = formatTime(BigInt(reader.varInt()) * 1_000_000_000n + BigInt(reader.varInt()), reader);
  return time + formatZone(readZone(reader));
}

function readZone(reader: ByteReader): number {
  const quarters = (reader.byte() << 24) >> 24;
  if (quarters === 127) return reader.varInt();
  return quarters === -128 ? -reader.varInt() : quarters * 900;
}

function formatTime(nanoseconds: bigint, reader: ByteReader): string {
  if (nanoseconds < 0n || nanoseconds >= 86_400_000_000_000n) throw reader.fail('a time of day is none');
  const seconds = Number(nanoseconds / 1_000_000_000n);
  const fraction = String(nanoseconds % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '');
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return fraction === '' ? clock : `${clock}.${fraction}`;
}

function formatZone(seconds: number): string {
  const size = Math.abs(seconds);
  const rest = size % 60 === 0 ? '' : `:${two(size % 60)}`;
  const minutes = size % 3600 === 0 && rest === '' ? '' : `:${two(Math.floor(size / 60) % 60)}`;
  return `${seconds < 0 ? '-' : '+'}${two(Math.floor(size / 3600))}${minutes}${rest}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
