import { segmentsInBackup } from '../in-backup/backup-copies.ts';
import type { Evidence, RunRecord } from '../evidence.ts';
import type { EventStoreName } from '../event-store-name.ts';
import type { BackupFile } from '../inventory.ts';
import { KnownSegments } from './known-segments.ts';
import { segmentListingsOf } from '../run-requests.ts';
import { segmentOfDataFile } from '../segment-file-name.ts';

/**
 * Which tokens the segments of a backup hold whole. A segment of one node can be made up for by those of another with
 * other boundaries, so it is the tokens that count, not the numbers. Copies that were made while their segment was still
 * written hold a part of it that nobody knows, and count for nothing.
 */
export class TokenCoverage {
  /** Ascending, apart from each other; ends are exclusive. */
  readonly #ranges: Array<{ readonly start: bigint; end: bigint }> = [];

  constructor(evidence: Evidence, known: KnownSegments, run: RunRecord, store: EventStoreName) {
    const history = new StoreHistory(evidence, known, run, store);
    const copies = [...segmentsInBackup(run.after, store, evidence.contexts)].toSorted(([a], [b]) => (a < b ? -1 : 1));
    for (const [start, copy] of copies) {
      const end = history.endOf(start, copy);
      if (end === null) continue;
      const last = this.#ranges.at(-1);
      if (last === undefined || start > last.end) this.#ranges.push({ start, end });
      else if (end > last.end) last.end = end;
    }
  }

  /** Whether all tokens from `start` to the one before `end` are there. */
  covers(start: bigint, end: bigint): boolean {
    return this.#ranges.some((range) => range.start <= start && end <= range.end);
  }
}

/** What is known of the copies of one store's segments: which node they are of, and whether they are whole. */
class StoreHistory {
  readonly #known: KnownSegments;
  readonly #store: EventStoreName;
  /** Nodes that were asked for the store until now. */
  readonly #nodes = new Set<string>();
  /** `<segment> <checksum>` → nodes that listed it when it was closed. */
  readonly #listedClosed = new Map<string, Set<string>>();
  /** `<segment> <checksum>` as listed when it was open. */
  readonly #listedOpen = new Set<string>();
  /** `<segment> <checksum>` → when a run first ended with it in its backup. */
  readonly #inBackupAt = new Map<string, number>();

  constructor(evidence: Evidence, known: KnownSegments, until: RunRecord, store: EventStoreName) {
    this.#known = known;
    this.#store = store;
    for (const run of evidence.runs) {
      if (run.run > until.run) break;
      for (const { node, answer } of segmentListingsOf(run)) {
        if (answer.context === store.context && answer.type === store.type) this.#note(node, answer.files);
      }
      for (const [segment, copy] of segmentsInBackup(run.after, store, evidence.contexts)) {
        const key = `${segment} ${copy.checksum}`;
        if (!this.#inBackupAt.has(key)) this.#inBackupAt.set(key, run.endSeq);
      }
    }
  }

  /** The token behind the last that the copy holds, or null where it is not whole. */
  endOf(segment: bigint, copy: BackupFile): bigint | null {
    const key = `${segment} ${copy.checksum}`;
    const origins = this.#listedClosed.get(key);
    if (origins === undefined && this.#listedOpen.has(key)) return null;
    const copiedAt = this.#inBackupAt.get(key) ?? 0;
    let end: bigint | null = null;
    for (const node of origins ?? this.#nodes) {
      if (!this.#known.has(node, this.#store, segment)) continue;
      const writtenUntil = this.#known.writtenUntil(node, this.#store, segment);
      if (origins === undefined && writtenUntil !== null && copiedAt < writtenUntil) continue;
      const endOnNode = this.#known.endOf(node, this.#store, segment) ?? segment + 1n;
      if (end === null || endOnNode > end) end = endOnNode;
    }
    return end;
  }

  #note(node: string, files: ReadonlyArray<{ name: string; checksum: string | null; isOpen: boolean }>): void {
    this.#nodes.add(node);
    for (const { name, checksum, isOpen } of files) {
      const segment = segmentOfDataFile(name, this.#store.type);
      if (segment === null || checksum === null) continue;
      const key = `${segment} ${checksum}`;
      if (isOpen) this.#listedOpen.add(key);
      else this.#listedClosed.set(key, (this.#listedClosed.get(key) ?? new Set()).add(node));
    }
  }
}
