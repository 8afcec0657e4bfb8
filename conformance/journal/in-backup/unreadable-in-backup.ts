import type { BackupFile, BackupInventory } from '../inventory.ts';

/** Something in a backup that could not be looked into, or not to its end. */
export interface UnreadableFile {
  /** Relative to the backup folder; in an archive `archive.tar!path/in/it`. */
  readonly path: string;
  readonly reason: string;
  /** The file itself, or the archive that it is in; null where that is not there any more. */
  readonly file: BackupFile | null;
}

/**
 * Archives of a backup that do not unpack, or of which a file does not. Zips of control databases are left out: whether
 * those are whole is seen where they are opened; and so are links, through which nothing is read.
 */
export function unreadableIn({ files, unreadable }: BackupInventory): UnreadableFile[] {
  return unreadable.flatMap((line): UnreadableFile[] => {
    const whole = files.find(({ path }) => line.startsWith(`${path}: `));
    if (whole !== undefined) {
      const isControlDb = whole.what.kind === 'control-db-zip' || whole.what.kind === 'control-db-live';
      return isControlDb ? [] : [{ path: whole.path, reason: line.slice(whole.path.length + 2), file: whole }];
    }
    const end = line.indexOf(': ');
    if (end < 0 || !line.slice(0, end).includes('!')) return [];
    return [{ path: line.slice(0, end), reason: line.slice(end + 2), file: null }];
  });
}
