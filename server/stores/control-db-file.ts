import path from 'node:path';
import { crc32 } from 'node:zlib';
import { AxonError } from '../errors.ts';
import {
  CONTROL_DB_FILE_NAME,
  encodeControlDbArchive,
  formatControlDbArchiveName,
} from '../formats/control-db-archive.ts';
import { tearControlDbImage } from '../formats/control-db-image.ts';
import { decodeRedoRecord, encodeRedoRecord } from '../formats/control-db-redo.ts';
import type { ControlDbTables } from '../formats/control-db-tables.ts';
import { ControlDb } from './control-db.ts';
import type { SqlEngine } from './control-db.ts';
import type { DataDir } from './data-dir.ts';

export interface ControlDbFolders {
  readonly dataDir: DataDir;
  /** Absolute path of the folder of the live file. */
  readonly folder: string;
  /** Absolute path of the folder that POST createControlDbBackup writes to; it is returned as given. */
  readonly backupFolder: string;
  /** Absolute path of the folder of the redo record, out of the clients' sight; null goes without crash recovery. */
  readonly redoFolder: string | null;
  /** Of the live file, and of the entry in the zip: `axonserver-controldb.mv.db` unless given. */
  readonly fileName?: string;
  /** Which tables the release has; those that are found unless given. */
  readonly tables?: ControlDbTables;
}

const redoFileName = 'axonserver-controldb.redo';

/**
 * Where the control database of one node lies on disk. While the node runs the live file is torn (see
 * control-db-image.ts), so what a crash leaves cannot be opened; a redo record kept elsewhere brings it back, but only
 * for the very bytes that the crash left. A live file from any other time is refused, as a stray copy should be.
 * (The state just before the last one also passes, since a crash between the two writes leaves it; what is brought
 * back is the newer state all the same.)
 */
export class ControlDbFile {
  readonly #dataDir: DataDir;
  readonly #folder: string;
  readonly #backupFolder: string;
  readonly #redoFolder: string | null;
  readonly #fileName: string;
  readonly #tables: ControlDbTables | undefined;

  constructor({
    dataDir,
    folder,
    backupFolder,
    redoFolder,
    fileName = CONTROL_DB_FILE_NAME,
    tables,
  }: ControlDbFolders) {
    this.#dataDir = dataDir;
    this.#folder = folder;
    this.#backupFolder = backupFolder;
    this.#redoFolder = redoFolder;
    this.#fileName = fileName;
    this.#tables = tables;
  }

  /** Writes the state of a running node: first the redo record, then the live file. Each replaces the old one whole. */
  save(db: ControlDb, nowMs: number): void {
    const image = db.image();
    const live = tearControlDbImage(image);
    if (this.#redoFolder !== null) {
      const liveChecksum = crc32(live);
      const previousLiveChecksum = this.#liveChecksum() ?? liveChecksum;
      const redo = encodeRedoRecord({ previousLiveChecksum, liveChecksum, image });
      this.#write(this.#redoFolder, redoFileName, redo, nowMs);
    }
    this.#write(this.#folder, this.#fileName, live, nowMs);
  }

  /** Clean shutdown: the live file becomes the consistent image, as a server that closes its database leaves it. */
  saveClean(db: ControlDb, nowMs: number): void {
    this.#write(this.#folder, this.#fileName, db.image(), nowMs);
    if (this.#redoFolder !== null) this.#dataDir.remove(path.join(this.#redoFolder, redoFileName));
  }

  /** Null where there is no live file; one that is neither consistent nor our own crash's is `control-db-unreadable`. */
  load(engine: SqlEngine): ControlDb | null {
    const file = this.#fileToLoad();
    if (!this.#dataDir.exists(file)) return null;
    const bytes = this.#dataDir.read(file);
    try {
      return ControlDb.open(engine, bytes, this.#tables);
    } catch (error) {
      if (!(error instanceof AxonError)) throw error;
      const image = this.#imageBehind(bytes);
      if (image === null) throw asRefusal(error, file);
      return ControlDb.open(engine, image, this.#tables);
    }
  }

  /** Writes a backup, over one of the same millisecond, and returns its absolute path. The standard edition has no groups in it. */
  backup(db: ControlDb, nowMs: number, hasGroups = true): string {
    try {
      this.#createFolder(this.#backupFolder);
    } catch (error) {
      throw new AxonError('other', `Failed to create directory: ${this.#backupFolder}`, { cause: error });
    }
    const file = `${this.#backupFolder}/${formatControlDbArchiveName(nowMs)}`;
    this.#dataDir.write(
      file,
      encodeControlDbArchive(hasGroups ? db.image() : db.imageWithoutGroups(), nowMs, this.#fileName),
      nowMs,
    );
    return file;
  }

  /** A release that calls it otherwise takes over what its predecessor has left. */
  #fileToLoad(): string {
    const [own, old] = [this.#fileName, CONTROL_DB_FILE_NAME].map((name) => path.join(this.#folder, name));
    return this.#dataDir.exists(own ?? '') ? (own ?? '') : (old ?? '');
  }

  /** The consistent image that these torn bytes stand for, if this node wrote them last. */
  #imageBehind(torn: Uint8Array): Uint8Array | null {
    if (this.#redoFolder === null) return null;
    const file = path.join(this.#redoFolder, redoFileName);
    if (!this.#dataDir.exists(file)) return null;
    const redo = decodeRedoRecord(this.#dataDir.read(file));
    if (redo === null) return null;
    const checksum = crc32(torn);
    return checksum === redo.liveChecksum || checksum === redo.previousLiveChecksum ? redo.image : null;
  }

  #liveChecksum(): number | null {
    const file = path.join(this.#folder, this.#fileName);
    return this.#dataDir.exists(file) ? crc32(this.#dataDir.read(file)) : null;
  }

  #write(folder: string, name: string, bytes: Uint8Array, nowMs: number): void {
    this.#createFolder(folder);
    this.#dataDir.write(path.join(folder, name), bytes, nowMs);
  }

  #createFolder(folder: string): void {
    this.#dataDir.folder(path.relative(this.#dataDir.root, folder));
  }
}

function asRefusal(cause: AxonError, file: string): AxonError {
  const text =
    `${file} cannot be used (${cause.message}). A copy of a live control database is never readable. With the node ` +
    `stopped, unzip a controldb<millis>.zip, made by POST /v1/backup/createControlDbBackup, into ` +
    `${path.dirname(file)}, and start the node again.`;
  return new AxonError('control-db-unreadable', text, { cause });
}
