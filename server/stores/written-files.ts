import path from 'node:path';
import { crc32 } from 'node:zlib';

/** A file as the server has left it: what stands in it, and zeros behind that, up to its length. */
export interface WrittenFile {
  readonly sizeBytes: number;
  /** Bytes from the file's start that `checksum` covers. */
  readonly endBytes: number;
  /** CRC-32. */
  readonly checksum: number;
  /** Bytes behind `endBytes`, the end marker or what a write has left that was cut short, and their own CRC-32. */
  readonly behindBytes: number;
  readonly behindChecksum: number;
  /** Time of modification that the server has given it, virtual milliseconds since 1970: log cleaning goes by it. */
  readonly modifiedAtMs: number;
}

/** `unknown`: the server's own, but nobody can say what is in it, since the disk has refused a write. */
export type WrittenContent = WrittenFile | 'folder' | 'unknown';

/** What the server has written into its data folder, by absolute path, for whoever has to tell if others were at it. */
export interface WrittenView extends Iterable<readonly [string, WrittenContent]> {
  /** Null for what the server has not written since the process began. */
  of(path: string): WrittenContent | null;
}

/** The same, as the stores keep it. */
export class WrittenFiles implements WrittenView {
  readonly #contents = new Map<string, WrittenContent>();

  of(file: string): WrittenContent | null {
    return this.#contents.get(file) ?? null;
  }

  [Symbol.iterator](): Iterator<readonly [string, WrittenContent]> {
    return this.#contents.entries();
  }

  note(file: string, content: WrittenContent): void {
    this.#contents.set(file, content);
  }

  /** A file of `sizeBytes` that begins with these bytes and holds nothing else. */
  noteWhole(file: string, content: Uint8Array, sizeBytes: number, modifiedAtMs: number): void {
    const [endBytes, checksum] = [content.length, crc32(content)];
    this.#contents.set(file, { sizeBytes, endBytes, checksum, behindBytes: 0, behindChecksum: 0, modifiedAtMs });
  }

  /** A folder, and those around it up to `root`. */
  noteFolder(folder: string, root: string): void {
    for (let at = folder; at.length > root.length; at = path.dirname(at)) this.#contents.set(at, 'folder');
  }

  rename(file: string, newName: string): void {
    const content = this.#contents.get(file);
    this.#contents.delete(file);
    if (content !== undefined) this.#contents.set(newName, content);
  }

  forget(file: string): void {
    this.#contents.delete(file);
  }

  forgetFolder(folder: string): void {
    for (const file of this.#contents.keys()) {
      if (file === folder || file.startsWith(folder + path.sep)) this.#contents.delete(file);
    }
  }
}
