import * as fs from 'node:fs';
import path from 'node:path';
import { AxonError } from '../../server/index.ts';

/** A file as the disk has it. */
export interface FoundFile {
  /** Relative to the backup folder, with `/`. */
  readonly path: string;
  readonly absolute: string;
  /** True where a symbolic link leads out of the backup folder to it. */
  readonly isElsewhere: boolean;
  readonly sizeBytes: number;
  /** Device and inode. */
  readonly inode: string;
  readonly links: number;
  /** Mode and owner, which can be changed without a write. */
  readonly access: string;
  /** Nanoseconds since 1970. */
  readonly modifiedNs: bigint;
  readonly changedNs: bigint;
}

export interface Walk {
  readonly files: readonly FoundFile[];
  /** Each with the reason. */
  readonly unreadable: readonly string[];
}

/** A backup of more files than these is a mistake, or a link that leads to the whole disk. */
const MOST_FILES = 200_000;

function inodeOf({ dev, ino }: { readonly dev: bigint | number; readonly ino: bigint | number }): string {
  return `${dev}:${ino}`;
}

/**
 * All files below a folder, by path; of a single file that file. Symbolic links are followed where they lead out of the
 * folder, and to files in it; folders in it are walked anyway.
 */
export function walkBackup(root: string): Walk {
  const files: FoundFile[] = [];
  const unreadable: string[] = [];
  const realRoot = fs.realpathSync(root);
  const visited = new Set<string>();

  const add = (relative: string, absolute: string, isElsewhere: boolean): void => {
    const stat = fs.statSync(absolute, { bigint: true });
    if (!stat.isFile()) {
      unreadable.push(`${relative}: it is no file`);
      return;
    }
    const { size, nlink, mode, uid, gid, mtimeNs, ctimeNs } = stat;
    files.push({
      path: relative,
      absolute,
      isElsewhere,
      sizeBytes: Number(size),
      inode: inodeOf(stat),
      links: Number(nlink),
      access: `${mode}:${uid}:${gid}`,
      modifiedNs: mtimeNs,
      changedNs: ctimeNs,
    });
  };
  const follow = (relative: string, absolute: string, isElsewhere: boolean): void => {
    const target = fs.realpathSync(absolute);
    const isInside = target === realRoot || target.startsWith(realRoot + path.sep);
    const isFolder = fs.statSync(target).isDirectory();
    if (isFolder && isInside) return;
    if (isFolder) walk(relative, target, true);
    else add(relative, absolute, isElsewhere || !isInside);
  };
  const walk = (relative: string, folder: string, isElsewhere: boolean): void => {
    const key = inodeOf(fs.statSync(folder));
    if (visited.has(key)) return;
    visited.add(key);
    const entries = fs.readdirSync(folder, { withFileTypes: true });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (files.length >= MOST_FILES) {
        unreadable.push(
          `${relative === '' ? '.' : relative}: there are more than ${MOST_FILES} files; this and what follows is left out`,
        );
        return;
      }
      const inner = relative === '' ? entry.name : `${relative}/${entry.name}`;
      const absolute = path.join(folder, entry.name);
      visit(inner, () => {
        if (entry.isSymbolicLink()) follow(inner, absolute, isElsewhere);
        else if (entry.isDirectory()) walk(inner, absolute, isElsewhere);
        else add(inner, absolute, isElsewhere);
      });
    }
  };
  const visit = (relative: string, step: () => void): void => {
    try {
      step();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      unreadable.push(`${relative}: ${code === 'ENOENT' ? 'it leads nowhere' : `it cannot be read (${code})`}`);
    }
  };

  if (fs.statSync(realRoot).isDirectory()) walk('', realRoot, false);
  else add(path.basename(root), realRoot, false);
  return { files, unreadable };
}

/** The bytes of a file that is still what it was when it was found. Fails with `data-file-read`. */
export function readFound(file: FoundFile): Buffer {
  const fd = openFound(file);
  try {
    const stat = fs.fstatSync(fd, { bigint: true });
    if (inodeOf(stat) !== file.inode || stat.mtimeNs !== file.modifiedNs || Number(stat.size) !== file.sizeBytes) {
      throw new AxonError('data-file-read', `${file.path} has changed since the backup was looked at`);
    }
    return fs.readFileSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Gives the bytes of a large file piece by piece; returns the first piece. Fails with `data-file-read`. */
export function readInPieces(file: FoundFile, take: (piece: Buffer) => void): Buffer {
  const fd = openFound(file);
  try {
    let first: Buffer | null = null;
    for (;;) {
      const piece = Buffer.allocUnsafe(4 << 20);
      const length = fs.readSync(fd, piece);
      if (length === 0) return first ?? Buffer.alloc(0);
      take(piece.subarray(0, length));
      first ??= piece.subarray(0, length);
    }
  } finally {
    fs.closeSync(fd);
  }
}

function openFound({ path: relative, absolute }: FoundFile): number {
  try {
    return fs.openSync(absolute, 'r');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new AxonError('data-file-read', `${relative} cannot be read any more (${code})`, { cause: error });
  }
}

/** Inodes of all files in folders that exist, as the server's own: what `ReaderOptions.liveInodes` is made of. */
export function inodesIn(folders: readonly string[]): Set<string> {
  return new Set(folders.flatMap((folder) => walkBackup(folder).files.map(({ inode }) => inode)));
}
