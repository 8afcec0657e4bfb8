import { crc32, inflateRawSync } from 'node:zlib';
import { ArchiveError, normalizeEntryName, rangeOf, type ArchiveEntry } from './archive-entry.ts';

/*
 * Zip files as any tool packs them: stored or deflated, streamed or not, with zip64 where sizes need it. Read from the
 * central directory, as every unpacker does; checksums are compared, which is why this is not left to fflate. Numbers
 * are little-endian.
 *
 *   end of central directory, 22 bytes and a comment   entries u16 @10, directory's size u32 @12 and offset u32 @16,
 *                                                      comment length u16 @20
 *   zip64 locator, 20 bytes right before it            offset of the zip64 end u64 @8
 *   zip64 end                                          entries u64 @32, directory's size u64 @40 and offset u64 @48
 *   central header, 46 bytes, name, extra, comment     flags u16 @8, method u16 @10, DOS time u32 @12, CRC-32 u32 @16,
 *                                                      packed u32 @20, size u32 @24, lengths u16 @28 @30 @32, offset @42
 *   local header, 30 bytes, name, extra, data          lengths u16 @26 @28
 */

const localSignature = 0x04034b50;
const centralSignature = 0x02014b50;
const endSignature = 0x06054b50;
const zip64EndSignature = 0x06064b50;
const zip64LocatorSignature = 0x07064b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const ZIP64 = 0xffffffff;
const ZIP64_COUNT = 0xffff;
const STORED = 0;

interface Packed {
  readonly name: string;
  readonly isEncrypted: boolean;
  readonly method: number;
  readonly checksum: number;
  readonly packedBytes: number;
  readonly sizeBytes: number;
  readonly headerAt: number;
}

/** True where the bytes begin like a zip, an empty one included. */
export function isZip(bytes: Buffer): boolean {
  if (bytes.length < END_BYTES) return false;
  const signature = bytes.readUInt32LE(0);
  return signature === localSignature || signature === endSignature;
}

/**
 * The files in a zip; folders are left out. `take` is called before each of them is taken into memory, and may fail: a few megabytes, packed once more, are millions of them. Fails with an ArchiveError.
 */
export function readZipEntries(archive: Buffer, take: () => void): ArchiveEntry[] {
  const { count, directoryAt, directoryBytes } = findDirectory(archive);
  const entries: ArchiveEntry[] = [];
  let at = directoryAt;
  for (let left = count; left > 0; left--) {
    const header = rangeOf(archive, at, 46, 'the central directory');
    if (header.readUInt32LE(0) !== centralSignature) throw new ArchiveError('its central directory is damaged');
    const nameBytes = header.readUInt16LE(28);
    const extraBytes = header.readUInt16LE(30);
    const name = rangeOf(archive, at + 46, nameBytes, 'a name').toString('utf8');
    const extra = rangeOf(archive, at + 46 + nameBytes, extraBytes, 'the central directory');
    const packed = {
      name,
      isEncrypted: (header.readUInt16LE(8) & 1) === 1,
      method: header.readUInt16LE(10),
      checksum: header.readUInt32LE(16),
      ...readSizes(header, extra),
    };
    at += 46 + nameBytes + extraBytes + header.readUInt16LE(32);
    if (name.endsWith('/')) continue;
    take();
    entries.push({
      name: normalizeEntryName(name),
      sizeBytes: packed.sizeBytes,
      modifiedMs: timeOf(header.readUInt16LE(14), header.readUInt16LE(12)),
      isPart: packed.method === STORED,
      extract: (bytes) => extract(bytes, packed),
    });
  }
  // Were there more of them than the end counts, nobody would miss them.
  if (at - directoryAt !== directoryBytes) throw new ArchiveError('its central directory is damaged');
  return entries;
}

interface Directory {
  readonly count: number;
  readonly directoryAt: number;
  readonly directoryBytes: number;
}

