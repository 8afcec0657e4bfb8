import * as fs from 'node:fs';

/** What Linux offers every process as a file system in memory. */
const OFFERED = '/dev/shm';

/** `statfs(2)`: the file system is a tmpfs. */
const TMPFS_MAGIC = 0x01_02_19_94;

/** For each of the scenarios side by side; the largest of the kit's own takes about 40 MB. */
const ROOM_FOR_EACH_BYTES = 128 * 1024 * 1024;

/**
 * A folder in memory with room for `jobs` scenarios side by side, or null where this machine has none. Thousands of small
 * files are made and removed by a check, and a disk's file system takes longer for them than client and cluster together.
 * Whoever names a place for temporary files by `TMPDIR` has chosen, and gets that one.
 */
export function memoryFolder(
  environment: Readonly<Record<string, string | undefined>>,
  jobs: number,
  offered: string = OFFERED,
): string | null {
  if ((environment['TMPDIR'] ?? '') !== '') return null;
  try {
    fs.accessSync(offered, fs.constants.W_OK | fs.constants.X_OK);
    const { type, bavail, bsize } = fs.statfsSync(offered);
    return type === TMPFS_MAGIC && bavail * bsize >= jobs * ROOM_FOR_EACH_BYTES ? offered : null;
  } catch {
    return null;
  }
}
