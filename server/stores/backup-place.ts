import * as fs from 'node:fs';
import path from 'node:path';
import { AxonError, describeSystemFailure } from '../errors.ts';

/*
 * Where the server writes the backup of a context with a dynamic consistency boundary: into a folder that whoever asks for the
 * backup names. That is the only place outside of the data folder that the simulator ever writes to, so it must not be led
 * astray: only what lies below folders that were allowed when it started is taken, by its real path, nothing in or around the
 * data folder, and on the way to each file no link is followed, whoever puts one there meanwhile.
 */

const LONGEST_LOCATION = 4000;
const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = fs.constants;
/** Folders that are open are reached by it, wherever they are moved meanwhile; only Linux has it. */
const OPEN_FOLDERS = '/proc/self/fd';
const hasOpenFolders = process.platform === 'linux' && fs.existsSync(OPEN_FOLDERS);
/** Opens a folder for nothing but the way through it, which takes no right to list it; Linux's own, and unknown to Node. */
const O_PATH = hasOpenFolders ? 0o10000000 : O_RDONLY;

export interface BackupPlaceOptions {
  /** Real paths of the folders below which may be written. */
  readonly allowed: readonly string[];
  /** Real path of the data folder. */
  readonly own: string;
}

/** The path without links, as far as there is something at it. */
export function realPathOf(place: string): string {
  const rest: string[] = [];
  for (let at = path.resolve(place); ; at = path.dirname(at)) {
    try {
      return path.join(fs.realpathSync.native(at), ...rest);
    } catch (error) {
      const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      // A link that leads nowhere is there, and leads where nobody has looked.
      const isLink = fs.lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink() === true;
      if (!isAbsent || isLink || at === path.dirname(at)) throw error;
      rest.unshift(path.basename(at));
    }
  }
}

/** Real paths of folders that are allowed. Fails with `bad-option` where one can be none. */
export function resolveBackupFolders(folders: readonly string[]): string[] {
  return folders.map((folder) => {
    try {
      return realPathOf(folder);
    } catch (error) {
      throw new AxonError('bad-option', `backups cannot be written to ${folder}: ${describeSystemFailure(error)}`);
    }
  });
}

/** A location that a backup is written to, in a folder of its context. */
export class BackupPlace {
  /** The folder of the context, without links in it. */
  readonly folder: string;

  /** Fails with `backup-refused` where nothing is to be written there. */
  constructor(location: string, context: string, options: BackupPlaceOptions) {
    this.folder = path.join(resolve(location, options), context);
    // What cannot be written to is found out now, and not when the backup is half done.
    guarded(location, () => fs.closeSync(this.#open('')));
  }

  /** Writes a file whole, by another name first; `name` is its path below the folder. Fails with `data-file-write`. */
  write(name: string, bytes: Uint8Array, modifiedAtMs: number): void {
    const parent = path.dirname(name);
    try {
      const folder = this.#open(parent === '.' ? '' : parent);
      try {
        writeIn(reach(folder, path.join(this.folder, parent)), path.basename(name), bytes, modifiedAtMs);
      } finally {
        fs.closeSync(folder);
      }
    } catch (error) {
      const message = `Failed to write ${name}: ${describeSystemFailure(error)}`;
      throw new AxonError('data-file-write', message, { cause: error });
    }
  }

  /** Opens a folder below that of the context, which it makes where it is absent, without following a link anywhere. */
  #open(name: string): number {
    const parts = path.join(this.folder, name).split(path.sep);
    let at: string = path.sep;
    let folder = fs.openSync(at, O_PATH | O_DIRECTORY);
    for (const part of parts.filter((each) => each !== '')) {
      const around = folder;
      try {
        const inner = path.join(reach(around, at), part);
        makeFolder(inner, fs.fstatSync(around));
        folder = fs.openSync(inner, O_PATH | O_DIRECTORY | O_NOFOLLOW);
      } finally {
        fs.closeSync(around);
      }
      at = path.join(at, part);
    }
    return folder;
  }
}

function reach(folder: number, known: string): string {
  return hasOpenFolders ? `${OPEN_FOLDERS}/${folder}` : known;
}

function resolve(location: string, { allowed, own }: BackupPlaceOptions): string {
  if (location.length > LONGEST_LOCATION || location.includes('\0')) {
    throw refused('the location is no path');
  }
  if (!path.isAbsolute(location)) throw refused('the location must be an absolute path on the server');
  const real = guarded(location, () => realPathOf(location));
  if (isLiveLocation(location, own)) {
    throw refused('the location is in, or around, the folder that the server itself lives in: name another one');
  }
  if (allowed.length === 0) {
    throw refused('this server writes backups nowhere: allow a folder with --dcb-backup-dir');
  }
  if (allowed.some((folder) => isWithin(real, folder))) return real;
  throw refused('the location is not in a folder that this server may write backups to');
}

/** Whether a location, by whatever way, is in the data folder, or has it inside. */
export function isLiveLocation(location: string, own: string): boolean {
  try {
    const real = realPathOf(location);
    return isWithin(real, own) || isWithin(own, real);
  } catch {
    return false;
  }
}

function isWithin(place: string, folder: string): boolean {
  return place === folder || place.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);
}

function writeIn(folder: string, name: string, bytes: Uint8Array, modifiedAtMs: number): void {
  const temporary = path.join(folder, `${name}.temp`);
  fs.rmSync(temporary, { force: true });
  const file = fs.openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644);
  try {
    for (let at = 0; at < bytes.length;) at += fs.writeSync(file, bytes, at);
    giveTo(file, fs.statSync(folder));
    fs.futimesSync(file, modifiedAtMs / 1000, modifiedAtMs / 1000);
    fs.renameSync(temporary, path.join(folder, name));
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  } finally {
    fs.closeSync(file);
  }
}

function makeFolder(folder: string, around: fs.Stats): void {
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return;
    throw error;
  }
  const made = fs.openSync(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    giveTo(made, around);
  } finally {
    fs.closeSync(made);
  }
}

/** What a server that may do everything makes belongs to whose folder it is made in, or its owner could not remove it. */
function giveTo(file: number, { uid, gid }: fs.Stats): void {
  if (process.getuid?.() === 0 && uid !== 0) fs.fchownSync(file, uid, gid);
}

function guarded<Result>(location: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    const shown = location.slice(0, 200);
    throw refused(`${shown} cannot be written to: ${describeSystemFailure(error)}`, error);
  }
}

function refused(message: string, cause?: unknown): AxonError {
  return new AxonError('backup-refused', message, cause === undefined ? undefined : { cause });
}
