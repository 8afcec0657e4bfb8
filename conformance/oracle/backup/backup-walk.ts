import * as fs from 'node:fs';
import path from 'node:path';
import type { LinkOut } from '../../journal/inventory.ts';
import { systemCodeOf } from '../../journal/system-code.ts';
import { isWithin } from '../../journal/within-folder.ts';
import { controlDbZipName } from '../archives/archives.ts';
import { parseBackupName } from './backup-name.ts';
import { inodeOf, LiveFolders } from './live-folders.ts';

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
  /** Links that were not followed, as they lead out of a folder that must hold everything itself. */
  readonly linksOut: readonly LinkOut[];
  /** What stands in place of such a folder: `a pipe`; null for a folder or a link. */
  readonly replacedBy: string | null;
}

export interface WalkOptions {
  /**
   * `by-owner`: whoever names a link means what it leads to, and a file is a backup, too. `within`: a client was told to
   * leave its backup in this very folder. What stands in its place, or leads out of it, is no backup, and is not read.
   */
  readonly links: 'by-owner' | 'within';
  /** Where the live server's files lie, which must not be linked to. */
  readonly live?: LiveFolders;
}

/** A backup of more files than these is a mistake. */
const MOST_FILES = 200_000;

const LEADS_OUT = 'it leads out of the backup';

/**
 * All files below a folder, by path; of a single file that file. Symbolic links are followed to files; folders in the
 * backup are walked anyway, and others are none of it: one link could lead to the whole disk. Nothing that is found makes
 * this fail.
 */
export function walkBackup(root: string, { links, live = new LiveFolders([]) }: WalkOptions): Walk {
  const files: FoundFile[] = [];
  const unreadable: string[] = [];
  const passedOver: string[] = [];
  const linksOut: LinkOut[] = [];
  const visited = new Set<string>();
  let replacedBy: string | null = null;
  let realRoot = root;

  const refuse = (relative: string, link: Omit<LinkOut, 'path'>): void => {
    linksOut.push({ path: relative, ...link });
    passedOver.push(`${relative}: ${LEADS_OUT}`);
  };
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
  const follow = (relative: string, absolute: string): void => {
    const target = fs.realpathSync(absolute);
    const isInside = isWithin(target, realRoot);
    const isFolder = fs.statSync(target).isDirectory();
    if (!isInside && links === 'within') {
      refuse(relative, { leadsTo: live.relationTo(target), what: isFolder ? 'folder' : 'file' });
    } else if (!isFolder) add(relative, absolute, !isInside);
    else if (!isInside) passedOver.push(`${relative}: ${LEADS_OUT}`);
  };
  const walk = (relative: string, folder: string): void => {
    const key = inodeOf(fs.statSync(folder, { bigint: true }));
    if (visited.has(key)) return;
    visited.add(key);
    if (live.hasFolder(key)) {
      refuse(relative === '' ? '.' : relative, { leadsTo: 'server', what: 'mounted-folder' });
      return;
    }
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
        if (entry.isSymbolicLink()) follow(inner, absolute);
        else if (entry.isDirectory()) walk(inner, absolute);
        else add(inner, absolute, false);
      });
    }
  };
  const visit = (relative: string, step: () => void): void => {
    try {
      step();
    } catch (error) {
      const code = systemCodeOf(error);
      const leadsNowhere = code === 'ENOENT' || code === 'ELOOP';
      // A link by the name of a file of a backup stands for that; another one may point to anything.
      const list = leadsNowhere && !isOfBackup(path.posix.basename(relative)) ? passedOver : unreadable;
      list.push(`${relative}: ${leadsNowhere ? 'it leads nowhere' : `it cannot be read (${code})`}`);
    }
  };

  visit('.', () => {
    const stands = fs.lstatSync(root);
    if (links === 'within' && stands.isSymbolicLink()) {
      refuse('.', describeRootLink(root, live));
      return;
    }
    realRoot = fs.realpathSync(root);
    if (fs.statSync(realRoot).isDirectory()) walk('', realRoot);
    else if (links === 'by-owner') add(path.basename(root), realRoot, false);
    else {
      replacedBy = kindOf(stands);
      passedOver.push('.: it is no folder');
    }
  });
  return { files, unreadable, passedOver, linksOut, replacedBy };
}

function isOfBackup(name: string): boolean {
  return name === '.' || parseBackupName(name) !== null || controlDbZipName.test(name);
}

/** Where the backup folder leads that has become a link; a link in a circle, or to nothing, is as bad. */
function describeRootLink(root: string, live: LiveFolders): Omit<LinkOut, 'path'> {
  try {
    const target = fs.realpathSync(root);
    return { leadsTo: live.relationTo(target), what: fs.statSync(target).isDirectory() ? 'folder' : 'file' };
  } catch {
    return { leadsTo: 'elsewhere', what: 'nothing' };
  }
}

function kindOf(stat: fs.Stats): string {
  if (stat.isFile()) return 'a file';
  if (stat.isFIFO()) return 'a pipe';
  return stat.isSocket() ? 'a socket' : 'a device';
}
