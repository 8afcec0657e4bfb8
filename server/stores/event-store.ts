import {
  decodeEventSegment,
  encodeEventSegmentHeader,
  END_MARKER_BYTES,
  SEGMENT_HEADER_BYTES,
  type StoredTransaction,
} from '../formats/event-segment.ts';
import { encodeIndexFiles, type StoredIndexFormat } from '../formats/index-format.ts';
import type { EventType } from '../formats/log-entry-data.ts';
import type { IndexEntry } from '../formats/segment-index.ts';
import { eventStoreSuffixes, formatSegmentPath, suffixesOf } from '../formats/segment-name.ts';
import { AppendFile } from './append-file.ts';
import { writeBesideSegments } from './beside-segments.ts';
import type { DataDir } from './data-dir.ts';
import type { EventStoreOptions, OpenIndex } from './event-store-options.ts';
import { recoverEventStore } from './event-store-recovery.ts';
import { addToIndex } from './index-segment.ts';
import { lowerBound } from './lower-bound.ts';
import { removeOldVersions } from './remove-old-versions.ts';
import type { SegmentVersions } from './segment-versions.ts';
import { transformSegment, type EventChange } from './transform-segment.ts';
import type { PreparedTransaction } from './transaction.ts';

/** Header and end marker: what a file needs beside its only transaction. */
const FRAME_BYTES = SEGMENT_HEADER_BYTES + END_MARKER_BYTES;

interface WritableSegment {
  readonly number: bigint;
  readonly file: AppendFile;
  readonly index: OpenIndex;
}

interface FullSegment {
  readonly number: bigint;
  readonly index: ReadonlyMap<string, IndexEntry>;
}

/**
 * The events, or the snapshots, of one context on one node, in real segment files. A segment is OPEN while it is
 * written, FULL once it has its end marker, CLOSED once its index and bloom filter are there (section 5). A closed one may
 * have several versions, of which the highest counts (section 7.4).
 *
 * Not simulated: the memory map's own flushing, storage tiers, transformers that encrypt or compress.
 */
export class EventStore {
  readonly folder: string;
  readonly type: EventType;
  readonly indexFormat: StoredIndexFormat;
  readonly #options: EventStoreOptions;
  readonly #closed: bigint[];
  readonly #unindexed: Set<bigint>;
  readonly #versions: SegmentVersions;
  readonly #full: FullSegment[] = [];
  #open: WritableSegment;
  #nextToken: bigint;

