import { crc32, inflateRawSync } from 'node:zlib';
import { deflateSync } from 'fflate';
import { AxonError } from '../errors.ts';

/*
 * The zip that POST createControlDbBackup writes: one deflated entry, streamed, as Java's ZipOutputStream does it.
 * Numbers are little-endian; n = length of the entry's name, c = length of the deflated data.
 *
 *   offset        size  content
 *   0             30    local header: "PK\3\4", version 20, flags 0x0808 (data descriptor, UTF-8 name), method 8,
 *                       DOS time, then zeros for checksum and sizes (they stand in the descriptor), n, 0
 *   30            n     axonserver-controldb.mv.db
 *   30+n          c     the deflated database
 *   30+n+c        16    data descriptor: "PK\7\8", CRC-32, c, size of the database
 *   46+n+c        46+n  central header: as the local one with checksum, sizes and offset 0, then the name
 *   92+2n+c       22    end of central directory
 *
 * The time is UTC, where Java takes the host's zone: the same database and time give the same bytes everywhere. For
 * the same reason the data is deflated by fflate, since Node's zlib compresses differently from processor to processor.
 */

/** Name of the database in the archive and of the live file in the control database folder. */
export const CONTROL_DB_FILE_NAME = 'axonserver-controldb.mv.db';
/** Of releases from 2024.0 on, which call it config database. */
export const CONFIG_DB_FILE_NAME = 'axonserver-configdb.mv.db';

const localSignature = 0x04034b50;
const descriptorSignature = 0x08074b50;
const centralSignature = 0x02014b50;
const endSignature = 0x06054b50;
const localHeaderSizeBytes = 30;
const centralHeaderSizeBytes = 46;
const endSizeBytes = 22;
const zipVersion = 20;
const descriptorAndUtf8Name = 0x0808;
/** A larger database is of no cluster; it would be in memory several times over. */
const MOST_DATABASE_BYTES = 128 * 1024 ** 2;
const stored = 0;
const deflated = 8;

/** `1595498731123` → `controldb1595498731123.zip`. */
export function formatControlDbArchiveName(epochMillis: number): string {
  return `controldb${epochMillis}.zip`;
}

/** A zip whose only entry is the database; a pure function of its arguments, whatever the host's time zone. */
export function encodeControlDbArchive(
  database: Uint8Array,
  modifiedAtMs: number,
  fileName = CONTROL_DB_FILE_NAME,
): Uint8Array {
  const name = new TextEncoder().encode(fileName);
  const data = deflateSync(database);
  const checksum = crc32(database);
  const dosTime = dosTimeOf(modifiedAtMs);
  const descriptorAt = localHeaderSizeBytes + name.length + data.length;
  const centralAt = descriptorAt + 16;
  const endAt = centralAt + centralHeaderSizeBytes + name.length;

  const bytes = new Uint8Array(endAt + endSizeBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, localSignature, true);
  writeCommonFields(view, 4, dosTime, name.length);
  bytes.set(name, localHeaderSizeBytes);
  bytes.set(data, localHeaderSizeBytes + name.length);

  view.setUint32(descriptorAt, descriptorSignature, true);
  writeSizes(view, descriptorAt + 4, checksum, data.length, database.length);

  view.setUint32(centralAt, centralSignature, true);
  view.setUint16(centralAt + 4, zipVersion, true);
  writeCommonFields(view, centralAt + 6, dosTime, name.length);
  writeSizes(view, centralAt + 16, checksum, data.length, database.length);
  bytes.set(name, centralAt + centralHeaderSizeBytes);

  view.setUint32(endAt, endSignature, true);
  view.setUint16(endAt + 8, 1, true);
  view.setUint16(endAt + 10, 1, true);
  view.setUint32(endAt + 12, endAt - centralAt, true);
  view.setUint32(endAt + 16, centralAt, true);
  return bytes;
}

/**
 * The database in an archive, which may have been packed by another tool (stored or deflated, beside other entries).
 * Fails with `control-db-unreadable` when it is no zip, is cut short or damaged, or does not hold the database.
 */
export function decodeControlDbArchive(bytes: Uint8Array): Uint8Array {
  const entry = findDatabase(bytes);
  if (entry.sizeBytes > MOST_DATABASE_BYTES) {
    throw unreadable(
      `${CONTROL_DB_FILE_NAME} has ${entry.sizeBytes} bytes, and no cluster more than ${MOST_DATABASE_BYTES}`,
    );
  }
  const header = partOf(bytes, entry.localHeaderAt, localHeaderSizeBytes, 'local header');
  if (header.getUint32(0, true) !== localSignature) throw unreadable('its local header is damaged');
  const dataAt = entry.localHeaderAt + localHeaderSizeBytes + header.getUint16(26, true) + header.getUint16(28, true);
  const part = partOf(bytes, dataAt, entry.packedSizeBytes, 'data');
  const data = bytes.subarray(dataAt, dataAt + part.byteLength);

  const database = unpack(data, entry);
  if (database.length !== entry.sizeBytes) {
    throw unreadable(`${CONTROL_DB_FILE_NAME} should have ${entry.sizeBytes} bytes but has ${database.length}`);
  }
  const actual = crc32(database);
  if (actual !== entry.checksum) {
    throw unreadable(`the CRC-32 of ${CONTROL_DB_FILE_NAME} should be ${hex(entry.checksum)} but is ${hex(actual)}`);
  }
  return database;
}

