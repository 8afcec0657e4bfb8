import { crc32 } from 'node:zlib';

/*
 * The control database has two forms on disk. The consistent image is a plain SQLite file, found in backups and after
 * a clean stop. The torn image is what lies in the control database folder while the node runs, as a copy taken in
 * the middle of a write would look:
 *
 *   page 1       bytes 0-3      CRC-32 of the consistent image (big-endian): the mark of the write in flight. It makes
 *                               the torn images of two different states different files
 *                bytes 4-511    zeros: the header is written last and is not there yet, nor is the root of the schema
 *                bytes 512-     as in the consistent image
 *   later pages                 about every second one, chosen by the checksum, ends in 512 zeros: half written
 *
 * Without the header no SQLite takes the file for a database, and with a header put back by hand it still lacks the
 * schema and rows. Unlike the real server, whose H2 file may happen to be sound when it is copied, this one never is.
 */

/** Page size of every control database: the smallest that holds its rows well, since each table takes a page. */
export const CONTROL_DB_PAGE_SIZE_BYTES = 1024;

const halfPageSizeBytes = CONTROL_DB_PAGE_SIZE_BYTES / 2;

/** The bytes of the live file while its node runs; a function of the consistent image alone, and of the same length. */
export function tearControlDbImage(image: Uint8Array): Uint8Array {
  const torn = image.slice();
  const checksum = crc32(image);
  torn.fill(0, 0, halfPageSizeBytes);
  for (let index = 0; index < Math.min(4, torn.length); index += 1) torn[index] = checksum >>> (24 - 8 * index);

  const pageCount = Math.ceil(torn.length / CONTROL_DB_PAGE_SIZE_BYTES);
  for (let page = 1; page < pageCount; page += 1) {
    if (!isTorn(page, checksum) && page !== pageCount - 1) continue;
    const pageAt = page * CONTROL_DB_PAGE_SIZE_BYTES;
    torn.fill(0, pageAt + halfPageSizeBytes, pageAt + CONTROL_DB_PAGE_SIZE_BYTES);
  }
  return torn;
}

/** A coin tossed by page and checksum; multiplying carries every bit of both into the top one. */
function isTorn(page: number, checksum: number): boolean {
  return Math.imul(checksum ^ page, 0x9e3779b1) >>> 31 === 1;
}
