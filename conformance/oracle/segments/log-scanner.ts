import { crc32 } from 'node:zlib';
import {
  decodeLeaderElected,
  decodeNewConfiguration,
  decodeSerializedEntry,
} from '../../../server/formats/log-entry-data.ts';
import {
  decodeLogEntry,
  LOG_ENTRY_OVERHEAD_BYTES,
  LOG_HEADER_BYTES,
  logEntryTypes,
  type LogEntry,
} from '../../../server/formats/log-segment.ts';
import { WireError } from '../../../server/formats/wire.ts';
import { AxonError } from '../../../server/errors.ts';
import type { EventType } from '../../../server/index.ts';
import { MOST_NAMED } from './event-scan.ts';
import { PieceJoiner } from './piece-joiner.ts';

/** Entries that bring, one behind the other, what follows on each other in one store. */
export interface LoggedRun {
  /** Empty where the context is named like its group. */
  readonly context: string;
  readonly type: EventType;
  readonly fromIndex: number;
  readonly firstToken: bigint;
  /** Token behind the last event that they bring. */
  readonly nextToken: bigint;
}

/** What one segment of a log comes to; plain data. */
export interface LogScan {
  /** Entries that could be read; none where the segment breaks off, as a server reads none of it then. */
  readonly entries: number;
  readonly end: 'end-marker' | 'zero' | 'broken';
  /** Why it is broken; null where it is not. */
  readonly message: string | null;
  /** Indexes of the entries whose checksum is wrong; of very many the first `MOST_NAMED`. */
  readonly badChecksums: readonly number[];
  /** Indexes of those whose content makes no sense; the first `MOST_NAMED`. */
  readonly unreadable: readonly number[];
  /** Of the segment; null where it is empty or broken. */
  readonly version: number | null;
  /** The first entry of an unknown version, and of an unknown type. */
  readonly oddVersion: { readonly index: number; readonly version: number } | null;
  readonly oddType: { readonly index: number; readonly type: number } | null;
  /** Of the first and last entry; null where there is none. */
  readonly terms: { readonly first: number; readonly last: number } | null;
  /** The first entry with a lower term than the one before it. */
  readonly termDrop: { readonly index: number; readonly term: number; readonly before: number } | null;
  /** Ids of the nodes that it names as members or leaders. */
  readonly nodeIds: readonly string[];
  /** In the order of their entries, store by store. */
  readonly runs: readonly LoggedRun[];
}

export interface LogScanOptions {
  readonly firstIndex: number;
  /** A run ends with each of these entries: applied indexes, behind which another thing counts. */
  readonly splitBehind?: readonly number[];
  /** Sees each entry whose checksum is good, and null where what it holds makes no sense. */
  readonly seeEntry?: (index: number, entry: SeenEntry) => void;
  /** Entries of more bytes are not taken into memory: with one of them the log is broken. */
  readonly mostWholeBytes: number;
  /** False leaves the checksums out. */
  readonly checksChecksums?: boolean;
}

/** What an entry brings. */
export type SeenEntry = ReturnType<typeof decodeSerializedEntry> | 'other' | 'damaged';

const VERSION_AT = 4;
/** Of a segment and of each entry. */
export const LOG_VERSION = 0;
const MOST_RUNS = 100_000;
const MOST_NODES = 10_000;
/** No folder can have a longer name. */
const LONGEST_NAME = 1000;
const knownTypes: ReadonlySet<number> = new Set(Object.values(logEntryTypes));

interface OpenRun {
  readonly context: string;
  readonly type: EventType;
  readonly fromIndex: number;
  readonly firstToken: bigint;
  nextToken: bigint;
  lastIndex: number;
}

/**
 * Reads a segment of a log that comes piece by piece, up to a length that is not positive, as the server does. Of its entries
 * it keeps what a restore is judged by: how far they lead, and from where to where they bring events. Never fails.
 */
export class LogScanner {
  readonly #options: LogScanOptions;
  readonly #splitBehind: readonly number[];
  readonly #joiner = new PieceJoiner((bytes) => this.#read(bytes));
  #isHeaderRead = false;
  #entries = 0;
  #end: LogScan['end'] | null = null;
  #message: string | null = null;
  #version: number | null = null;
  #oddVersion: LogScan['oddVersion'] = null;
  #oddType: LogScan['oddType'] = null;
  #firstTerm: number | null = null;
  #lastTerm = 0;
  #termDrop: LogScan['termDrop'] = null;
  readonly #badChecksums: number[] = [];
  readonly #unreadable: number[] = [];
  readonly #nodeIds = new Set<string>();
  readonly #runs: OpenRun[] = [];
  readonly #lastRunOf = new Map<string, OpenRun>();

  constructor(options: LogScanOptions) {
    this.#options = options;
    this.#splitBehind = (options.splitBehind ?? []).toSorted((a, b) => a - b);
  }

  /** What stands behind the end of a log is nothing to look at. */
  get isDone(): boolean {
    return this.#end !== null;
  }

