import * as fs from 'node:fs';
import path from 'node:path';
import { AxonError } from '../errors.ts';

/**
 * The only file of the simulator that touches the disk. One instance stands for one data folder: it refuses every path
 * outside of it, counts the bytes in it (by apparent length, since segments are preallocated), and gives files the
 * virtual modification times that tools such as rsync and tar look at.
 *
 * Calls are synchronous on purpose: between two turns of the event loop the folder is a consistent whole.
 */
export class DataDir {
  readonly root: string;
  #usedBytes = 0;

  /** Opens `root`, creating it where missing, and counts what is in it. Fails with `directory-create`. */
  constructor(root: string) {
    this.root = path.resolve(root);
    makeFolder(this.root);
    this.#usedBytes = folderBytes(this.root);
  }

  /** Bytes in the folder, by apparent file length. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** The absolute path of a folder below the root, created where missing. */
  folder(...names: readonly string[]): string {
    const folder = this.#inside(path.join(this.root, ...names));
    makeFolder(folder);
    return folder;
  }

  /** Names in a folder, in no particular order; a folder that does not exist has none. */
  list(folder: string): string[] {
    try {
      return fs.readdirSync(this.#inside(folder));
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  exists(file: string): boolean {
    return fs.existsSync(this.#inside(file));
  }

  /** Length in bytes and modification time in milliseconds since 1970, of a file that exists. */
  status(file: string): { readonly sizeBytes: number; readonly modifiedAtMs: number } {
    const { size, mtimeMs } = fs.statSync(this.#inside(file));
    return { sizeBytes: size, modifiedAtMs: Math.round(mtimeMs) };
  }

  read(file: string): Buffer {
    return fs.readFileSync(this.#inside(file));
  }

  /** Replaces a file whole: a reader sees the old bytes or the new ones, a killed process leaves one of the two. */
  write(file: string, bytes: Uint8Array, modifiedAtMs: number): void {
    const target = this.#inside(file);
    const before = sizeOf(target);
    const fd = fs.openSync(`${target}.temp`, 'w');
    try {
      writeFully(fd, bytes, 0);
      setTimes(fd, modifiedAtMs);
    } catch (error) {
      fs.closeSync(fd);
      fs.rmSync(`${target}.temp`, { force: true });
      throw asWriteError(error, target);
    }
    fs.closeSync(fd);
    fs.renameSync(`${target}.temp`, target);
    this.#usedBytes += bytes.length - before;
  }

  /**
   * Creates a zero-filled (sparse) file of `sizeBytes` that begins with `header`, and opens it for writing. It appears
   * under its name only once it has its full length, so that no crash leaves a file too short to hold a header.
   */
  createPreallocated(file: string, sizeBytes: number, header: Uint8Array, modifiedAtMs: number): number {
    const target = this.#inside(file);
    const before = sizeOf(target);
    const fd = fs.openSync(`${target}.temp`, 'w+');
    try {
      fs.ftruncateSync(fd, sizeBytes);
      writeFully(fd, header, 0);
      setTimes(fd, modifiedAtMs);
      fs.renameSync(`${target}.temp`, target);
    } catch (error) {
      fs.closeSync(fd);
      fs.rmSync(`${target}.temp`, { force: true });
      throw asWriteError(error, target);
    }
    this.#usedBytes += sizeBytes - before;
    return fd;
  }

  openForWriting(file: string): number {
    return fs.openSync(this.#inside(file), 'r+');
  }

  writeAt(fd: number, bytes: Uint8Array, position: number): void {
    try {
      writeFully(fd, bytes, position);
    } catch (error) {
      throw asWriteError(error, 'a data file');
    }
  }

  /** Turns all bytes from `position` to the end of the file into zeros; its length stays. */
  zeroFrom(fd: number, position: number): void {
    const { size } = fs.fstatSync(fd);
    if (size <= position) return;
    fs.ftruncateSync(fd, position);
    fs.ftruncateSync(fd, size);
  }

  setModified(fd: number, modifiedAtMs: number): void {
    setTimes(fd, modifiedAtMs);
  }

  close(fd: number): void {
    fs.closeSync(fd);
  }

  /** Removes a file; one that is gone already is fine. */
  remove(file: string): void {
    const target = this.#inside(file);
    const before = sizeOf(target);
    fs.rmSync(target, { force: true });
    this.#usedBytes -= before;
  }

  /** Removes a folder below the root with all that is in it. */
  removeFolder(folder: string): void {
    const target = this.#inside(folder);
    const before = fs.existsSync(target) ? folderBytes(target) : 0;
    fs.rmSync(target, { recursive: true, force: true });
    this.#usedBytes -= before;
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
    fs.mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new AxonError('directory-create', `Could not setup directory ${folder}`, { cause: error });
  }
}

function folderBytes(folder: string): number {
  let bytes = 0;
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += sizeOf(path.join(entry.parentPath, entry.name));
  }
  return bytes;
}

function sizeOf(file: string): number {
  return fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
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

function asWriteError(error: unknown, file: string): AxonError {
  const reason = error instanceof Error ? error.message : String(error);
  return new AxonError('data-file-write', `Failed to write ${file}: ${reason}`, { cause: error });
}
