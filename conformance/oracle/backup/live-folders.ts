import * as fs from 'node:fs';
import path from 'node:path';
import type { LinkOut } from '../../journal/inventory.ts';
import { isWithin } from '../../journal/within-folder.ts';

/** How the disk knows a file or folder, whatever its name. Both numbers may be beyond what a double holds. */
export function inodeOf({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${dev}:${ino}`;
}

/** The folders that the live server has its files in, as they are at this moment: no part of a backup leads there. */
export class LiveFolders {
  /** As the system spells them. */
  readonly #roots: readonly string[];
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();

  constructor(folders: readonly string[]) {
    this.#roots = folders.flatMap((folder) => realPathOf(folder) ?? []);
    for (const root of this.#roots) this.#note(root);
  }

  /** Whether a file of the server's is known to the disk by this inode: a hard link to it is no copy. */
  hasFile(inode: string): boolean {
    return this.#files.has(inode);
  }

  /** The same of a folder, which has a second name only where it was mounted there. */
  hasFolder(inode: string): boolean {
    return this.#folders.has(inode);
  }

  /** Where a path leads, as the system spells it. */
  relationTo(target: string): LinkOut['leadsTo'] {
    if (this.#roots.some((root) => isWithin(target, root))) return 'server';
    return this.#roots.some((root) => isWithin(root, target)) ? 'above-server' : 'elsewhere';
  }

  /** Links are nothing that a server makes: they are not followed. */
  #note(entry: string): void {
    try {
      const stat = fs.lstatSync(entry, { bigint: true });
      if (stat.isFile()) this.#files.add(inodeOf(stat));
      if (!stat.isDirectory()) return;
      this.#folders.add(inodeOf(stat));
      for (const name of fs.readdirSync(entry)) this.#note(path.join(entry, name));
    } catch {
      // It has gone meanwhile, or a client has closed it; that is told elsewhere.
    }
  }
}

/** Null where there is nothing at that path. */
function realPathOf(folder: string): string | null {
  try {
    return fs.realpathSync(folder);
  } catch {
    return null;
  }
}
