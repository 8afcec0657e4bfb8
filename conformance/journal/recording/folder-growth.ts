import * as fs from 'node:fs';
import path from 'node:path';

/** A folder that a client writes into, and what it is told to call it: `BACKUP_DIR`. */
export interface ClientFolder {
  readonly name: string;
  readonly path: string;
}

/** A file that is new in a folder of the client, or has other bytes than before. */
export interface GrownFile {
  /** What the client is told to call the folder. */
  readonly folder: string;
  /** Folders between that one and the file, outermost first. */
  readonly within: readonly string[];
  readonly name: string;
  /** By how much it has grown; where it was written anew, its size. */
  readonly bytes: number;
  /** Host's time of its last change, milliseconds; good for comparing such files with each other alone. */
  readonly changedMs: number;
}

interface Seen {
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/**
 * What a client has written into its folders since the last look. A file is known by its inode: one that is moved, or gets
 * another name by a link, has not grown. What is behind symbolic links is not looked at, nor is what is inside of files.
 */
export class FolderGrowth {
  readonly #folders: readonly ClientFolder[];
  /** Folders of these names are the affair of the server, which writes into them itself. */
  readonly #passedOver: readonly string[];
  readonly #byInode = new Map<number, Seen>();
  readonly #paths = new Set<string>();

  /** What is there now counts as known. */
  constructor(folders: readonly ClientFolder[], passedOver: readonly string[] = []) {
    this.#folders = folders;
    this.#passedOver = passedOver;
    this.look(() => true);
  }

  /** Of a file that was there at the last look under this path, only one that `couldGrow` by its name is looked at again. */
  look(couldGrow: (name: string) => boolean): GrownFile[] {
    const grown: GrownFile[] = [];
    for (const { name, path: folder } of this.#folders) {
      if (statOf(folder)?.isDirectory() === true) this.#lookInto(folder, name, [], couldGrow, grown);
    }
    return grown;
  }

  #lookInto(
    directory: string,
    folder: string,
    within: readonly string[],
    couldGrow: (name: string) => boolean,
    grown: GrownFile[],
  ): void {
    for (const entry of entriesOf(directory)) {
      const { name } = entry;
      const file = path.join(directory, name);
      if (entry.isDirectory() && this.#passedOver.includes(name)) continue;
      if (entry.isDirectory()) this.#lookInto(file, folder, [...within, name], couldGrow, grown);
      if (!entry.isFile() || (this.#paths.has(file) && !couldGrow(name))) continue;
      this.#paths.add(file);
      const stat = statOf(file);
      const bytes = stat === null ? 0 : this.#growthOf(stat);
      if (stat !== null && bytes > 0) grown.push({ folder, within, name, bytes, changedMs: stat.ctimeMs });
    }
  }

  #growthOf({ ino, size, mtimeMs }: fs.Stats): number {
    const before = this.#byInode.get(ino);
    this.#byInode.set(ino, { sizeBytes: size, modifiedMs: mtimeMs });
    if (before === undefined) return size;
    if (before.sizeBytes === size) return before.modifiedMs === mtimeMs ? 0 : size;
    return size > before.sizeBytes ? size - before.sizeBytes : size;
  }
}

/** In the order of names, so that it is the same each time; none where nobody may look. */
function entriesOf(directory: string): fs.Dirent[] {
  try {
    const entries = fs.readdirSync(directory, { withFileTypes: true });
    return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

/** Null where it has gone meanwhile. */
function statOf(file: string): fs.Stats | null {
  try {
    return fs.lstatSync(file);
  } catch {
    return null;
  }
}
