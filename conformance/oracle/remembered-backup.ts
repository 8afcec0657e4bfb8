import type { BackupFile, BackupInventory } from '../journal/inventory.ts';
import { readFound, type FoundFile } from './backup-walk.ts';
import { parseBackupName } from './backup-name.ts';
import type { Leaf } from './read-leaves.ts';
import { findNextToken } from './traits.ts';

/** A file of an inventory, with what it takes to know it again in the next one. */
export interface KnownFile extends BackupFile {
  readonly leaf: Leaf;
}

/** The inventory before a run, to be asked what of it is still as it was. */
export class RememberedBackup {
  readonly #byPath = new Map<string, KnownFile>();
  readonly #byFingerprint = new Map<string, KnownFile[]>();
  readonly #unreadable: readonly string[];

  constructor(previous: BackupInventory | null) {
    this.#unreadable = previous?.unreadable ?? [];
    for (const file of previous?.files ?? []) {
      if (!isKnown(file)) continue;
      this.#byPath.set(file.path, file);
      const fingerprint = fingerprintOf(file.leaf.source);
      const known = this.#byFingerprint.get(fingerprint);
      if (known === undefined) this.#byFingerprint.set(fingerprint, [file]);
      else known.push(file);
    }
  }

  /** What an unchanged file holds; null where it has to be read. */
  leavesOf(found: FoundFile): readonly Leaf[] | null {
    const known = this.#byFingerprint.get(fingerprintOf(found)) ?? [];
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

  /** The run that last wrote a file; null where that is the run that has just ended. */
  runOf(path: string, { source, within, checksum }: Leaf): number | null {
    const fingerprint = fingerprintOf(source);
    const before = this.#byPath.get(path);
    if (before !== undefined) {
      const isSame = fingerprintOf(before.leaf.source) === fingerprint || isOnlyLinked(before.leaf.source, source);
      if (isSame && before.checksum === checksum) return before.writtenInRun;
    }
    // A folder that gets another name leaves its files as they are; any write, link or rename of theirs would show.
    const moved = this.#byFingerprint
      .get(fingerprint)
      ?.find((file) => file.leaf.source.path !== source.path && file.leaf.within.join('!') === within.join('!'));
    return moved?.writtenInRun ?? null;
  }
}

/** Token behind the last event of a data file, as it was read or as its bytes say; null where they do not. */
export function nextTokenOf(file: BackupFile): bigint | null {
  if (isKnown(file)) return file.leaf.traits.kind === 'data' ? file.leaf.traits.nextToken : null;
  const number = parseBackupName(file.name)?.number;
  return number === undefined ? null : findNextToken(file.readBytes(), number);
}

/** The same file as far as the disk tells, down to the nanosecond. */
function fingerprintOf({ inode, sizeBytes, modifiedNs, changedNs }: FoundFile): string {
  return `${inode}:${sizeBytes}:${modifiedNs}:${changedNs}`;
}

/** Another name for a file changes its time of change, and nothing else. */
function isOnlyLinked(before: FoundFile, now: FoundFile): boolean {
  const isSame = before.inode === now.inode && before.sizeBytes === now.sizeBytes;
  return isSame && before.modifiedNs === now.modifiedNs && before.links !== now.links;
}

function isKnown(file: BackupFile): file is KnownFile {
  return 'leaf' in file;
}

function nameOf({ path }: FoundFile): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
