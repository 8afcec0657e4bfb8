import * as fs from 'node:fs';
import path from 'node:path';
import { AxonError, type FailureKind } from '../errors.ts';
import { WrittenFiles } from './written-files.ts';
import { filesBelow } from './files-below.ts';

const ZERO_CHUNK = Buffer.alloc(1 << 16);

/**
 * The only file of the simulator that touches its data on the disk. One instance stands for one data folder: it refuses every path
 * outside of it, counts the bytes in it (by apparent length, since segments are preallocated), and gives files the
 * virtual modification times that tools such as rsync and tar look at.
 *
 * Calls are synchronous on purpose: between two turns of the event loop the folder is a consistent whole. What the
 * folder itself provokes (no room, a folder where a file should be) is `data-file-read` or `data-file-write`.
 */
export class DataDir {
  readonly root: string;
  readonly isMemoryMapped: boolean;
  /** What has been written through this instance. */
  readonly writtenFiles = new WrittenFiles();
  #usedBytes = 0;

  /**
   * Opens `root`, creating it where missing, and counts what is in it. Fails with `directory-create`. The times of files
   * that are `memoryMapped` stay behind their bytes (dirty-pages.ts).
   */
  constructor(root: string, { memoryMapped = false }: { readonly memoryMapped?: boolean } = {}) {
    this.isMemoryMapped = memoryMapped;
    this.root = path.resolve(root);
    makeFolder(this.root);
    this.#usedBytes = guarded('directory-create', this.root, () => folderBytes(this.root));
  }

  /** Bytes in the folder, by apparent file length. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** The absolute path of a folder below the root, created where missing. */
  folder(...names: readonly string[]): string {
    const folder = this.#inside(path.join(this.root, ...names));
    makeFolder(folder);
    this.writtenFiles.noteFolder(folder, this.root);
    return folder;
  }

  /** Names in a folder, in no particular order; a folder that does not exist has none. */
  list(folder: string): string[] {
    const target = this.#inside(folder);
    return guarded('data-file-read', target, () => {
      try {
        return fs.readdirSync(target);
      } catch (error) {
        if (isMissing(error)) return [];
        throw error;
      }
    });
  }

  /** The path without symbolic links in it; as it is where that cannot be found out. */
  resolveLinks(folder: string): string {
    const target = this.#inside(folder);
    try {
      return fs.realpathSync.native(target);
    } catch {
      return target;
    }
  }

