import { crc32 } from 'node:zlib';
import {
  BLOCK_HEADER_BYTES,
  END_MARKER,
  EVENT_LENGTH_BYTES,
  SEGMENT_HEADER_BYTES,
  TRANSACTION_OVERHEAD_BYTES,
} from '../../../server/formats/event-segment.ts';
import type { StoredBlock } from '../../../server/index.ts';
import { eventVersions, MOST_NAMED, type EventScan, type EventScanOptions, type SeeEvent } from './event-scan.ts';
import { timeOfEvent } from './event-times.ts';
import { LargeTransaction } from './large-transaction.ts';
import { PieceJoiner } from './piece-joiner.ts';
import { isZero } from './zeros.ts';

const MOST_WHOLE_BYTES = 32 * 1024 ** 2;
const VERSION_AT = 4;
const SIZE_BYTES = 4;

/** `hopping` goes on from size to size behind a break; `done` has nothing to look for any more. */
type Phase = 'header' | 'transactions' | 'large' | 'rest' | 'hopping' | 'done';

/**
 * Reads a segment of events or snapshots that comes piece by piece, as the server reads: up to a size of 0 or -1. Unlike the
 * server, it keeps what comes before a break. Whatever the bytes are, it never fails, and has no more in memory than one
 * transaction of `mostWholeBytes`.
 */
export class EventScanner {
  readonly #segment: bigint;
  readonly #options: EventScanOptions;
  readonly #joiner: PieceJoiner;
  readonly #mostWholeBytes: number;
  #phase: Phase = 'header';
  /** Offset in the file of what is read next. */
  #position = 0;
  /** Events that could be read. */
  #events = 0;
  #end: EventScan['end'] = 'broken';
  #isTorn = false;
  readonly #badChecksums: bigint[] = [];
  #version: number | null = null;
  #oddTransaction: EventScan['oddTransaction'] = null;
  #lastEvent: Buffer | null = null;
  readonly #blocks: StoredBlock[] = [];
  #large: LargeTransaction | null = null;
  /** Events by the sizes alone, and bytes that are passed over on the way to the next size. */
  #hoppedEvents = 0;
  #hopBytes = 0;
  #endBySizes: bigint | null = null;
  /** More of a record has to come. */
  #isWaiting = false;

  constructor(segment: bigint, options: EventScanOptions = {}) {
    this.#segment = segment;
    this.#options = options;
    this.#mostWholeBytes = options.mostWholeBytes ?? MOST_WHOLE_BYTES;
    this.#joiner = new PieceJoiner((bytes) => this.#read(bytes));
  }

  push(piece: Buffer): void {
    if (this.#phase === 'rest') this.#seeRest(piece);
    else if (this.#phase !== 'done') this.#joiner.push(piece);
  }

  finish(): EventScan {
    const left = this.#joiner.left;
    if (this.#phase === 'header' && left.length > 0) this.#version = left[0] ?? null;
    return {
      nextToken: this.#tokenAt(this.#events),
      end: this.#end,
      isTorn: this.#isTorn,
      badChecksums: this.#badChecksums,
      endBySizes: this.#endBySizes,
      version: this.#version,
      oddTransaction: this.#oddTransaction,
      lastEventMs: this.#lastEvent === null ? null : timeOfEvent(this.#lastEvent),
      blocks: this.#blocks,
    };
  }

  #read(bytes: Buffer): number {
    let at = 0;
    this.#isWaiting = false;
    while (at < bytes.length && !this.#isWaiting) at = this.#readOn(bytes, at);
    return at;
  }

  #readOn(bytes: Buffer, at: number): number {
    switch (this.#phase) {
      case 'header':
        if (bytes.length < SEGMENT_HEADER_BYTES) return this.#await(SEGMENT_HEADER_BYTES, at);
        this.#version = bytes[0] ?? null;
        this.#phase = 'transactions';
        this.#position = SEGMENT_HEADER_BYTES;
        return SEGMENT_HEADER_BYTES;
      case 'transactions':
        return this.#readTransactions(bytes, at);
      case 'large':
        return this.#readLarge(bytes, at);
      case 'hopping':
        return this.#hop(bytes, at);
      case 'rest':
        this.#seeRest(bytes.subarray(at));
        return bytes.length;
      case 'done':
        return bytes.length;
    }
  }

  #await(neededBytes: number, at: number): number {
    this.#isWaiting = true;
    this.#joiner.need(neededBytes);
    return at;
  }

  #readTransactions(bytes: Buffer, from: number): number {
    const { seeEvent, checksChecksums = true } = this.#options;
    let at = from;
    let lastAt = -1;
    let lastEnd = -1;
    const stop = (): number => {
      if (lastAt >= 0) this.#lastEvent = Buffer.from(bytes.subarray(lastAt, lastEnd));
      this.#position += at - from;
      return at;
    };
    for (;;) {
      if (at + SIZE_BYTES > bytes.length) return this.#await(SIZE_BYTES, stop());
      const sizeBytes = readInt32(bytes, at);
      if (sizeBytes === 0 || sizeBytes === END_MARKER) {
        stop();
        this.#end = sizeBytes === 0 ? 'zero' : 'end-marker';
        this.#endBySizes = this.#tokenAt(this.#events);
        this.#phase = 'rest';
        return at + SIZE_BYTES;
      }
      if (sizeBytes < 0) {
        stop();
        this.#phase = 'done';
        return at;
      }
      const lengthBytes = sizeBytes + TRANSACTION_OVERHEAD_BYTES;
      if (lengthBytes > this.#mostWholeBytes) {
        stop();
        return this.#beginLarge(bytes, at);
      }
      if (at + lengthBytes > bytes.length) return this.#await(lengthBytes, stop());
      const start = at + BLOCK_HEADER_BYTES;
      const end = start + sizeBytes;
      const count = (((bytes[at + 5] ?? 0) << 24) >> 16) | (bytes[at + 6] ?? 0);
      let cursor = start;
      let left = count;
      let eventAt = -1;
      while (left > 0 && cursor + EVENT_LENGTH_BYTES <= end) {
        const length = readInt32(bytes, cursor);
        if (length < 0 || cursor + EVENT_LENGTH_BYTES + length > end) break;
        eventAt = cursor + EVENT_LENGTH_BYTES;
        cursor = eventAt + length;
        left--;
      }
      if (left !== 0 || cursor !== end || count <= 0) {
        stop();
        this.#break();
        return at;
      }
      lastAt = eventAt;
      lastEnd = end;
      if (seeEvent !== undefined) showEvents(seeEvent, bytes, start, end, this.#position + at - from);
      const version = bytes[at + VERSION_AT] ?? 0;
      if (version !== 2) this.#noteVersion(version);
      if (checksChecksums) {
        const stored = readInt32(bytes, end) >>> 0;
        const isGood = crc32(bytes.subarray(start, end)) === stored;
        this.#noteChecksum(isGood, count, stored);
      }
      this.#events += count;
      at += lengthBytes;
    }
  }

  #beginLarge(bytes: Buffer, at: number): number {
    if (at + BLOCK_HEADER_BYTES > bytes.length) return this.#await(BLOCK_HEADER_BYTES, at);
    this.#large = new LargeTransaction(bytes.subarray(at, at + BLOCK_HEADER_BYTES));
    this.#phase = 'large';
    return at + BLOCK_HEADER_BYTES;
  }

