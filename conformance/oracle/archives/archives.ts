import { gunzipSync } from 'node:zlib';
import { ArchiveError, type ArchiveEntry } from './archive-entry.ts';
import { reasonInParts } from './archive-parts.ts';
import { BeyondLimits, type ReadingBudget } from './reading-budget.ts';
import { isTar, readTarEntries } from './tar-entries.ts';
import { isZip, readZipEntries } from './zip-entries.ts';

/** What a file turns out to be when one tries to look into it. */
export type Expansion =
  | { readonly kind: 'file' }
  | { readonly kind: 'control-db-zip' }
  | {
      readonly kind: 'archive';
      /** Turns the file's bytes into those that the entries are extracted from. */
      readonly unpack: (bytes: Buffer) => Buffer;
      /** What that has given already. */
      readonly unpacked: Buffer;
      readonly entries: readonly ArchiveEntry[];
      /** True where it is but the wrapping of one file, and named after it: `x.events.gz`. */
      readonly isWrapping: boolean;
    }
  | { readonly kind: 'unreadable'; readonly reason: string; readonly isBeyondLimits?: boolean };

/** Names of the database in the zip of POST createControlDbBackup: up to 2024.1, and since. */
const controlDbEntry = /^axonserver-con(?:trol|fig)db\.mv\.db$/;
/** As POST createControlDbBackup names it. */
export const controlDbZipName = /^controldb\d+\.zip$/;
const tarName = /\.(?:tar|tgz|tar\.gz)$/i;
const otherArchive = /\.(?:7z|bz2|tbz2?|txz|xz|zst|tzst|rar|lz4|br|age|gpg)$/i;

/** Of an archive of another kind. */
export const NOT_LOOKED_INTO =
  'of archives, zip, tar and gz are looked into: unpack it, or give a check its tool (--restore)';

/**
 * Looks into a file: zip, tar, tar.gz, and gz of a single file, known by their bytes or names. What unpacks to more than the
 * budget has left, and what cannot be read whole, is `unreadable`. `heldBytes` are in memory already: of the file, and of the
 * archives around it.
 */
export async function expandArchive(
  name: string,
  bytes: Buffer,
  heldBytes: number,
  budget: ReadingBudget,
): Promise<Expansion> {
  try {
    if (isZip(bytes)) return expandZip(name, bytes, budget);
    if (bytes.length > 2 && bytes.readUInt16BE(0) === 0x1f8b) return await expandGzip(name, bytes, heldBytes, budget);
    if (isTar(bytes) || /\.tar$/i.test(name)) return await expandTar(bytes, budget, (tar) => tar);
    if (/\.(?:zip|tgz|gz)$/i.test(name)) throw new ArchiveError('it is not what its name says');
    if (otherArchive.test(name)) {
      return { kind: 'unreadable', reason: NOT_LOOKED_INTO };
    }
    return { kind: 'file' };
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    const isBeyondLimits = error instanceof BeyondLimits;
    const reason = isBeyondLimits ? error.message : reasonInParts(name, bytes, error.message);
    return { kind: 'unreadable', reason, isBeyondLimits };
  }
}

function expandZip(name: string, bytes: Buffer, budget: ReadingBudget): Expansion {
  const byName = new Map(readZipEntries(bytes, () => budget.takeEntry()).map((entry) => [entry.name, entry]));
  const entries = [...byName.values()];
  const [first] = entries;
  if (first !== undefined && entries.length === 1 && controlDbEntry.test(first.name)) return { kind: 'control-db-zip' };
  // What has the name of a backup of the control database, and holds none, is a bad one, and no archive of something else.
  if (controlDbZipName.test(name) && entries.length <= 1) return { kind: 'control-db-zip' };
  takeAll(entries, budget);
  const isWrapping = entries.length === 1 && `${first?.name ?? ''}.zip` === name;
  return { kind: 'archive', unpack: (zip) => zip, unpacked: bytes, entries, isWrapping };
}

async function expandGzip(name: string, bytes: Buffer, heldBytes: number, budget: ReadingBudget): Promise<Expansion> {
  const mostBytes = budget.mostBeside(heldBytes);
  const unpack = (packed: Buffer): Buffer => gunzip(packed, mostBytes);
  const content = unpack(bytes);
  budget.takeUnpacked(content.length);
  if (isTar(content) || tarName.test(name)) return expandTar(content, budget, unpack);
  const inner = name.replace(/\.gz$/i, '');
  const entry = {
    name: inner,
    sizeBytes: content.length,
    modifiedMs: 0,
    isPart: true,
    extract: (whole: Buffer) => whole,
  };
  return { kind: 'archive', unpack, unpacked: content, entries: [entry], isWrapping: true };
}

async function expandTar(tar: Buffer, budget: ReadingBudget, unpack: (bytes: Buffer) => Buffer): Promise<Expansion> {
  const entries = await readTarEntries(tar, () => budget.takeEntry());
  takeAll(entries, budget);
  return { kind: 'archive', unpack, unpacked: tar, entries, isWrapping: false };
}

function gunzip(bytes: Buffer, mostBytes: number): Buffer {
  try {
    const maxOutputLength = Math.max(1, mostBytes);
    return gunzipSync(bytes, { maxOutputLength, chunkSize: chunkFor(bytes, maxOutputLength) });
  } catch (error) {
    if (error instanceof RangeError) {
      throw new BeyondLimits(`it unpacks to more than ${mostBytes} bytes: unpack it, and name the folder`);
    }
    throw new ArchiveError(`it does not unpack: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A byte of deflated data stands for no more than so many. */
const MOST_RATIO = 1032;
const CHUNK_BYTES = 16 * 1024;

/**
 * In one piece, where the trailer tells the truth about the size: pieces would be in memory together with the whole that is
 * made of them.
 */
function chunkFor(bytes: Buffer, mostBytes: number): number {
  const toldBytes = bytes.length < 4 ? 0 : bytes.readUInt32LE(bytes.length - 4);
  // One more, else there would be a second piece to find that nothing is left.
  return Math.max(CHUNK_BYTES, Math.min(toldBytes + 1, mostBytes, bytes.length * MOST_RATIO));
}

/** What an archive says that it holds; more than that is never unpacked. */
function takeAll(entries: readonly ArchiveEntry[], budget: ReadingBudget): void {
  for (const { name, sizeBytes } of entries) {
    budget.requireWhole(sizeBytes, name);
    budget.takeUnpacked(sizeBytes);
  }
}
