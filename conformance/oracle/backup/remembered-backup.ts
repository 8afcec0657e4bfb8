import * as fs from 'node:fs';
import { basename, dirname, join } from 'node:path/posix';
import type { BackupFile, BackupInventory } from '../../journal/inventory.ts';
import type { FoundFile } from './backup-walk.ts';
import { piecesOf, readFound, readStart } from './read-found.ts';
import { parseBackupName } from './backup-name.ts';
import type { FileHistory } from './file-history.ts';
import { groupBy } from './group-by.ts';
import { holderOf, nameOfLeaf } from './placed-leaf.ts';
import type { Leaf } from './leaf.ts';
import { findNextToken } from './traits.ts';

/** A file of an inventory, with what it takes to know it again in the next one. */
export interface KnownFile extends BackupFile {
  readonly leaf: Leaf;
}

/** What `blocks` of a file are counted in, whatever the file system. */
const BLOCK_BYTES = 512;

/** What is smaller may be kept in memory, and is there when the file has gone. */
const MOST_AT_ONCE_BYTES = 1 << 20;

/** The inventory before a run, to be asked what of it is still as it was. */
export class RememberedBackup {
  readonly #byPath: ReadonlyMap<string, KnownFile>;
  /** By what stays the same while nobody writes. */
  readonly #byIdentity: ReadonlyMap<string, readonly KnownFile[]>;
  /** The oldest first. */
  readonly #byName: ReadonlyMap<string, readonly KnownFile[]>;
  readonly #unreadable: readonly string[];

  constructor(previous: BackupInventory | null) {
    const known = (previous?.files ?? []).filter(isKnown).toSorted((a, b) => a.recency - b.recency);
    this.#byPath = new Map(known.map((file) => [file.path, file]));
    this.#byIdentity = groupBy(known, ({ leaf }) => identityOf(leaf.source));
    this.#byName = groupBy(known, ({ name }) => name);
    this.#unreadable = previous?.unreadable ?? [];
  }

  /** What an unchanged file holds; null where it has to be read. */
  leavesOf(found: FoundFile): readonly Leaf[] | null {
    const same = this.#byIdentity.get(identityOf(found)) ?? [];
    const known = same.filter(({ leaf }) => leaf.source.changedNs === found.changedNs);
    const inPlace = known.filter(({ leaf }) => leaf.source.path === found.path);
    const wasUnreadable = this.#unreadable.some(
      (line) => line.startsWith(`${found.path}:`) || line.startsWith(`${found.path}!`),
    );
    if (wasUnreadable) return null;
    if (inPlace.length > 0) return inPlace.map(({ leaf }) => leaf);
    // It has moved with its folder. What a file is hangs on its name, and archives are rather read again.
    const moved = known.find(({ leaf }) => leaf.within.length === 0 && nameOf(leaf.source) === nameOf(found));
    return moved === undefined ? null : [{ ...moved.leaf, source: found, readBytes: () => readFound(found) }];
  }

  /** What has become of a file since. */
  historyOf(filePath: string, leaf: Leaf): FileHistory {
    const { source, within, checksum } = leaf;
    const before = this.#byPath.get(filePath);
    if (before !== undefined && before.checksum === checksum && before.leaf.source.inode === source.inode) {
      return historyAs(isUntouched(before.leaf.source, source) ? 'kept' : 'doubtful', before);
    }
    const moved = this.#byIdentity.get(identityOf(source))?.find((file) => {
      const isSame = file.checksum === checksum && file.leaf.within.join('!') === within.join('!');
      return isSame && file.leaf.source.path !== source.path;
    });
    if (moved !== undefined) {
      // A folder that gets another name leaves its files as they are; a link to one of them, or its own new name, shows.
      return historyAs(moved.leaf.source.changedNs === source.changedNs ? 'kept' : 'doubtful', moved);
    }
    const packed = within.length === 0 ? undefined : this.#findUnpacked(leaf);
    return packed === undefined ? { state: 'new' } : historyAs('doubtful', packed);
  }

  /** The file that an archive may have been packed from: of the same name, bytes, and folders as far as the archive has them. */
  #findUnpacked(leaf: Leaf): KnownFile | undefined {
    const { checksum } = leaf;
    const name = nameOfLeaf(leaf);
    const place = `/${join(dirname(holderOf(leaf).inner), name)}`;
    return this.#byName.get(name)?.find((file) => {
      return file.checksum === checksum && `/${file.container.replaceAll('!', '/')}/${name}`.endsWith(place);
    });
  }
}

