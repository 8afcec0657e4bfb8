import type { ListedFile } from '../evidence.ts';
import type { BackupFile, BackupInventory } from '../inventory.ts';

/** The log of one group in a backup. */
export interface LogCopy {
  /** The folder or archive that received the group's newest copy: it holds the log that a restore takes. */
  readonly container: string;
  /** What it holds of the group's log: of several copies of one file the newest. */
  readonly files: ReadonlyMap<string, BackupFile>;
}

/** The log of a group as a restore takes it, or null where the backup has none. `groups` are all that there are. */
export function logCopyOf(
  inventory: BackupInventory,
  group: string,
  groups: readonly string[],
  listed: readonly ListedFile[],
): LogCopy | null {
  const files = logFilesOf(inventory, group, groups, listed);
  const newest = newestOf(files);
  return newest === null ? null : copyIn(newest.container, files);
}

/** The log of a group that one folder or archive holds; null where that has none. */
export function logCopyIn(
  container: string,
  inventory: BackupInventory,
  group: string,
  groups: readonly string[],
  listed: readonly ListedFile[],
): LogCopy | null {
  return copyIn(container, logFilesOf(inventory, group, groups, listed));
}

function copyIn(container: string, files: readonly BackupFile[]): LogCopy | null {
  const beside = files.filter((file) => file.container === container);
  if (beside.length === 0) return null;
  const names = new Set(beside.map(({ name }) => name));
  const copies = [...names].flatMap((name) => {
    const copy = newestOf(beside.filter((file) => file.name === name));
    return copy === null ? [] : [[name, copy] as const];
  });
  return { container, files: new Map(copies) };
}

/**
 * All log files of a group in a backup. One that does not tell its group, as a new one without entries, belongs to the
 * group after which a folder of its path is named; where none is, to the one that had it listed with these bytes.
 */
export function logFilesOf(
  { files }: BackupInventory,
  group: string,
  groups: readonly string[],
  listed: readonly ListedFile[],
): readonly BackupFile[] {
  return files.filter(({ what, path, name, checksum }) => {
    if (what.kind !== 'log') return false;
    if (what.group !== null) return what.group === group;
    const folders = path.split(/[/!]/).slice(0, -1);
    const named = groups.filter((candidate) => folders.some((folder) => isFolderOf(folder, candidate)));
    if (named.length > 0) return named.includes(group);
    return listed.some((file) => file.name === name && file.checksum === checksum);
  });
}

/** Log segments among listed files, each once: a listing may spell one file in two ways, and name files of other kinds. */
export function logSegmentsAmong(listed: readonly ListedFile[]): readonly ListedFile[] {
  const segments = listed.filter(({ name }) => logSegmentName.test(name));
  return [...new Map(segments.map((file) => [file.name, file])).values()];
}

/** The segment that is still written, where the listing has it at all. */
export function openSegmentAmong(segments: readonly ListedFile[]): ListedFile | null {
  return segments.find(({ isOpen }) => isOpen) ?? null;
}

/** First index of a log segment, by its name. */
export function firstIndexOf(name: string): number {
  return Number.parseInt(name, 10);
}

const logSegmentName = /^\d{20}\.log$/;

function isFolderOf(folder: string, group: string): boolean {
  return folder === group || folder === encodeURIComponent(group);
}

function newestOf(files: readonly BackupFile[]): BackupFile | null {
  return files.reduce<BackupFile | null>(
    (newest, file) => (newest === null || file.recency >= newest.recency ? file : newest),
    null,
  );
}