function findDirectory(archive: Buffer): Directory {
  const lowest = Math.max(0, archive.length - END_BYTES - LONGEST_COMMENT);
  for (let at = archive.length - END_BYTES; at >= lowest; at--) {
    if (archive.readUInt32LE(at) !== endSignature) continue;
    if (at + END_BYTES + archive.readUInt16LE(at + 20) !== archive.length) continue;
    const own = {
      count: archive.readUInt16LE(at + 10),
      directoryAt: archive.readUInt32LE(at + 16),
      directoryBytes: archive.readUInt32LE(at + 12),
    };
    const hasTwo = at >= 20 && archive.readUInt32LE(at - 20) === zip64LocatorSignature;
    const directory = hasTwo ? agreed(own, readZip64End(archive, at - 20)) : own;
    // Were there files before an end that counts none, nobody would miss them.
    if (directory.count === 0 && archive.readUInt32LE(0) === localSignature) {
      throw new ArchiveError('its end counts no file, and it begins with one');
    }
    return directory;
  }
  throw new ArchiveError('it is cut short: the end of the zip is missing');
}

/** What does not fit into the end stands in the zip64 end. Unpackers differ in which of the two they believe where both say something. */
function agreed(end: Directory, large: Directory): Directory {
  const isSame =
    (end.count === ZIP64_COUNT || end.count === large.count) &&
    (end.directoryAt === ZIP64 || end.directoryAt === large.directoryAt) &&
    (end.directoryBytes === ZIP64 || end.directoryBytes === large.directoryBytes);
  if (!isSame) throw new ArchiveError('its two ends say different things');
  return large;
}

function readZip64End(archive: Buffer, locatorAt: number): Directory {
  const end = rangeOf(archive, Number(archive.readBigUInt64LE(locatorAt + 8)), 56, 'the zip64 end');
  if (end.readUInt32LE(0) !== zip64EndSignature) throw new ArchiveError('its zip64 end is damaged');
  return {
    count: Number(end.readBigUInt64LE(32)),
    directoryAt: Number(end.readBigUInt64LE(48)),
    directoryBytes: Number(end.readBigUInt64LE(40)),
  };
}

/** Sizes and offset of a central header; those that do not fit stand in the extra field 1, in this order. */
function readSizes(header: Buffer, extra: Buffer): Pick<Packed, 'sizeBytes' | 'packedBytes' | 'headerAt'> {
  const large = zip64Field(extra);
  let at = 0;
  const read = (offset: number): number => {
    const value = header.readUInt32LE(offset);
    if (value !== ZIP64 || at + 8 > large.length) return value;
    at += 8;
    return Number(large.readBigUInt64LE(at - 8));
  };
  const sizeBytes = read(24);
  const packedBytes = read(20);
  return { sizeBytes, packedBytes, headerAt: read(42) };
}

function zip64Field(extra: Buffer): Buffer {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === 1) return extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
  }
  return Buffer.alloc(0);
}

function extract(archive: Buffer, packed: Packed): Buffer {
  if (packed.isEncrypted) throw new ArchiveError(`${packed.name} is encrypted`);
  const header = rangeOf(archive, packed.headerAt, 30, `the header of ${packed.name}`);
  if (header.readUInt32LE(0) !== localSignature) throw new ArchiveError(`the header of ${packed.name} is damaged`);
  const dataAt = packed.headerAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const bytes = inflate(rangeOf(archive, dataAt, packed.packedBytes, packed.name), packed);
  if (bytes.length !== packed.sizeBytes || crc32(bytes) !== packed.checksum) {
    throw new ArchiveError(`${packed.name} does not have the checksum that the zip has for it`);
  }
  return bytes;
}

function inflate(data: Buffer, { method, name, sizeBytes }: Packed): Buffer {
  if (method === STORED) return data;
  if (method !== 8) throw new ArchiveError(`${name} is packed by a method that is not known here (${method})`);
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(1, sizeBytes) });
  } catch (error) {
    throw new ArchiveError(`${name} does not unpack: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** MS-DOS date and time, taken as UTC: it only tells which of two copies is newer. */
function timeOf(date: number, time: number): number {
  return Date.UTC(1980 + (date >> 9), ((date >> 5) & 15) - 1, date & 31, time >> 11, (time >> 5) & 63, (time & 31) * 2);
}
