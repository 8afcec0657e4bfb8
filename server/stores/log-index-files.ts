import { decodeLogIndex, encodeLogIndex } from '../formats/log-index.ts';
import { LOG_HEADER_BYTES } from '../formats/log-segment.ts';
import { formatSegmentName, LOG_INDEX_SUFFIX } from '../formats/segment-name.ts';
import type { DataDir } from './data-dir.ts';
import { logSegmentPath, readLogSegment } from './log-files.ts';

/**
 * The index files of one log: up to 4.5.17 each closed segment has one, which the server can build anew from the segment
 * (docs/backup-endpoints.md, sections 3.1 and 5.3). A folder of a later release may hold some, too, and nobody looks at
 * them there.
 */
export class LogIndexFiles {
  readonly #dataDir: DataDir;
  readonly #folder: string;

  constructor(dataDir: DataDir, folder: string) {
    this.#dataDir = dataDir;
    this.#folder = folder;
  }

  /** Writes the index of a closed segment, given as its whole records. Fails with `data-file-write`. */
  write(firstIndex: number, records: readonly Buffer[], nowMs: number): void {
    const positions = new Map<number, number>();
    let position = LOG_HEADER_BYTES;
    for (const [ordinal, record] of records.entries()) {
      positions.set(firstIndex + ordinal, position);
      position += record.length;
    }
    this.#dataDir.write(this.#pathOf(firstIndex), encodeLogIndex(positions), nowMs);
  }

  remove(firstIndex: number): void {
    this.#dataDir.remove(this.#pathOf(firstIndex));
  }

  /**
   * Builds what is missing, from the newest closed segment down to the first good index; older gaps are not noticed.
   * `closed` ascends. Fails with `data-file-read` where a segment cannot be read that has to be.
   */
  rebuild(closed: readonly number[], nowMs: number): void {
    const newestGood = closed.findLastIndex((firstIndex) => this.#isGood(firstIndex));
    // The lowest first: were the process killed in between, the next start would still find all that is missing.
    for (const firstIndex of closed.slice(newestGood + 1)) {
      const { records } = readLogSegment(this.#dataDir, logSegmentPath(this.#folder, firstIndex), firstIndex);
      this.write(firstIndex, records, nowMs);
    }
  }

  #isGood(firstIndex: number): boolean {
    const file = this.#pathOf(firstIndex);
    return this.#dataDir.exists(file) && decodeLogIndex(this.#dataDir.read(file)) !== null;
  }

  #pathOf(firstIndex: number): string {
    return `${this.#folder}/${formatSegmentName(BigInt(firstIndex), LOG_INDEX_SUFFIX)}`;
  }
}