interface DirectoryEntry {
  readonly method: number;
  readonly checksum: number;
  readonly packedSizeBytes: number;
  readonly sizeBytes: number;
  readonly localHeaderAt: number;
}

/** The database's entry in the central directory, which is the only place where a streamed zip has the sizes. */
function findDatabase(bytes: Uint8Array): DirectoryEntry {
  const endAt = findEnd(bytes);
  const end = partOf(bytes, endAt, endSizeBytes, 'end');
  const directoryAt = end.getUint32(16, true);
  const found: string[] = [];
  let at = directoryAt;
  for (let left = end.getUint16(10, true); left > 0; left -= 1) {
    const header = partOf(bytes, at, centralHeaderSizeBytes, 'central directory');
    if (header.getUint32(0, true) !== centralSignature) throw unreadable('its central directory is damaged');
    const nameSizeBytes = header.getUint16(28, true);
    partOf(bytes, at + centralHeaderSizeBytes, nameSizeBytes, 'central directory');
    const nameAt = at + centralHeaderSizeBytes;
    const name = new TextDecoder().decode(bytes.subarray(nameAt, nameAt + nameSizeBytes));
    if (name === CONTROL_DB_FILE_NAME) {
      return {
        method: header.getUint16(10, true),
        checksum: header.getUint32(16, true),
        packedSizeBytes: header.getUint32(20, true),
        sizeBytes: header.getUint32(24, true),
        localHeaderAt: header.getUint32(42, true),
      };
    }
    found.push(name);
    at = nameAt + nameSizeBytes + header.getUint16(30, true) + header.getUint16(32, true);
  }
  throw unreadable(`it holds ${found.length === 0 ? 'nothing' : found.join(', ')} and no ${CONTROL_DB_FILE_NAME}`);
}

/** Where the end record starts: the last one whose comment reaches exactly to the end of the archive. */
function findEnd(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = bytes.length - endSizeBytes; at >= 0 && at >= bytes.length - endSizeBytes - 0xffff; at -= 1) {
    const isEnd = view.getUint32(at, true) === endSignature;
    if (isEnd && at + endSizeBytes + view.getUint16(at + 20, true) === bytes.length) return at;
  }
  throw unreadable('it is no zip file, or the end of it is missing');
}

function partOf(bytes: Uint8Array, offset: number, sizeBytes: number, what: string): DataView {
  if (offset + sizeBytes > bytes.length) throw unreadable(`its ${what} lies beyond the end of the file`);
  return new DataView(bytes.buffer, bytes.byteOffset + offset, sizeBytes);
}

function unpack(data: Uint8Array, entry: DirectoryEntry): Uint8Array {
  switch (entry.method) {
    case stored:
      return data.slice();
    case deflated:
      try {
        return new Uint8Array(inflateRawSync(data, { maxOutputLength: Math.max(1, entry.sizeBytes) }));
      } catch (error) {
        throw unreadable(`the data of ${CONTROL_DB_FILE_NAME} does not unpack`, error);
      }
    default:
      throw unreadable(`${CONTROL_DB_FILE_NAME} is packed by the unknown method ${entry.method}`);
  }
}

/** The fields that local and central header share, from "version needed" on; checksum and sizes stay zero. */
function writeCommonFields(view: DataView, offset: number, dosTime: number, nameSizeBytes: number): void {
  view.setUint16(offset, zipVersion, true);
  view.setUint16(offset + 2, descriptorAndUtf8Name, true);
  view.setUint16(offset + 4, deflated, true);
  view.setUint32(offset + 6, dosTime, true);
  view.setUint16(offset + 22, nameSizeBytes, true);
}

function writeSizes(
  view: DataView,
  offset: number,
  checksum: number,
  packedSizeBytes: number,
  sizeBytes: number,
): void {
  view.setUint32(offset, checksum, true);
  view.setUint32(offset + 4, packedSizeBytes, true);
  view.setUint32(offset + 8, sizeBytes, true);
}

/** Date and time in MS-DOS form, to two seconds, in UTC; times before 1980 or after 2107 take the nearest it knows. */
function dosTimeOf(epochMillis: number): number {
  const earliest = Date.UTC(1980, 0, 1);
  const latest = Date.UTC(2107, 11, 31, 23, 59, 58);
  const date = new Date(Math.min(latest, Math.max(earliest, epochMillis)));
  const day = ((date.getUTCFullYear() - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate();
  const time = (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1);
  return ((day << 16) | time) >>> 0;
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, '0');
}

function unreadable(reason: string, cause?: unknown): AxonError {
  return new AxonError('control-db-unreadable', `Not a readable control database backup: ${reason}`, { cause });
}
