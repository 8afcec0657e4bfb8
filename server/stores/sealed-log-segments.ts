import { AxonError } from '../errors.ts';
import type { DataDir } from './data-dir.ts';
import { listLogSegments, logSegmentPath, readLogSegment, type LogSegmentContent } from './log-files.ts';
import { LogIndexFiles } from './log-index-files.ts';

/** A closed log segment: what backups get, and what log cleaning decides on. */
export interface ClosedLogSegment {
  readonly firstIndex: number;
  /** Modification time of the file, in milliseconds since 1970. */
  readonly modifiedAtMs: number;
}

/** A segment's whole records. */
export interface LogRecords {
  readonly firstIndex: number;
  readonly records: readonly Buffer[];
}

export interface SealedLogSegmentsOptions {
  readonly dataDir: DataDir;
  /** Absolute path of the folder that holds the log of one replication group. */
  readonly folder: string;
  /**
   * Whether closed segments have index files (up to 4.5.17), and a full one is closed by its own; otherwise it is closed
   * at once, and index files that lie in the folder are left alone.
   */
  readonly hasIndexFiles: boolean;
}

/**
 * The segments of one log that are not written any more. Each is FULL once it has its end marker, CLOSED once its index
 * file is there, where logs have such files (docs/backup-endpoints.md, section 3.1).
 */
export class SealedLogSegments {
  readonly #options: SealedLogSegmentsOptions;
  /** Null where the release has none. */
  readonly #indexFiles: LogIndexFiles | null;
  #closed: ClosedLogSegment[] = [];
  /** Behind the closed ones; always empty where there are no index files. */
  #full: ClosedLogSegment[] = [];
  #cached: LogRecords | null = null;

  constructor(options: SealedLogSegmentsOptions) {
    this.#options = options;
    this.#indexFiles = options.hasIndexFiles ? new LogIndexFiles(options.dataDir, options.folder) : null;
  }

  /** Ascending. */
  get closed(): readonly ClosedLogSegment[] {
    return this.#closed;
  }

  /** True while a segment has its end marker but no index yet. */
  get hasFull(): boolean {
    return this.#full.length > 0;
  }

  /** Of the lowest segment; null where there is none. */
  get firstIndex(): number | null {
    return (this.#closed[0] ?? this.#full[0])?.firstIndex ?? null;
  }

  /**
   * Takes over what start-up has found below the open segment, ascending, and brings the index files in order (section
   * 5.3). Nothing is validated, but a segment whose index is built anew has to be read: else this fails with
   * `data-file-read`.
   */
  adopt(closed: readonly number[], open: number, nowMs: number): void {
    this.#indexFiles?.remove(open);
    this.#indexFiles?.rebuild(closed, nowMs);
    for (const firstIndex of closed) {
      const { modifiedAtMs } = this.#options.dataDir.status(this.#pathOf(firstIndex));
      this.#closed.push({ firstIndex, modifiedAtMs });
    }
  }

  /** Takes a segment that has just got its end marker. */
  add({ firstIndex, records }: LogRecords, modifiedAtMs: number): void {
    (this.#indexFiles === null ? this.#closed : this.#full).push({ firstIndex, modifiedAtMs });
    this.#cached = { firstIndex, records };
  }

  /** See `LogStore.closeNext`. */
  closeNext(nowMs: number): number | null {
    const [segment] = this.#full;
    if (segment === undefined) return null;
    const { firstIndex, records } = this.recordsAround(segment.firstIndex);
    this.#indexFiles?.write(firstIndex, records, nowMs);
    this.#full.shift();
    this.#closed.push(segment);
    return firstIndex;
  }

  /** The segment that holds `index`, or ends before it where a file is missing; `data-file-read` where the log begins later. */
  at(index: number): ClosedLogSegment {
    const isBefore = ({ firstIndex }: ClosedLogSegment): boolean => firstIndex <= index;
    const segment = this.#full.findLast(isBefore) ?? this.#closed.findLast(isBefore);
    if (segment === undefined) throw new AxonError('data-file-read', `Read before start: ${index}`);
    return segment;
  }

  /** What that segment holds. */
  recordsAround(index: number): LogRecords {
    const { firstIndex } = this.at(index);
    if (this.#cached?.firstIndex !== firstIndex) {
      this.#cached = { firstIndex, records: this.read(firstIndex).records };
    }
    return this.#cached;
  }

  /** Reads a segment's file. Fails with `data-file-read` where an entry breaks off. */
  read(firstIndex: number): LogSegmentContent {
    return readLogSegment(this.#options.dataDir, this.#pathOf(firstIndex), firstIndex);
  }

  /** Deletes closed segments; returns their first indexes. */
  remove(segments: readonly ClosedLogSegment[]): number[] {
    const gone = new Set(segments.map(({ firstIndex }) => firstIndex));
    for (const firstIndex of gone) this.#removeFiles(firstIndex);
    this.#closed = this.#closed.filter(({ firstIndex }) => !gone.has(firstIndex));
    this.forgetRecords();
    return [...gone];
  }

  /** Deletes all that lies in the folder. */
  removeAll(): void {
    const { dataDir, folder } = this.#options;
    for (const firstIndex of listLogSegments(dataDir, folder)) this.#removeFiles(firstIndex);
    this.#closed = [];
    this.#full = [];
    this.forgetRecords();
  }

  /** Deletes what is higher than a segment, and gives that one away: it is to be written again, and has no index then. */
  takeBack(firstIndex: number): void {
    const takeLast = (): ClosedLogSegment | undefined => this.#full.pop() ?? this.#closed.pop();
    // From the highest down: whenever the process is killed, what is left is a log without a gap.
    for (let last = takeLast(); last !== undefined && last.firstIndex > firstIndex; last = takeLast()) {
      this.#removeFiles(last.firstIndex);
    }
    this.#indexFiles?.remove(firstIndex);
  }

  forgetRecords(): void {
    this.#cached = null;
  }

  /** The index goes first, as on the server: no index is ever without its segment. */
  #removeFiles(firstIndex: number): void {
    this.#indexFiles?.remove(firstIndex);
    this.#options.dataDir.remove(this.#pathOf(firstIndex));
  }

  #pathOf(firstIndex: number): string {
    return logSegmentPath(this.#options.folder, firstIndex);
  }
}
