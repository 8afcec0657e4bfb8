import { eventStoreSuffixes, formatSegmentName, LOG_SUFFIX } from '../../../server/formats/segment-name.ts';
import type { BackupFile } from '../../journal/inventory.ts';
import { versionOf, type SelectedBackup, type SelectedStore } from '../examination/select-backup.ts';

/** Where a node keeps what, relative to its own folder. */
export interface NodeFolders {
  readonly controlDb: string;
  readonly log: string;
  /** Events and snapshots, each context in a folder of its own. */
  readonly events: string;
  /** Snapshots, where they do not lie with the events. */
  readonly snapshots?: string;
}

/** The folder that holds one for each context. */
export function storageOf({ events, snapshots = events }: NodeFolders, type: SelectedStore['type']): string {
  return type === 'EVENT' ? events : snapshots;
}

/** A file that is put where a node has it. */
export interface LaidFile {
  /** Relative to the node's folder, with `/`. */
  readonly to: string;
  readonly file: BackupFile;
}

/** What stands beside a segment and is laid down with it. */
export interface Companion {
  readonly segment: bigint;
  readonly suffix: string;
  readonly file: BackupFile;
}

/** What file systems take. */
const MOST_NAME_BYTES = 255;

/**
 * Where the segments and logs of a backup go, in the order of contexts and groups. Of the files beside the segments
 * `companionsOf` says which are taken along. Where one folder has two copies of a file, packed and not, the newer one goes. Contexts and groups are names out of a stranger's files: see `strayNameIn`.
 */
export function placeFiles(
  { stores, logs }: SelectedBackup,
  folders: NodeFolders,
  companionsOf: (store: SelectedStore) => Iterable<Companion>,
): LaidFile[] {
  const events = stores.flatMap((store): LaidFile[] => {
    const folder = `${storageOf(folders, store.type)}/${store.context}`;
    const { data: suffix } = eventStoreSuffixes[store.type];
    const segments = store.segments.map(({ segment, data }) => ({ segment, suffix, file: data }));
    return [...segments, ...companionsOf(store)].map((each) => ({
      to: `${folder}/${formatSegmentName(each.segment, each.suffix, versionOf(each.file))}`,
      file: each.file,
    }));
  });
  const log = logs.flatMap(({ group, segments }) =>
    segments.map(({ firstIndex, file }) => ({
      to: `${folders.log}/${group}/${formatSegmentName(BigInt(firstIndex), LOG_SUFFIX)}`,
      file,
    })),
  );
  const newest = new Map<string, LaidFile>();
  for (const laid of [...events, ...log]) {
    const other = newest.get(laid.to);
    if (other === undefined || other.file.recency <= laid.file.recency) newest.set(laid.to, laid);
  }
  return [...newest.values()];
}

/** The first of the names that cannot be that of a folder; null where all can. */
export function strayNameIn(names: readonly string[]): string | null {
  return names.find((name) => !isFolderName(name)) ?? null;
}

function isFolderName(name: string): boolean {
  const isShort = Buffer.byteLength(name) <= MOST_NAME_BYTES;
  return isShort && name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name);
}