  exists(file: string): boolean {
    return fs.existsSync(this.#inside(file));
  }

  /** Length in bytes and modification time in milliseconds since 1970, of a file that exists. */
  status(file: string): { readonly sizeBytes: number; readonly modifiedAtMs: number } {
    const target = this.#inside(file);
    const { size, mtimeMs } = guarded('data-file-read', target, () => fs.statSync(target));
    return { sizeBytes: size, modifiedAtMs: Math.round(mtimeMs) };
  }

  read(file: string): Buffer {
    const target = this.#inside(file);
    return guarded('data-file-read', target, () => fs.readFileSync(target));
  }

  /** Replaces a file whole: a reader sees the old bytes or the new ones, a killed process leaves one of the two. */
  write(file: string, bytes: Uint8Array, modifiedAtMs: number): void {
    fs.closeSync(this.#replace(file, bytes.length, bytes, modifiedAtMs));
  }

  /**
   * Creates a zero-filled (sparse) file of `sizeBytes` that begins with `header`, and opens it for writing. It appears
   * under its name only once it has its full length, so that no crash leaves a file too short to hold a header.
   */
  createPreallocated(file: string, sizeBytes: number, header: Uint8Array, modifiedAtMs: number): number {
    return this.#replace(file, sizeBytes, header, modifiedAtMs);
  }

  openForWriting(file: string): number {
    const target = this.#inside(file);
    return guarded('data-file-write', target, () => fs.openSync(target, 'r+'));
  }

  writeAt(fd: number, bytes: Uint8Array, position: number): void {
    guarded('data-file-write', 'a data file', () => writeFully(fd, bytes, position));
  }

  /**
   * Turns all bytes from `position` to the end of the file into zeros, in ascending order. The file keeps its length at
   * every moment, since a killed process must not leave it cut, and what is zero already is not written: it stays sparse.
   */
  zeroFrom(fd: number, position: number): void {
    guarded('data-file-write', 'a data file', () => {
      const chunk = Buffer.allocUnsafe(ZERO_CHUNK.length);
      let at = position;
      for (;;) {
        const length = fs.readSync(fd, chunk, 0, chunk.length, at);
        if (length === 0) return;
        const zeros = ZERO_CHUNK.subarray(0, length);
        if (!chunk.subarray(0, length).equals(zeros)) writeFully(fd, zeros, at);
        at += length;
      }
    });
  }

  setModified(fd: number, modifiedAtMs: number): void {
    guarded('data-file-write', 'a data file', () => setTimes(fd, modifiedAtMs));
  }

  close(fd: number): void {
    fs.closeSync(fd);
  }

  /** Gives a file another name, which must be free. */
  rename(file: string, newName: string): void {
    const source = this.#inside(file);
    const target = this.#inside(newName);
    guarded('data-file-write', target, () => {
      if (fs.existsSync(target)) throw new Error('there is such a file already');
      fs.renameSync(source, target);
      this.writtenFiles.rename(source, target);
    });
  }

  /** Removes a file; one that is gone already is fine. */
  remove(file: string): void {
    const target = this.#inside(file);
    guarded('data-file-write', target, () => this.#removeCounted(target));
  }

  /** Removes a folder below the root with all that is in it. */
  removeFolder(folder: string): void {
    const target = this.#inside(folder);
    guarded('data-file-write', target, () => {
      const before = fs.existsSync(target) ? folderBytes(target) : 0;
      fs.rmSync(target, { recursive: true, force: true });
      this.#usedBytes -= before;
      this.writtenFiles.forgetFolder(target);
    });
  }

  /** Builds a file beside its place, moves it there, and leaves it open for writing. */
  #replace(file: string, sizeBytes: number, content: Uint8Array, modifiedAtMs: number): number {
    const target = this.#inside(file);
    const temporary = `${target}.temp`;
    return guarded('data-file-write', target, () => {
      const before = sizeOf(target);
      const fd = this.#openNew(temporary);
      try {
        fs.ftruncateSync(fd, sizeBytes);
        writeFully(fd, content, 0);
        setTimes(fd, modifiedAtMs);
        fs.renameSync(temporary, target);
      } catch (error) {
        fs.closeSync(fd);
        fs.rmSync(temporary, { force: true });
        throw error;
      }
      this.#usedBytes += sizeBytes - before;
      this.writtenFiles.noteWhole(target, content, sizeBytes, modifiedAtMs);
      return fd;
    });
  }

  /** What a killed process has left there counts as used; so it is removed, not written over. */
  #openNew(file: string): number {
    try {
      return fs.openSync(file, 'wx+');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      this.#removeCounted(file);
      return fs.openSync(file, 'wx+');
    }
  }

  #removeCounted(target: string): void {
    const before = sizeOf(target);
    fs.rmSync(target, { force: true });
    this.#usedBytes -= before;
    this.writtenFiles.forget(target);
  }

  #inside(target: string): string {
    const resolved = path.resolve(target);
    if (resolved !== this.root && !resolved.startsWith(this.root + path.sep)) {
      throw new Error(`Path outside the data folder: ${target}`);
    }
    return resolved;
  }
}

function makeFolder(folder: string): void {
  try {
    makeWithParents(folder);
  } catch (error) {
    throw new AxonError('directory-create', `Could not setup directory ${folder}`, { cause: error });
  }
}

/** One by one: Node's own recursive call never returns where a file system refuses with "no such file" (/proc). */
function makeWithParents(folder: string): void {
  if (fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const parent = path.dirname(folder);
  if (parent !== folder) makeWithParents(parent);
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    if (fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}

function folderBytes(folder: string): number {
  let bytes = 0;
  for (const file of filesBelow(folder)) bytes += sizeOf(file);
  return bytes;
}

/** Of anything but a file 0: only files count as used. */
function sizeOf(file: string): number {
  const status = fs.lstatSync(file, { throwIfNoEntry: false });
  return status?.isFile() === true ? status.size : 0;
}

function writeFully(fd: number, bytes: Uint8Array, position: number): void {
  let written = 0;
  while (written < bytes.length) {
    written += fs.writeSync(fd, bytes, written, bytes.length - written, position + written);
  }
}

function setTimes(fd: number, modifiedAtMs: number): void {
  fs.futimesSync(fd, modifiedAtMs / 1000, modifiedAtMs / 1000);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Runs `action`; where the system refuses, the failure has our kind and names the file. */
function guarded<Result>(
  kind: Extract<FailureKind, 'data-file-read' | 'data-file-write' | 'directory-create'>,
  file: string,
  action: () => Result,
): Result {
  try {
    return action();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const verb = kind === 'data-file-write' ? 'write' : 'read';
    throw new AxonError(kind, `Failed to ${verb} ${file}: ${reason}`, { cause: error });
  }
}
