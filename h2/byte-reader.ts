import { H2Failure } from './failure.ts';

/** Reads bytes in their order and never past their end. Big-endian; no length is believed before it is seen to fit. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #base: number;
  readonly #isExpanded: boolean;
  #at = 0;

  /** `base` is where the bytes begin in the file; expanded bytes have no places of their own there. */
  constructor(bytes: Uint8Array, base: number, isExpanded = false) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#base = base;
    this.#isExpanded = isExpanded;
  }

  /** The place in the file, for failures; of expanded bytes that of their page. */
  get offset(): number {
    return this.#isExpanded ? this.#base : this.#base + this.#at;
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  fail(message: string): H2Failure {
    return new H2Failure('damaged', this.offset, message);
  }

  take(length: number): Uint8Array {
    if (length < 0 || length > this.remaining)
      throw this.fail(`${length} bytes are wanted, ${this.remaining} are left`);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  byte(): number {
    return this.take(1)[0] ?? 0;
  }

  /** The next byte, without passing it; -1 at the end. */
  peek(): number {
    return this.#bytes[this.#at] ?? -1;
  }

  int16(): number {
    this.take(2);
    return this.#view.getInt16(this.#at - 2);
  }

  int32(): number {
    this.take(4);
    return this.#view.getInt32(this.#at - 4);
  }

  int64(): bigint {
    this.take(8);
    return this.#view.getBigInt64(this.#at - 8);
  }

  /** Seven bits a byte, the lowest first, the top bit says that more follow; the fifth byte ends it. Signed. */
  varInt(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value |= shift === 28 ? byte << 28 : (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return value;
  }

  /** As {@link varInt}, of 64 bits in up to ten bytes. Signed. */
  varLong(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 64n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return BigInt.asIntN(64, value);
  }

  /** A count of things of which each has `size` bytes or more. */
  count(size = 1): number {
    const count = this.varInt();
    if (count < 0 || count * size > this.remaining) throw this.fail(`a count of ${count} does not fit`);
    return count;
  }

  /**
   * Text of so many UTF-16 units, each in one to three bytes of its own. Surrogates are not paired, and the bytes that
   * follow a first one carry six bits and no mark, other than in UTF-8.
   */
  text(units = this.count()): string {
    if (units > this.remaining) throw this.fail(`text of ${units} characters does not fit`);
    const codes: number[] = [];
    for (let unit = 0; unit < units; unit += 1) {
      const first = this.byte();
      if (first < 0x80) codes.push(first);
      else if (first >= 0xe0) codes.push(((first & 0x0f) << 12) | (this.#continuation() << 6) | this.#continuation());
      else codes.push(((first & 0x1f) << 6) | this.#continuation());
    }
    let text = '';
    for (let from = 0; from < codes.length; from += 4096)
      text += String.fromCharCode(...codes.slice(from, from + 4096));
    return text;
  }

  #continuation(): number {
    const byte = this.byte();
    if (byte >= 0x40) throw this.fail('text is not encoded as H2 does it');
    return byte;
  }
}
