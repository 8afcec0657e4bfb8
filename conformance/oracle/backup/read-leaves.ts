import { createHash } from 'node:crypto';
import { ArchiveError, type ArchiveEntry } from '../archives/archive-entry.ts';
import { controlDbZipName, expandArchive } from '../archives/archives.ts';
import { parseBackupName } from './backup-name.ts';
import type { FoundFile } from './backup-walk.ts';
import { glanceAt, MOST_WITH_REST_BYTES, readWithoutRest } from './glance-at-segment.ts';
import type { Leaf, Leaves } from './leaf.ts';
import { piecesOf, readFound, readStart, UnreadableFile } from './read-found.ts';
import { BeyondLimits, type ReadingBudget } from '../archives/reading-budget.ts';
import { countEvents, countLogEntries } from './segment-records.ts';
import { readTraits, type Traits } from './traits.ts';
import { WithoutRest } from './without-rest.ts';

/** Larger files are not read, but for their beginning: segments are never that large. */
const MOST_SEGMENT_BYTES = 2 ** 31;
const BEGINNING_BYTES = 4 << 20;
/** Small files that hold neither events nor a log are kept, so that they can be read when they have long gone. */
const MOST_KEPT_BYTES = 256 * 1024;
/** An archive in an archive is looked into; one in that is not. */
const DEEPEST = 2;
const tooLarge = `is larger than ${MOST_SEGMENT_BYTES} bytes`;
const archiveName = /\.(?:zip|tar|tgz|gz)$/i;

/**
 * Reads one file: itself, or where it is an archive its files. With `isLazy` of segments that lie there by themselves only the
 * beginning, however large they are.
 */
export async function readLeaves(found: FoundFile, budget: ReadingBudget, isLazy = false): Promise<Leaves> {
  const name = lastPart(found.path);
  const isPlainSegment = parseBackupName(name) !== null && !archiveName.test(name);
  if (found.sizeBytes > (isPlainSegment ? MOST_SEGMENT_BYTES : budget.limits.wholeBytes))
    return readLarge(found, budget);
  if (isPlainSegment && isLazy) return glanceAt(name, found);
  if (isPlainSegment && found.sizeBytes > MOST_WITH_REST_BYTES) return readSegment(name, found, budget);
  const bytes = readFound(found);
  const base = { source: found, within: [], wrappings: [], modifiedNs: found.modifiedNs };
  return readInto({
    name,
    path: found.path,
    bytes,
    heldBytes: bytes.length,
    read: () => readFound(found),
    base,
    budget,
    isHeld: !isLazy,
  });
}

interface Inside {
  readonly name: string;
  readonly path: string;
  readonly bytes: Buffer;
  readonly read: () => Buffer;
  /** Of these bytes and of the archives around them: so much is in memory. */
  readonly heldBytes: number;
  readonly base: Pick<Leaf, 'source' | 'within' | 'wrappings' | 'modifiedNs'>;
  readonly budget: ReadingBudget;
  /** Whether what it holds will be in memory as a whole. */
  readonly isHeld: boolean;
}

async function readInto(file: Inside): Promise<Leaves> {
  const { name, path, bytes, base, budget } = file;
  const expansion =
    parseBackupName(name) === null || archiveName.test(name)
      ? await expandArchive(name, bytes, file.heldBytes, budget)
      : ({ kind: 'file' } as const);
  switch (expansion.kind) {
    case 'file': {
      const { traits, unreadable } = file.isHeld
        ? readTraitsWithin(budget, name, path, bytes)
        : { traits: readTraits(name, bytes), unreadable: [] };
      return { leaves: [leafOf(file, traits)], unreadable };
    }
    case 'control-db-zip':
      return { leaves: [leafOf(file, { kind: 'control-db-zip' })], unreadable: [] };
    case 'unreadable': {
      if (expansion.isBeyondLimits === true) budget.refuse(path, expansion.reason);
      const traits = readTraits(name, bytes);
      // What begins as a zip and has the name of a backup of the control database is offered as one.
      const isOffered = traits.kind === 'other' && controlDbZipName.test(name);
      const leaf = leafOf(file, isOffered ? { kind: 'control-db-zip' } : traits);
      return { leaves: [leaf], unreadable: [`${path}: ${expansion.reason}`] };
    }
    case 'archive': {
      if (base.within.length >= DEEPEST) {
        const reason = 'it lies in an archive that lies in an archive: unpack one of them';
        return { leaves: [leafOf(file, { kind: 'other' })], unreadable: [`${path}: ${reason}`] };
      }
      return readEntries(file, expansion);
    }
  }
}

