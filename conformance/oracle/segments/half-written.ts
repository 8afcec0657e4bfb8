import * as fs from 'node:fs';
import path from 'node:path';
import { CONFIG_DB_FILE_NAME, CONTROL_DB_FILE_NAME } from '../../../server/formats/control-db-archive.ts';
import { readUnnoticed } from '../../journal/recording/read-unnoticed.ts';
import { EventScanner } from './event-scanner.ts';

/** How every SQLite file begins. */
const SQLITE_MAGIC = 'SQLite format 3\0';

/**
 * Whether a copy of the file, taken now, would be one of a write under way: an event segment with the beginning of a
 * transaction behind its last whole one (docs/event-segment-format.md, section 8.2), or a live control database
 * without its header. A file that is not there is not half-written.
 */
export function isHalfWritten(file: string): boolean {
  const name = path.basename(file);
  const isDatabase = name === CONTROL_DB_FILE_NAME || name === CONFIG_DB_FILE_NAME;
  if (!isDatabase && !/^\d{20}\.(events|snapshots)$/.test(name)) return false;
  if (!fs.existsSync(file)) return false;
  const bytes = readUnnoticed(file);
  if (isDatabase) return !bytes.subarray(0, SQLITE_MAGIC.length).equals(Buffer.from(SQLITE_MAGIC));
  const scanner = new EventScanner(BigInt(name.slice(0, 20)), { checksChecksums: false });
  scanner.push(bytes);
  return scanner.finish().isTorn;
}