  #readLarge(bytes: Buffer, at: number): number {
    const large = this.#large;
    if (large === null) return bytes.length;
    const taken = large.push(bytes.subarray(at));
    if (!large.isWhole) return at + taken;
    const { eventCount, lengthBytes } = large;
    this.#large = null;
    if (!large.isSound) {
      this.#break();
      // All of it has gone by.
      this.#hoppedEvents += Math.max(0, eventCount);
      return at + taken;
    }
    this.#position += lengthBytes;
    this.#options.missEvents?.();
    this.#lastEvent = null;
    this.#noteVersion(large.version);
    this.#noteChecksum(large.isChecksumGood, eventCount, large.checksum);
    this.#events += eventCount;
    this.#phase = 'transactions';
    return at + taken;
  }

  #noteChecksum(isGood: boolean, eventCount: number, checksum: number): void {
    if (!isGood) {
      if (this.#badChecksums.length < MOST_NAMED) this.#badChecksums.push(this.#tokenAt(this.#events));
    } else if (this.#options.keepsBlocks === true) {
      this.#blocks.push({ firstToken: this.#tokenAt(this.#events), eventCount, checksum });
    }
  }

  #noteVersion(version: number): void {
    if (this.#oddTransaction !== null || eventVersions.has(version)) return;
    this.#oddTransaction = { token: this.#tokenAt(this.#events), version };
  }

  /** What comes now makes no sense. The sizes may lead on. */
  #break(): void {
    this.#phase = 'hopping';
    this.#hoppedEvents = this.#events;
  }

  #hop(bytes: Buffer, from: number): number {
    let at = from + Math.min(this.#hopBytes, bytes.length - from);
    this.#hopBytes -= at - from;
    if (this.#hopBytes > 0 || at === bytes.length) return at;
    if (at + SIZE_BYTES > bytes.length) return this.#await(SIZE_BYTES, at);
    const sizeBytes = readInt32(bytes, at);
    if (sizeBytes === 0 || sizeBytes === END_MARKER) this.#endBySizes = this.#tokenAt(this.#hoppedEvents);
    if (sizeBytes <= 0) {
      this.#phase = 'done';
      return bytes.length;
    }
    if (at + BLOCK_HEADER_BYTES > bytes.length) return this.#await(BLOCK_HEADER_BYTES, at);
    this.#hoppedEvents += Math.max(0, bytes.readInt16BE(at + 5));
    this.#hopBytes = sizeBytes + TRANSACTION_OVERHEAD_BYTES - BLOCK_HEADER_BYTES;
    at += BLOCK_HEADER_BYTES;
    return at;
  }

  #seeRest(bytes: Buffer): void {
    if (!this.#isTorn && !isZero(bytes)) this.#isTorn = true;
  }

  #tokenAt(event: number): bigint {
    return this.#segment + BigInt(event);
  }
}

/** As `readInt32BE`, without its checks: so much is known to be there. */
function readInt32(bytes: Buffer, at: number): number {
  return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
}

function showEvents(see: SeeEvent, bytes: Buffer, start: number, end: number, position: number): void {
  for (let cursor = start; cursor < end;) {
    const at = cursor + EVENT_LENGTH_BYTES;
    const next = at + readInt32(bytes, cursor);
    see(bytes, at, next, position + cursor - start + BLOCK_HEADER_BYTES);
    cursor = next;
  }
}