  private constructor(options: EventStoreOptions, nowMs: number) {
    this.#options = options;
    this.folder = options.folder;
    this.type = options.type;
    this.indexFormat = options.indexFormat ?? 'BLOOM_FILTER_INDEX';
    const recovered = recoverEventStore(options, nowMs);
    this.#closed = recovered.closed;
    this.#unindexed = recovered.unindexed;
    this.#versions = recovered.versions;
    this.#nextToken = recovered.nextToken;
    this.#open =
      recovered.open === null
        ? this.#createSegment(recovered.nextToken, options.segmentSizeBytes, nowMs)
        : { ...recovered.open, file: this.#reopen(recovered.open.number, recovered.open.position) };
    writeBesideSegments(this, this.#options.dataDir, nowMs);
  }

  /**
   * Opens the store on what lies in its folder, or begins it. Fails as the server's start-up does: `data-file-read`,
   * `validation-failed` (section 8); `data-file-write` where the disk refuses.
   */
  static open(options: EventStoreOptions, nowMs: number): EventStore {
    return new EventStore(options, nowMs);
  }

  /** The token that the next event will have; also the number of events where the store begins at 0. */
  get nextToken(): bigint {
    return this.#nextToken;
  }

  get firstToken(): bigint {
    return this.#closed[0] ?? this.#full[0]?.number ?? this.#open.number;
  }

  get openSegment(): bigint {
    return this.#open.number;
  }

  /** The highest closed segment, or -1 where none is closed: what a backup may use as its cursor. */
  get lastClosedSegment(): bigint {
    return this.#closed.at(-1) ?? -1n;
  }

  get closedCount(): number {
    return this.#closed.length;
  }

  /** True while a segment has its end marker but no index yet. */
  get hasFullSegments(): boolean {
    return this.#full.length > 0;
  }

  /** Closed segments above `cursor`, ascending; the cost depends on how many there are, not on how many lie below. */
  closedAfter(cursor: bigint): readonly bigint[] {
    return this.#closed.slice(lowerBound(this.#closed, cursor + 1n));
  }

  /**
   * Closed segments above `cursor`, and those of which a version above `version` is current, ascending. The cost depends
   * on how many there are.
   */
  closedAbove(cursor: bigint, version: number): readonly bigint[] {
    if (version < 0) return this.#closed;
    const after = this.closedAfter(cursor);
    const highest = cursor < this.lastClosedSegment ? cursor : this.lastClosedSegment;
    const again = this.#versions.above(version).filter((segment) => segment <= highest);
    return again.length === 0 ? after : [...again.toSorted((a, b) => (a < b ? -1 : 1)), ...after];
  }

  /** The closed segments that hold tokens from `firstToken` to `lastToken`, ascending. */
  closedHolding(firstToken: bigint, lastToken: bigint): readonly bigint[] {
    if (firstToken >= (this.#full[0]?.number ?? this.#open.number)) return [];
    const from = Math.max(0, lowerBound(this.#closed, firstToken + 1n) - 1);
    return this.#closed.slice(from, lowerBound(this.#closed, lastToken + 1n));
  }

  /** The version of a segment that is read; 0 unless it was transformed. */
  versionOf(segment: bigint): number {
    return this.#versions.currentOf(segment);
  }

  /** All versions of a segment on disk, ascending. */
  versionsOf(segment: bigint): readonly number[] {
    return this.#versions.onDisk(segment);
  }

  /** The highest version of any segment, 0 where none was transformed. */
  get highestVersion(): number {
    return this.#versions.highest;
  }

  /** FULL and OPEN segments, ascending. */
  activeSegments(): readonly bigint[] {
    return [...this.#full.map((segment) => segment.number), this.#open.number];
  }

  /** False where the index of a closed segment was lost long ago: it is never built anew (section 8.3). */
  isIndexed(segment: bigint): boolean {
    return !this.#unindexed.has(segment);
  }

  /** Appends what comes next; a transaction with another token than the next one is an error of the caller. */
  append(transaction: PreparedTransaction, nowMs: number): void {
    if (transaction.firstToken !== this.#nextToken) {
      throw new Error(`Expected token ${this.#nextToken}, got ${transaction.firstToken}`);
    }
    const { bytes } = transaction;
    if (!this.#fits(bytes.length)) this.#rollOver(bytes.length + FRAME_BYTES, nowMs);
    const start = this.#open.file.position;
    this.#open.file.append(bytes, nowMs);
    addToIndex(this.#open.index, transaction.indexed, start);
    this.#nextToken += BigInt(transaction.eventCount);
  }

  /**
   * One tick of the close job: the lowest FULL segment gets its index and bloom filter and is CLOSED. Where the disk
   * refuses them it stays FULL, and a later tick tries again.
   */
  closeNext(nowMs: number): bigint | null {
    const [segment] = this.#full;
    if (segment === undefined) return null;
    const { dataDir } = this.#options;
    for (const { suffix, bytes } of encodeIndexFiles(this.type, this.indexFormat, segment.index)) {
      dataDir.write(this.pathOf(segment.number, suffix), bytes, nowMs);
    }
    this.#full.shift();
    this.#closed.push(segment.number);
    writeBesideSegments(this, this.#options.dataDir, nowMs);
    return segment.number;
  }

  /** Ends the open segment before it is full and closes it; returns its number, or null where it holds nothing. */
  roll(nowMs: number): bigint | null {
    if (this.#open.number === this.#nextToken) return null;
    const { number } = this.#open;
    this.#rollOver(this.#options.segmentSizeBytes, nowMs);
    while (this.#full.length > 0) this.closeNext(nowMs);
    return number;
  }

  /**
   * Gives a closed segment a new version, in which `change` has changed some events; the versions before it stay on disk.
   * Index and bloom filter come first: once the data file is there, the version is whole.
   */
  transform(segment: bigint, version: number, change: EventChange, nowMs: number): void {
    const isClosed = this.#closed[lowerBound(this.#closed, segment)] === segment;
    if (!this.#options.hasVersions || !isClosed || version <= this.versionOf(segment)) {
      throw new Error(`Segment ${segment} cannot get version ${version}`);
    }
    const { dataDir } = this.#options;
    const suffixes = eventStoreSuffixes[this.type];
    const { data, index } = transformSegment(dataDir.read(this.pathOf(segment, suffixes.data)), segment, change);
    const indexes = encodeIndexFiles(this.type, this.indexFormat, index).toReversed();
    for (const { suffix, bytes } of [...indexes, { suffix: suffixes.data, bytes: data }]) {
      dataDir.write(this.#pathOfVersion(segment, version, suffix), bytes, nowMs);
    }
    this.#versions.add(segment, version);
    this.#unindexed.delete(segment);
  }

  /** Deletes every version that is not the current one of its segment; the number of files that are gone. */
  compactVersions(): number {
    return removeOldVersions(this.#versions, this.#options.dataDir, (segment, version) =>
      suffixesOf(this.type).map((suffix) => this.#pathOfVersion(segment, version, suffix)),
    );
  }

  /** The stored transactions from the one that holds `token` on, read from the files. */
  *transactionsFrom(token: bigint): Generator<StoredTransaction> {
    if (token < this.firstToken) return;
    this.#open.file.flush();
    const segments = [...this.#closed, ...this.activeSegments()];
    for (const segment of segments.slice(Math.max(0, lowerBound(segments, token + 1n) - 1))) {
      const bytes = this.#options.dataDir.read(this.pathOf(segment, eventStoreSuffixes[this.type].data));
      for (const transaction of decodeEventSegment(bytes, segment).transactions) {
        if (transaction.firstToken + BigInt(transaction.events.length) > token) yield transaction;
      }
    }
  }

  /** Brings the files up to date; `isTorn` leaves the beginning of a next transaction behind them. */
  settle(isTorn: boolean): void {
    this.#open.file.flush();
    if (isTorn) this.#open.file.tear();
  }

  /** A clean stop closes every FULL segment and leaves the open one without a marker (section 5). */
  close(nowMs: number): void {
    try {
      while (this.#full.length > 0) this.closeNext(nowMs);
    } finally {
      this.#open.file.close();
    }
  }

  /** What a process that dies leaves: no segment is closed any more, and the last write breaks off. */
  crash(): void {
    try {
      this.#open.file.tear();
    } finally {
      this.#open.file.close();
    }
  }

  /** Absolute path of one file of a segment, in its current version. */
  pathOf(segment: bigint, suffix: string): string {
    return this.#pathOfVersion(segment, this.versionOf(segment), suffix);
  }

  #pathOfVersion(segment: bigint, version: number, suffix: string): string {
    return `${this.folder}/${formatSegmentPath(segment, suffix, version)}`;
  }

  #fits(lengthBytes: number): boolean {
    const end = this.#open.file.position + lengthBytes + END_MARKER_BYTES;
    return this.#options.overflow === 'exact-fit' ? end <= this.#open.file.sizeBytes : end < this.#open.file.sizeBytes;
  }

  /** Where the disk refuses, all stays as it was, and the same can be tried again. */
  #rollOver(neededBytes: number, nowMs: number): void {
    const { number, file, index } = this.#open;
    // An oversized transaction comes first in its segment: the empty file gives way to a larger one of its name.
    const isEmpty = number === this.#nextToken;
    if (!isEmpty) file.seal(nowMs);
    this.#open = this.#createSegment(this.#nextToken, neededBytes, nowMs);
    if (!isEmpty) this.#full.push({ number, index });
    file.close();
  }

  #createSegment(number: bigint, neededBytes: number, nowMs: number): WritableSegment {
    const options = this.#fileOf(number);
    const sizeBytes = Math.max(this.#options.segmentSizeBytes, neededBytes);
    return { number, file: AppendFile.create(options, sizeBytes, encodeEventSegmentHeader(), nowMs), index: new Map() };
  }

  #reopen(number: bigint, position: number): AppendFile {
    return AppendFile.reopen(this.#fileOf(number), position, encodeEventSegmentHeader());
  }

  #fileOf(number: bigint): { readonly dataDir: DataDir; readonly path: string } {
    return { dataDir: this.#options.dataDir, path: this.pathOf(number, eventStoreSuffixes[this.type].data) };
  }
}