function historyAs(state: 'kept' | 'doubtful', { writtenInRun, recency }: KnownFile): FileHistory {
  return { state, writtenInRun, recency };
}

/** Token behind the last event of a data file, as it was read or as its bytes say; null where they do not. */
export function nextTokenOf(file: BackupFile): bigint | null {
  if (isKnown(file)) return file.leaf.traits.kind === 'data' ? file.leaf.traits.nextToken() : null;
  const number = parseBackupName(file.name)?.number;
  return number === undefined ? null : findNextToken(file.readBytes(), number);
}

/** The same as far as it is known without a look at all of a file; else undefined. */
export function knownEndOf(file: BackupFile): bigint | null | undefined {
  if (isKnown(file) && file.leaf.isLazy) return undefined;
  return nextTokenOf(file);
}

/** The same file with the same bytes, as far as its times tell; a write can put the old ones back. */
function identityOf({ inode, sizeBytes, modifiedNs }: FoundFile): string {
  return `${inode}:${sizeBytes}:${modifiedNs}`;
}

/** Another mode or owner of a file, or another name for it, changes its time of change and nothing else. */
function isUntouched(before: FoundFile, now: FoundFile): boolean {
  if (identityOf(before) !== identityOf(now)) return false;
  if (before.changedNs === now.changedNs) return true;
  return before.links !== now.links || before.access !== now.access;
}

/**
 * The bytes of a file, piece by piece, each of which is gone with the next; of a file in an archive all at once. Zeros at its
 * end may be left out. Fails with `data-file-read`.
 */
export function* piecesOfFile(file: BackupFile): Generator<Buffer> {
  const isLarge = file.sizeBytes > MOST_AT_ONCE_BYTES;
  if (isLarge && isKnown(file) && file.leaf.within.length === 0) yield* piecesOf(file.leaf.source);
  else yield file.readBytes();
}

/** The first bytes of a file, as many as there are up to `mostBytes`. Fails with `data-file-read`. */
export function beginningOf(file: BackupFile, mostBytes: number): Buffer {
  if (isKnown(file) && file.leaf.within.length === 0) return readStart(file.leaf.source, mostBytes);
  return file.readBytes().subarray(0, mostBytes);
}

/** The file itself, where it lies on the disk and in no archive; else null. */
export function plainSourceOf(file: BackupFile): FoundFile | null {
  return isKnown(file) && file.leaf.within.length === 0 ? file.leaf.source : null;
}

/** What it takes of a disk, holes left out; of a file in an archive its length. */
export function storedBytesOf(file: BackupFile): number {
  const place = isKnown(file) && file.leaf.within.length === 0 ? file.leaf.source.absolute : null;
  const stands = place === null ? undefined : fs.statSync(place, { throwIfNoEntry: false });
  return stands === undefined ? file.sizeBytes : Math.min(file.sizeBytes, stands.blocks * BLOCK_BYTES);
}

/** When its content was last changed, by the folder or the archive; milliseconds since 1970. Null where nobody knows. */
export function modifiedMsOf(file: BackupFile): number | null {
  return isKnown(file) ? Number(file.leaf.modifiedNs / 1_000_000n) : null;
}

function isKnown(file: BackupFile): file is KnownFile {
  return 'leaf' in file;
}

function nameOf(found: FoundFile): string {
  return basename(found.path);
}
