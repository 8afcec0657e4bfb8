import { crc32 } from 'node:zlib';
import { END_MARKER, END_MARKER_BYTES } from '../formats/event-segment.ts';
import type { DataDir } from './data-dir.ts';
import { DirtyPages } from './dirty-pages.ts';

/** Bytes that wait in memory at most before they are written without being asked for. */
const MOST_PENDING_BYTES = 1 << 20;
/** No file has it, so nothing that comes too late reaches a file that got the number of a closed one. */
const CLOSED_FD = -1;

/** How a segment file is named, sized and begun. */
export interface AppendFileOptions {
  readonly dataDir: DataDir;
  readonly path: string;
}

/**
 * The segment file that is being written: event segments and log segments share this life. The file has its full length
 * from birth. Records begin with their size as an int32, and a size is written last: whatever a killed process leaves
 * behind a size of 0 was never there.
 *
 * Records gather in memory and `flush` writes them in two steps: all bytes with the first size still 0, then that size.
 * So a batch appears as a whole or not at all. Between two batches the file may hold the beginning of a record that is
 * being written (`tear`), as a copy taken in mid-write would show it.
 */
export class AppendFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly #dataDir: DataDir;
  #fd: number;
  /** Records that are not in the file yet, laid end to end; they belong at `#flushedPosition`. */
  #pending: Buffer = Buffer.alloc(0);
  #pendingBytes = 0;
  #flushedPosition: number;
  #lastRecord: Buffer | null = null;
  /** End of what may lie in the file behind `#flushedPosition` without belonging to any record. */
  #tornUntil = 0;
  #modifiedAtMs: number;
  /** Null where each write moves the modification time. */
  readonly #dirtyPages: DirtyPages | null;
  /** CRC-32 of what lies before `#flushedPosition`. */
  #checksum: number;

  private constructor(options: AppendFileOptions, fd: number, sizeBytes: number, flushed: Flushed, atMs: number) {
    this.#dataDir = options.dataDir;
    this.path = options.path;
    this.#fd = fd;
    this.sizeBytes = sizeBytes;
    this.#flushedPosition = flushed.position;
    this.#checksum = flushed.checksum;
    this.#modifiedAtMs = atMs;
    this.#dirtyPages = options.dataDir.isMemoryMapped ? new DirtyPages() : null;
    this.#dirtyPages?.write(0, flushed.position, atMs);
  }

  /** A new file of `sizeBytes` that holds nothing but its header. */
  static create(options: AppendFileOptions, sizeBytes: number, header: Uint8Array, nowMs: number): AppendFile {
    const fd = options.dataDir.createPreallocated(options.path, sizeBytes, header, nowMs);
    return new AppendFile(options, fd, sizeBytes, { position: header.length, checksum: crc32(header) }, nowMs);
  }

  /**
   * Goes on with an existing file at `position`: the header is written anew, and all behind the position becomes zero,
   * an end marker and the rest of a torn record included (docs/event-segment-format.md, sections 8.1 and 8.2).
   */
  static reopen(options: AppendFileOptions, position: number, header: Uint8Array): AppendFile {
    const { dataDir } = options;
    const { sizeBytes, modifiedAtMs } = dataDir.status(options.path);
    const fd = dataDir.openForWriting(options.path);
    try {
      dataDir.writeAt(fd, header, 0);
      dataDir.zeroFrom(fd, position);
      dataDir.setModified(fd, modifiedAtMs);
      const file = new AppendFile(
        options,
        fd,
        sizeBytes,
        { position, checksum: checksumTo(options, position) },
        modifiedAtMs,
      );
      file.#note();
      return file;
    } catch (error) {
      dataDir.close(fd);
      throw error;
    }
  }

  /** Where the next record begins, in bytes from the file's start. */
  get position(): number {
    return this.#flushedPosition + this.#pendingBytes;
  }

  /** Time of the last write, or of the last that the file's own time tells of, in virtual milliseconds since 1970. */
  get modifiedAtMs(): number {
    return this.#modifiedAtMs;
  }

  /**
   * Adds a whole record; the caller has seen to it that it fits with the end marker behind it. Where that takes a write
   * and the disk refuses it, the record was not added.
   */
  append(record: Buffer, nowMs: number): void {
    if (this.#pendingBytes + record.length > MOST_PENDING_BYTES) this.flush();
    this.#reserve(record.length);
    this.#modify(this.position, record.length, nowMs);
    this.#pending.set(record, this.#pendingBytes);
    this.#pendingBytes += record.length;
    this.#lastRecord = record;
  }

  /**
   * Brings the file up to date. Where the disk refuses (full, gone), the failure `data-file-write` leaves the file as
   * it was to any reader, keeps the records in memory, and a later flush brings them.
   */
  flush(): void {
    if (this.#pendingBytes === 0) return;
    const batch = this.#batchOverTornBytes();
    const size = Buffer.from(batch.subarray(0, 4));
    this.#tornUntil = this.#flushedPosition + batch.length;
    batch.fill(0, 0, 4);
    this.#dataDir.writtenFiles.note(this.path, 'unknown');
    try {
      this.#dataDir.writeAt(this.#fd, batch, this.#flushedPosition);
      this.#dataDir.writeAt(this.#fd, size, this.#flushedPosition);
    } finally {
      size.copy(batch, 0);
    }
    this.#checksum = crc32(batch.subarray(0, this.#pendingBytes), this.#checksum);
    this.#flushedPosition += this.#pendingBytes;
    this.#pendingBytes = 0;
    this.#tornUntil = 0;
    this.#note();
    this.#dataDir.setModified(this.#fd, this.#modifiedAtMs);
  }

  /**
   * Leaves the beginning of a next record behind the last one, with its size still 0. Its bytes are those of the last
   * record cut short, which is what the beginning of a similar record looks like.
   */
  tear(): void {
    this.flush();
    if (this.#lastRecord === null) return;
    const torn = Buffer.from(this.#lastRecord.subarray(0, Math.ceil(this.#lastRecord.length * 0.6)));
    const end = this.#flushedPosition + torn.length;
    if (end + END_MARKER_BYTES > this.sizeBytes || end <= this.#tornUntil) return;
    torn.fill(0, 0, 4);
    this.#tornUntil = end;
    this.#dataDir.writtenFiles.note(this.path, 'unknown');
    this.#dataDir.writeAt(this.#fd, torn, this.#flushedPosition);
    this.#note(torn);
    this.#dataDir.setModified(this.#fd, this.#modifiedAtMs);
  }

  /** Drops all that lies behind `position`, the end of a record. */
  cut(position: number, nowMs: number): void {
    this.#modify(position, Math.max(1, this.position - position), nowMs);
    if (position >= this.#flushedPosition) {
      this.#pendingBytes = position - this.#flushedPosition;
      return;
    }
    this.#pendingBytes = 0;
    this.#tornUntil = Math.max(this.#tornUntil, this.#flushedPosition);
    this.#flushedPosition = position;
    this.#dataDir.writtenFiles.note(this.path, 'unknown');
    this.#dataDir.writeAt(this.#fd, Buffer.alloc(this.#tornUntil - position), position);
    this.#tornUntil = 0;
    this.#checksum = checksumTo({ dataDir: this.#dataDir, path: this.path }, position);
    this.#note();
    this.#dataDir.setModified(this.#fd, this.#modifiedAtMs);
  }

  /**
   * Ends the file with its marker and zeros behind it. It stays open, so that whoever fails to begin the next file can
   * seal it again, or even go on with it.
   */
  seal(nowMs: number): void {
    this.#modify(this.position, END_MARKER_BYTES, nowMs);
    this.flush();
    const tail = Buffer.alloc(Math.max(END_MARKER_BYTES, this.#tornUntil - this.#flushedPosition));
    tail.writeInt32BE(END_MARKER, 0);
    this.#dataDir.writtenFiles.note(this.path, 'unknown');
    this.#dataDir.writeAt(this.#fd, tail, this.#flushedPosition);
    this.#note(tail.subarray(0, END_MARKER_BYTES));
    this.#dataDir.setModified(this.#fd, this.#modifiedAtMs);
  }

  /** Lets go of the file, also where its last records cannot be written any more. */
  close(): void {
    if (this.#fd === CLOSED_FD) return;
    try {
      this.flush();
    } finally {
      this.#release();
    }
  }

  /** Lets go of the file and removes it with all that it holds. */
  remove(): void {
    this.#release();
    this.#dataDir.remove(this.path);
  }

  #release(): void {
    const fd = this.#fd;
    this.#fd = CLOSED_FD;
    if (fd !== CLOSED_FD) this.#dataDir.close(fd);
  }

  /** Says what lies in the file now: `behind` is what follows the records. */
  #note(behind: Uint8Array = Buffer.alloc(0)): void {
    this.#dataDir.writtenFiles.note(this.path, {
      sizeBytes: this.sizeBytes,
      endBytes: this.#flushedPosition,
      checksum: this.#checksum,
      behindBytes: behind.length,
      behindChecksum: crc32(behind),
      modifiedAtMs: this.#modifiedAtMs,
    });
  }

  /** Moves the modification time where a write to these bytes does. */
  #modify(position: number, bytes: number, nowMs: number): void {
    if (this.#dirtyPages?.write(position, bytes, nowMs) !== false) this.#modifiedAtMs = nowMs;
  }

  /** The pending bytes, followed by zeros over what a torn record has left beyond them. */
  #batchOverTornBytes(): Buffer {
    const beyond = this.#tornUntil - (this.#flushedPosition + this.#pendingBytes);
    if (beyond > 0) {
      this.#reserve(beyond);
      this.#pending.fill(0, this.#pendingBytes, this.#pendingBytes + beyond);
    }
    return this.#pending.subarray(0, this.#pendingBytes + Math.max(0, beyond));
  }

  #reserve(bytes: number): void {
    const needed = this.#pendingBytes + bytes;
    if (needed <= this.#pending.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#pending.length * 2, 4096));
    this.#pending.copy(larger, 0, 0, this.#pendingBytes);
    this.#pending = larger;
  }
}

/** Where the records in a file end, and the CRC-32 of all that lies before. */
interface Flushed {
  readonly position: number;
  readonly checksum: number;
}

/** As it was written, where that is known: what has become of the file since must not pass for the server's own. */
function checksumTo({ dataDir, path }: AppendFileOptions, position: number): number {
  const written = dataDir.writtenFiles.of(path);
  if (typeof written === 'object' && written?.endBytes === position) return written.checksum;
  return crc32(dataDir.read(path).subarray(0, position));
}