async function readEntries(
  file: Inside,
  archive: {
    readonly unpack: (bytes: Buffer) => Buffer;
    readonly unpacked: Buffer;
    readonly entries: readonly ArchiveEntry[];
    readonly isWrapping: boolean;
  },
): Promise<Leaves> {
  const leaves: Leaf[] = [];
  const unreadable: string[] = [];
  // Kept while its files are read one after the other, and let go of when memory is needed.
  const { unpacked } = archive;
  const readUnpacked = remembered(unpacked, () => archive.unpack(file.read()));
  const heldBytes = file.heldBytes + (unpacked === file.bytes ? 0 : unpacked.length);
  for (const entry of archive.entries) {
    await file.budget.turn();
    const path = `${file.path}!${entry.name}`;
    try {
      const ownBytes = entry.isPart ? 0 : entry.sizeBytes;
      file.budget.requireBeside(heldBytes, ownBytes, entry.name);
      const inner = await readInto({
        name: lastPart(entry.name),
        path,
        bytes: entry.extract(unpacked),
        heldBytes: heldBytes + ownBytes,
        read: () => entry.extract(readUnpacked()),
        base: {
          source: file.base.source,
          within: [...file.base.within, entry.name],
          wrappings: [...file.base.wrappings, archive.isWrapping],
          modifiedNs: archive.isWrapping ? file.base.modifiedNs : BigInt(Math.round(entry.modifiedMs)) * 1_000_000n,
        },
        budget: file.budget,
        isHeld: file.isHeld,
      });
      leaves.push(...inner.leaves);
      unreadable.push(...inner.unreadable);
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      if (error instanceof BeyondLimits) file.budget.refuse(path, error.message);
      unreadable.push(`${path}: ${error.message}`);
    }
  }
  return { leaves, unreadable };
}

function leafOf({ base, bytes, read, budget }: Inside, traits: Traits): Leaf {
  const checksum = createHash('sha256').update(bytes).digest('hex');
  const isSmall = bytes.length <= MOST_KEPT_BYTES && traits.kind !== 'data' && traits.kind !== 'log';
  const isKept = isSmall && budget.keeps(bytes.length);
  const kept = isKept ? Buffer.from(bytes) : null;
  const readAgain = (): Buffer => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      throw new UnreadableFile(base.source, `has changed: ${error.message}`, { cause: error });
    }
  };
  return {
    ...base,
    sizeBytes: bytes.length,
    checksum,
    traits,
    isLazy: false,
    readBytes: kept === null ? readAgain : () => kept,
  };
}

/** What holds more than can be read is known by its name alone. */
function readTraitsWithin(
  budget: ReadingBudget,
  name: string,
  path: string,
  bytes: Buffer,
): { readonly traits: Traits; readonly unreadable: readonly string[] } {
  const traits = readTraits(name, bytes);
  try {
    if (traits.kind === 'data') budget.requireEvents(countEvents(bytes));
    if (traits.kind === 'log') budget.takeLogEntries(countLogEntries(bytes));
    return { traits, unreadable: [] };
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    return { traits: { kind: 'other' }, unreadable: [`${path}: ${error.message}`] };
  }
}

/** A large segment, hashed to its last byte, and kept in no memory but for what stands before its rest. */
async function readSegment(name: string, found: FoundFile, budget: ReadingBudget): Promise<Leaves> {
  const hash = createHash('sha256');
  const content = new WithoutRest();
  for (const piece of piecesOf(found)) {
    hash.update(piece);
    content.add(piece);
    await budget.turn();
  }
  const { traits, unreadable } = readTraitsWithin(budget, name, found.path, content.bytes());
  const leaf: Leaf = {
    source: found,
    within: [],
    wrappings: [],
    sizeBytes: found.sizeBytes,
    checksum: hash.digest('hex'),
    modifiedNs: found.modifiedNs,
    traits,
    isLazy: false,
    readBytes: () => readWithoutRest(found),
  };
  return { leaves: [leaf], unreadable };
}

/** Its size stands for what is not read: no file of another size is the same. */
function readLarge(found: FoundFile, budget: ReadingBudget): Leaves {
  const name = lastPart(found.path);
  const start = readStart(found, BEGINNING_BYTES);
  const leaf: Leaf = {
    source: found,
    within: [],
    wrappings: [],
    sizeBytes: found.sizeBytes,
    checksum: createHash('sha256').update(start).update(`${found.sizeBytes} bytes`).digest('hex'),
    modifiedNs: found.modifiedNs,
    traits: readTraits(name, start),
    isLazy: false,
    readBytes: () => {
      throw new UnreadableFile(found, tooLarge);
    },
  };
  if (archiveName.test(name)) {
    const reason = `it is larger than ${budget.limits.wholeBytes} bytes: unpack it, and name the folder`;
    budget.refuse(found.path, reason);
    return { leaves: [leaf], unreadable: [`${found.path}: ${reason}`] };
  }
  const isSegment = parseBackupName(name) !== null;
  return { leaves: [leaf], unreadable: isSegment ? [`${found.path}: it ${tooLarge}, as no segment is`] : [] };
}

/** What `read` gives, and has given once: given again without a new look while it is still in memory, so that it is there once. */
function remembered(first: Buffer, read: () => Buffer): () => Buffer {
  let held = new WeakRef(first);
  return () => {
    const before = held.deref();
    if (before !== undefined) return before;
    const bytes = read();
    held = new WeakRef(bytes);
    return bytes;
  };
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