  push(piece: Buffer): void {
    if (this.#end === null) this.#joiner.push(piece);
  }

  finish(): LogScan {
    if (this.#end === null) this.#break(this.#isHeaderRead ? this.#failedAt() : this.#tooShort());
    const isBroken = this.#end === 'broken';
    return {
      entries: isBroken ? 0 : this.#entries,
      end: this.#end ?? 'broken',
      message: this.#message,
      badChecksums: isBroken ? [] : this.#badChecksums,
      unreadable: isBroken ? [] : this.#unreadable,
      version: isBroken ? null : this.#version,
      oddVersion: isBroken ? null : this.#oddVersion,
      oddType: isBroken ? null : this.#oddType,
      terms: isBroken || this.#firstTerm === null ? null : { first: this.#firstTerm, last: this.#lastTerm },
      termDrop: isBroken ? null : this.#termDrop,
      nodeIds: isBroken ? [] : [...this.#nodeIds],
      runs: isBroken ? [] : this.#runs.map(({ lastIndex: _lastIndex, ...run }) => run),
    };
  }

  #tooShort(): string {
    return new AxonError(
      'data-file-read',
      `${this.#joiner.left.length} buffer limit, it looks like it's corrupted. Aborting.`,
    ).message;
  }

  #failedAt(): string {
    const index = this.#options.firstIndex + this.#entries;
    return new AxonError('data-file-read', `failed to read entry: ${index}`).message;
  }

  #break(message: string): void {
    this.#end = 'broken';
    this.#message = message;
  }

  #read(bytes: Buffer): number {
    let at = 0;
    if (!this.#isHeaderRead) {
      if (bytes.length < LOG_HEADER_BYTES) {
        this.#joiner.need(LOG_HEADER_BYTES);
        return 0;
      }
      this.#version = bytes[0] ?? null;
      this.#isHeaderRead = true;
      at = LOG_HEADER_BYTES;
    }
    while (this.#end === null) {
      if (at + 4 > bytes.length) {
        this.#joiner.need(4);
        return at;
      }
      const length = bytes.readInt32BE(at);
      if (length <= 0) {
        this.#end = length === 0 ? 'zero' : 'end-marker';
        break;
      }
      const recordBytes = length + LOG_ENTRY_OVERHEAD_BYTES;
      if (recordBytes > this.#options.mostWholeBytes) {
        this.#break(`${this.#failedAt()}: it has ${length} bytes, and none of so many is taken into memory`);
        break;
      }
      if (at + recordBytes > bytes.length) {
        this.#joiner.need(recordBytes);
        return at;
      }
      this.#take(bytes.subarray(at, at + recordBytes));
      at += recordBytes;
    }
    return bytes.length;
  }

  #take(record: Buffer): void {
    const index = this.#options.firstIndex + this.#entries;
    const entry = decodeOrNull(record, index);
    if (entry === null) {
      this.#break(this.#failedAt());
      return;
    }
    const isGood =
      this.#options.checksChecksums === false || crc32(entry.data) === record.readUInt32BE(record.length - 4);
    if (!isGood && this.#badChecksums.length < MOST_NAMED) this.#badChecksums.push(index);
    this.#noteOddities(entry, record[VERSION_AT] ?? 0);
    const seen = this.#content(entry);
    if (seen === null) {
      if (this.#unreadable.length < MOST_NAMED) this.#unreadable.push(index);
    } else {
      if (isGood && typeof seen !== 'string' && seen.kind === 'append') this.#noteAppend(index, seen);
      this.#options.seeEntry?.(index, isGood ? seen : 'damaged');
    }
    if (isGood) this.#noteNodes(entry);
    this.#entries++;
  }

  #noteOddities({ index, term, type }: LogEntry, version: number): void {
    if (version !== LOG_VERSION) this.#oddVersion ??= { index, version };
    if (!knownTypes.has(type)) this.#oddType ??= { index, type };
    if (this.#firstTerm === null) this.#firstTerm = term;
    else if (term < this.#lastTerm) this.#termDrop ??= { index, term, before: this.#lastTerm };
    this.#lastTerm = term;
  }

  /** Null where the data is damaged. */
  #content({ type, data }: LogEntry): SeenEntry | null {
    if (type !== logEntryTypes.serializedObject) return 'other';
    try {
      return decodeSerializedEntry(data);
    } catch (error) {
      if (error instanceof WireError) return null;
      throw error;
    }
  }

  /** None where the entry is of another type, or damaged: that is told elsewhere. */
  #noteNodes({ type, data }: LogEntry): void {
    if (this.#nodeIds.size >= MOST_NODES) return;
    try {
      if (type === logEntryTypes.leaderElected) this.#nodeIds.add(decodeLeaderElected(data));
      if (type === logEntryTypes.newConfiguration) {
        for (const { nodeId } of decodeNewConfiguration(data)) this.#nodeIds.add(nodeId);
      }
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
    }
  }

  #noteAppend(
    index: number,
    { type, transaction: { token, events, context } }: Extract<SeenEntry, { readonly kind: 'append' }>,
  ): void {
    if (events.length === 0 || context.length > LONGEST_NAME) return;
    const nextToken = token + BigInt(events.length);
    const key = `${type} ${context}`;
    const run = this.#lastRunOf.get(key);
    if (run !== undefined && run.nextToken === token && !this.#isSplitBetween(run.lastIndex, index)) {
      run.nextToken = nextToken;
      run.lastIndex = index;
      return;
    }
    if (this.#runs.length >= MOST_RUNS) {
      this.#break(`${this.#failedAt()}: up to there it begins anew ${MOST_RUNS} times, as no log does`);
      return;
    }
    const begun = { context, type, fromIndex: index, firstToken: token, nextToken, lastIndex: index };
    this.#runs.push(begun);
    this.#lastRunOf.set(key, begun);
  }

  #isSplitBetween(from: number, to: number): boolean {
    return this.#splitBehind.some((index) => index >= from && index < to);
  }
}

function decodeOrNull(record: Buffer, index: number): LogEntry | null {
  try {
    return decodeLogEntry(record, index);
  } catch (error) {
    if (error instanceof AxonError) return null;
    throw error;
  }
}
