import { AxonError } from '../errors.ts';
import { END_MARKER_BYTES, SEGMENT_HEADER_BYTES } from '../formats/event-segment.ts';
import { decodeLogEntry, encodeLogSegmentHeader, termOf, type LogEntry } from '../formats/log-segment.ts';
import { AppendFile } from './append-file.ts';
import { checkLogPayload, listLogSegments, logSegmentPath } from './log-files.ts';
import { SealedLogSegments, type ClosedLogSegment, type SealedLogSegmentsOptions } from './sealed-log-segments.ts';

export interface LogStoreOptions extends SealedLogSegmentsOptions {
  readonly segmentSizeBytes: number;
}

interface OpenLogSegment {
  readonly firstIndex: number;
  readonly file: AppendFile;
  /** Whole records, shared with the other nodes of the group. */
  readonly records: Buffer[];
}

/**
 * The replication log of one group on one node, in real segment files (docs/backup-endpoints.md, section 3). Entries
 * have indexes from 1 on without a gap; the index is stored nowhere. A segment is OPEN while it is written, FULL once it
 * has its end marker, CLOSED once its index file is there, where logs have such files.
 *
 * Not simulated: reading by the index files. Entries are found in the segments themselves.
 */
export class LogStore {
  readonly folder: string;
  readonly #options: LogStoreOptions;
  readonly #sealed: SealedLogSegments;
  #open: OpenLogSegment;
  /** Where terms change, ascending. */
  #terms: Array<{ readonly fromIndex: number; readonly term: number }> = [];

