import { crc32 } from 'node:zlib';
import { BLOCK_HEADER_BYTES, TRANSACTION_OVERHEAD_BYTES } from '../../../server/formats/event-segment.ts';

const LENGTH_BYTES = 4;
const CHECKSUM_BYTES = 4;

/**
 * A transaction that is too large to be in memory whole, read piece by piece behind its header (server/formats/event-segment.ts):
 * whether its events fill it, and whether its checksum is right.
 */
export class LargeTransaction {
  readonly eventCount: number;
  readonly version: number;
  readonly lengthBytes: number;
  /** Bytes of events that have not come yet, then of the checksum. */
  #left: number;
  #checksumLeft = CHECKSUM_BYTES;
  #eventsLeft: number;
  /** Bytes of the current event that have not come yet. */
  #eventLeft = 0;
  #length = 0;
  #lengthLeft = LENGTH_BYTES;
  #checksum = 0;
  #stored = 0;
  #fits = true;

  /** `header` is the transaction's first seven bytes. */
  constructor(header: Buffer) {
    this.#left = header.readInt32BE(0);
    this.lengthBytes = this.#left + TRANSACTION_OVERHEAD_BYTES;
    this.version = header[4] ?? 0;
    this.eventCount = header.readInt16BE(5);
    this.#eventsLeft = this.eventCount;
    this.#fits = header.length >= BLOCK_HEADER_BYTES && this.eventCount > 0;
  }

  /** Takes what belongs to it, and returns how many bytes those are. */
  push(bytes: Buffer): number {
    const body = bytes.subarray(0, this.#left);
    this.#left -= body.length;
    this.#checksum = crc32(body, this.#checksum);
    this.#follow(body);
    const end = Math.min(bytes.length, body.length + (this.#left === 0 ? this.#checksumLeft : 0));
    for (let at = body.length; at < end; at++) this.#stored = ((this.#stored << 8) | (bytes[at] ?? 0)) >>> 0;
    this.#checksumLeft -= end - body.length;
    return end;
  }

  get isWhole(): boolean {
    return this.#left === 0 && this.#checksumLeft === 0;
  }

  /** Whether its events are as many as it says, and fill it. */
  get isSound(): boolean {
    return this.#fits && this.#eventsLeft === 0 && this.#eventLeft === 0 && this.#lengthLeft === LENGTH_BYTES;
  }

  /** As it is stored. */
  get checksum(): number {
    return this.#stored;
  }

  get isChecksumGood(): boolean {
    return this.#checksum === this.#stored;
  }

  #follow(body: Buffer): void {
    for (let at = 0; at < body.length && this.#fits;) {
      if (this.#eventLeft > 0) {
        const taken = Math.min(this.#eventLeft, body.length - at);
        this.#eventLeft -= taken;
        at += taken;
        continue;
      }
      this.#length = (this.#length << 8) | (body[at++] ?? 0);
      if (--this.#lengthLeft > 0) continue;
      this.#eventsLeft--;
      this.#fits = this.#length >= 0 && this.#eventsLeft >= 0;
      this.#eventLeft = this.#length;
      this.#length = 0;
      this.#lengthLeft = LENGTH_BYTES;
    }
  }
}
