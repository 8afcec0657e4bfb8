/** So much of the zeros behind the last byte that is none stays: what a reader looks for there, it finds. */
const KEPT_REST_BYTES = 1 << 16;

const ZEROS = Buffer.alloc(1 << 16);

/**
 * A preallocated file as far as it is written: its bytes up to the last one that is not zero, and the beginning of the zeros
 * behind it. Pieces are given in their order; of a gigabyte of zeros nothing stays in memory.
 */
export class WithoutRest {
  readonly #kept: Buffer[] = [];
  #zeros = 0;

  add(piece: Buffer): void {
    const end = endOfContent(piece);
    if (end > 0) {
      for (let left = this.#zeros; left > 0; left -= ZEROS.length)
        this.#kept.push(ZEROS.subarray(0, Math.min(left, ZEROS.length)));
      this.#zeros = 0;
      this.#kept.push(Buffer.from(piece.subarray(0, end)));
    }
    this.#zeros += piece.length - end;
  }

  bytes(): Buffer {
    return Buffer.concat([...this.#kept, ZEROS.subarray(0, Math.min(this.#zeros, KEPT_REST_BYTES))]);
  }
}

/** Behind the last byte that is not zero. */
export function endOfContent(bytes: Buffer): number {
  let end = bytes.length;
  while (end >= ZEROS.length && bytes.compare(ZEROS, 0, ZEROS.length, end - ZEROS.length, end) === 0)
    end -= ZEROS.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return end;
}