  private constructor(options: LogStoreOptions, nowMs: number) {
    this.#options = options;
    this.folder = options.folder;
    this.#sealed = new SealedLogSegments(options);
    const segments = listLogSegments(this.#options.dataDir, this.folder);
    const highest = segments.at(-1);
    if (highest === undefined) {
      this.#open = this.#createSegment(1, nowMs);
      return;
    }
    const closed = segments.slice(0, -1);
    this.#sealed.adopt(closed, highest, nowMs);
    for (const firstIndex of closed) this.#noteTermsOf(firstIndex);
    this.#open = this.#reopen(highest);
  }

  /**
   * Opens the log on what lies in its folder, or begins it at index 1. The highest file is always gone on with, up to
   * its last complete entry, and without its index; nothing is validated, but a closed segment has to be read where its
   * index is built anew (section 5.3). Fails with `data-file-read` or `data-file-write`.
   */
  static open(options: LogStoreOptions, nowMs: number): LogStore {
    return new LogStore(options, nowMs);
  }

  /** Index of the first entry that is, or will be, in the lowest file. */
  get firstIndex(): number {
    return this.#sealed.firstIndex ?? this.#open.firstIndex;
  }

  /** Index of the last entry; one below `firstIndex` where the log is empty. */
  get lastIndex(): number {
    return this.#open.firstIndex + this.#open.records.length - 1;
  }

  /** Term of the last entry, 0 where there is none. */
  get lastTerm(): number {
    return this.termAt(this.lastIndex);
  }

  get openSegment(): number {
    return this.#open.firstIndex;
  }

  /** Ascending. */
  get closedSegments(): readonly ClosedLogSegment[] {
    return this.#sealed.closed;
  }

  /** True while a segment has its end marker but no index yet. */
  get hasFullSegments(): boolean {
    return this.#sealed.hasFull;
  }

  /** Term of an entry, 0 where the log does not know it. */
  termAt(index: number): number {
    if (index < this.firstIndex || index > this.lastIndex) return 0;
    return this.#terms.findLast(({ fromIndex }) => fromIndex <= index)?.term ?? 0;
  }

  /** Adds the next entry, given as a whole record. Fails with `transaction-too-large` where no file can hold it. */
  append(record: Buffer, nowMs: number): void {
    this.checkSize(record.length);
    if (this.#open.file.position + record.length + END_MARKER_BYTES >= this.#open.file.sizeBytes) this.#rollOver(nowMs);
    this.#open.file.append(record, nowMs);
    this.#open.records.push(record);
    this.#noteTerm(this.lastIndex, termOf(record, this.lastIndex));
  }

  /**
   * Section 3.2, except that an entry of exactly the most bytes is refused too: it passes the server's check but never
   * fits, not even into an empty file.
   */
  checkSize(recordBytes: number): void {
    const most = this.#options.segmentSizeBytes - SEGMENT_HEADER_BYTES - END_MARKER_BYTES;
    if (recordBytes >= most) {
      throw new AxonError('transaction-too-large', `Size of transaction too large, max size = ${most}`);
    }
  }

  /** The entry at `index`; fails with `data-file-read` where it lies before the log's start or cannot be read. */
  read(index: number): LogEntry {
    const entry = decodeLogEntry(this.readRecord(index), index);
    checkLogPayload(entry);
    return entry;
  }

  /** The whole record of the entry at `index`. */
  readRecord(index: number): Buffer {
    const { firstIndex, records } = index >= this.#open.firstIndex ? this.#open : this.#sealed.recordsAround(index);
    const record = records[index - firstIndex];
    if (record === undefined) throw new AxonError('data-file-read', `failed to read entry: ${index}`);
    return record;
  }

  /**
   * The lowest FULL segment gets its index and is CLOSED: what the server does once a second. Returns its first index,
   * null where there is none. Where the disk refuses the index the segment stays FULL, and the same can be tried again.
   */
  closeNext(nowMs: number): number | null {
    return this.#sealed.closeNext(nowMs);
  }

  /** Deletes closed segments; returns their first indexes. Readers that have listed them find them gone. */
  remove(segments: readonly ClosedLogSegment[]): number[] {
    return this.#sealed.remove(segments);
  }

  /** Drops the entries behind `index`, which conflict with the leader's. */
  truncateAfter(index: number, nowMs: number): void {
    if (index >= this.lastIndex) return;
    const endIndex = Math.max(this.firstIndex, index + 1);
    if (endIndex < this.#open.firstIndex) this.#goBackTo(endIndex);
    this.#sealed.forgetRecords();
    this.#terms = this.#terms.filter(({ fromIndex }) => fromIndex <= index);
    const records = this.#open.records.slice(0, endIndex - this.#open.firstIndex);
    this.#open = { ...this.#open, records };
    this.#open.file.cut(endOf(records), nowMs);
  }

  /** What an installed snapshot does: the whole log goes, and the next entry has index `nextIndex` (section 4). */
  clear(nextIndex: number, nowMs: number): void {
    this.#open.file.remove();
    this.#sealed.removeAll();
    this.#terms = [];
    this.#open = this.#createSegment(nextIndex, nowMs);
  }

  /** Brings the files up to date; `isTorn` leaves the beginning of a next entry behind them. */
  settle(isTorn: boolean): void {
    this.#open.file.flush();
    if (isTorn) this.#open.file.tear();
  }

  close(): void {
    this.#open.file.close();
  }

  /** What a process that dies leaves: the last write breaks off. */
  crash(): void {
    try {
      this.#open.file.tear();
    } finally {
      this.#open.file.close();
    }
  }

  /** Where the disk refuses, all stays as it was, and the same can be tried again. */
  #rollOver(nowMs: number): void {
    const { firstIndex, file, records } = this.#open;
    // A file that an earlier, smaller segment size has left empty gives way to a larger one of its name.
    const isEmpty = records.length === 0;
    if (!isEmpty) file.seal(nowMs);
    this.#open = this.#createSegment(firstIndex + records.length, nowMs);
    if (!isEmpty) this.#sealed.add({ firstIndex, records }, nowMs);
    file.close();
  }

  #createSegment(firstIndex: number, nowMs: number): OpenLogSegment {
    const options = { dataDir: this.#options.dataDir, path: this.#pathOf(firstIndex) };
    const file = AppendFile.create(options, this.#options.segmentSizeBytes, encodeLogSegmentHeader(), nowMs);
    return { firstIndex, file, records: [] };
  }

  #reopen(firstIndex: number): OpenLogSegment {
    const { records, endPosition } = this.#sealed.read(firstIndex);
    records.forEach((record, ordinal) => {
      const entry = decodeLogEntry(record, firstIndex + ordinal);
      checkLogPayload(entry);
      this.#noteTerm(entry.index, entry.term);
    });
    return { firstIndex, file: this.#reopenFile(firstIndex, endPosition), records };
  }

  /** Makes the full or closed segment that holds `index` the open one, which has no index file. */
  #goBackTo(index: number): void {
    const { firstIndex } = this.#sealed.at(index);
    const { records, endPosition } = this.#sealed.read(firstIndex);
    this.#open.file.remove();
    this.#sealed.takeBack(firstIndex);
    this.#open = { firstIndex, file: this.#reopenFile(firstIndex, endPosition), records };
  }

  #reopenFile(firstIndex: number, position: number): AppendFile {
    const options = { dataDir: this.#options.dataDir, path: this.#pathOf(firstIndex) };
    return AppendFile.reopen(options, position, encodeLogSegmentHeader());
  }

  /** Nothing of a closed segment is validated: one that cannot be read shows when it is needed. */
  #noteTermsOf(firstIndex: number): void {
    try {
      this.#sealed.read(firstIndex).records.forEach((record, ordinal) => {
        const index = firstIndex + ordinal;
        this.#noteTerm(index, termOf(record, index));
      });
    } catch (error) {
      if (!(error instanceof AxonError)) throw error;
    }
  }

  #noteTerm(index: number, term: number): void {
    if (this.#terms.at(-1)?.term !== term) this.#terms.push({ fromIndex: index, term });
  }

  #pathOf(firstIndex: number): string {
    return logSegmentPath(this.folder, firstIndex);
  }
}

/** Where the next record would stand in a file that holds these. */
function endOf(records: readonly Buffer[]): number {
  return records.reduce((position, record) => position + record.length, SEGMENT_HEADER_BYTES);
}
