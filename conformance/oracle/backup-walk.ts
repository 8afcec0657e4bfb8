import * as fs from 'node:fs';
import path from 'node:path';
import { systemCodeOf } from '../journal/system-code.ts';
import { isWithin } from '../journal/within-folder.ts';

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
  /** What holds nothing of a backup: links that lead out of it, devices, pipes, sockets; each with the reason. */
  readonly passedOver: readonly string[];
}

export interface WalkOptions {
  /** Folders outside of the backup that a link may lead to: those of the live server, which must not be linked to. */
  readonly liveFolders?: readonly string[];
  /** Where the backup folder may lead if it is a link itself; anywhere unless given. */
  readonly rootMayLeadInto?: string;
}

/** A backup of more files than these is a mistake. */
const MOST_FILES = 200_000;

function inodeOf({ dev, ino }: { readonly dev: bigint | number; readonly ino: bigint | number }): string {
  return `${dev}:${ino}`;
}

/**
 * All files below a folder, by path; of a single file that file. Symbolic links are followed to files, and to folders of
 * the live server; folders in the backup are walked anyway, and others are none of it: one link could lead to the whole
 * disk. Nothing that is found makes this fail.
 */
export function walkBackup(root: string, { liveFolders = [], rootMayLeadInto }: WalkOptions = {}): Walk {
  const files: FoundFile[] = [];
  const unreadable: string[] = [];
  const passedOver: string[] = [];
  const live = liveFolders.flatMap((folder) => realPathOf(folder) ?? []);
  const visited = new Set<string>();
  let realRoot = root;

  const add = (relative: string, absolute: string, isElsewhere: boolean): void => {
    const stat = fs.statSync(absolute, { bigint: true });
    if (!stat.isFile()) {
      passedOver.push(`${relative}: it is no file`);
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
    const isInside = isWithin(target, realRoot);
    if (!fs.statSync(target).isDirectory()) add(relative, absolute, isElsewhere || !isInside);
    else if (live.some((folder) => isWithin(target, folder))) walk(relative, target, true);
    else if (!isInside) passedOver.push(`${relative}: ${LEADS_OUT}`);
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
      const code = systemCodeOf(error);
      unreadable.push(`${relative}: ${code === 'ENOENT' ? 'it leads nowhere' : `it cannot be read (${code})`}`);
    }
  };

  visit('.', () => {
    realRoot = fs.realpathSync(root);
    const isLink = fs.lstatSync(root).isSymbolicLink();
    const mayLeadInto = rootMayLeadInto === undefined ? null : fs.realpathSync(rootMayLeadInto);
    if (isLink && mayLeadInto !== null && (realRoot === mayLeadInto || !isWithin(realRoot, mayLeadInto))) {
      passedOver.push(`.: ${LEADS_OUT}`);
    } else if (fs.statSync(realRoot).isDirectory()) walk('', realRoot, false);
    else add(path.basename(root), realRoot, false);
  });
  return { files, unreadable, passedOver };
}

const LEADS_OUT = 'it leads out of the backup';

/** Null where there is nothing at that path. */
function realPathOf(folder: string): string | null {
  try {
    return fs.realpathSync(folder);
  } catch {
    return null;
  }
}

/** Inodes of all files in those of the folders that exist: a hard link to one of the server's is no copy. */
export function inodesIn(folders: readonly string[]): Set<string> {
  return new Set(folders.flatMap((folder) => walkBackup(folder).files.map(({ inode }) => inode)));
}
