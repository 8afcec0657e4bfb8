import type { BackupFile, BackupInventory } from '../../journal/inventory.ts';
import { parseBackupName } from './backup-name.ts';

/** A text that says which backup is the good one is short. */
const MOST_TEXT_BYTES = 64 * 1024;

/** What lies in a backup folder around the last good backup. */
export interface Surroundings {
  /** The files that the last good backup is restored from. */
  readonly good: readonly BackupFile[];
  /** The folder as the run that made it left it, and as it is now. */
  readonly before: BackupInventory;
  readonly now: BackupInventory;
}

/**
 * The first folder, or file, with a part of a newer backup that nothing tells from a finished one; null where there is none.
 * Whoever restores can tell by the name, where it is of another kind than those of good backups; by a file that stands in
 * good ones alone, or in unfinished ones alone; or by a text beside it that names the good one and not this.
 */
export function unmarkedHalfIn({ good, before, now }: Surroundings): string | null {
  const known = new Map(before.files.map(({ path, checksum }) => [path, checksum]));
  const goodFolders = new Set(good.flatMap(({ path }) => foldersAbove(path)));
  const fresh = now.files.filter(({ path, checksum, what }) => what.kind !== 'other' && known.get(path) !== checksum);
  const halves = new Set(fresh.map(({ path }) => halfAround(path, goodFolders)));
  // What lies among the files of the good backup is told from them by nothing.
  const isAmongGood = (half: string): boolean => good.some(({ path }) => parentOf(path) === parentOf(half));
  const paths = new Set(fresh.map(({ path }) => path));
  const isUnmarked = (half: string): boolean =>
    (paths.has(half) && isAmongGood(half)) || !isMarked(half, goodFolders, now);
  return [...halves].find(isUnmarked) ?? null;
}

/** `a/b.tar!c/d` → `a`, `a/b.tar`, `a/b.tar!c`. */
function foldersAbove(path: string): string[] {
  return [...path.matchAll(/[/!]/g)].map(({ index }) => path.slice(0, index));
}

/** The highest folder around a file that holds nothing of the good backup; the file itself where it lies among its files. */
function halfAround(path: string, goodFolders: ReadonlySet<string>): string {
  return foldersAbove(path).find((folder) => !goodFolders.has(folder)) ?? path;
}

function isMarked(half: string, goodFolders: ReadonlySet<string>, { files, unfinished }: BackupInventory): boolean {
  const parent = parentOf(half);
  // A file `incomplete` or `.in-progress` in it.
  if ([...(unfinished?.keys() ?? [])].some((mark) => parentOf(mark) === half)) return true;
  const siblings = [...goodFolders].filter((folder) => parentOf(folder) === parent);
  if (siblings.length === 0) return false;
  if (siblings.every((good) => kindOfName(good) !== kindOfName(half))) return true;
  const notes = files.filter(({ what, name }) => what.kind === 'other' && parseBackupName(name) === null);
  const notesIn = (folder: string): string[] => notes.filter(({ path }) => parentOf(path) === folder).map(nameOf);
  const own = notesIn(half);
  const others = siblings.map(notesIn);
  if (others.every((names) => names.some((name) => !own.includes(name)))) return true;
  if (own.some((name) => others.every((names) => !names.includes(name)))) return true;
  return notes.some((note) => {
    const above = parentOf(note.path);
    const isBeside = above === '' || parent === above || parent.startsWith(`${above}/`);
    return isBeside && note.sizeBytes <= MOST_TEXT_BYTES && namesAlone(note, siblings, half);
  });
}

/** Whether a text names a good backup, and not the other one. */
function namesAlone(note: BackupFile, siblings: readonly string[], half: string): boolean {
  const text = note.readBytes().toString('utf8');
  const names = (folder: string): boolean =>
    new RegExp(`(?<![\\w.-])${lastOf(folder).replaceAll(/[^\w]/g, '\\$&')}(?![\\w-])`).test(text);
  return siblings.some(names) && !names(half);
}

/** `backup-000007` and `backup-000008`, or `slot-a` and `slot-b`, are of one kind; `new` and `current` are not. */
function kindOfName(path: string): string {
  return lastOf(path)
    .replaceAll(/\d+/g, '#')
    .replaceAll(/(?<![a-z])[a-z](?![a-z])/gi, '#');
}

function parentOf(path: string): string {
  return foldersAbove(path).at(-1) ?? '';
}

function lastOf(path: string): string {
  return path.slice(parentOf(path) === '' ? 0 : parentOf(path).length + 1);
}

function nameOf({ name }: BackupFile): string {
  return name;
}
