/**
 * Gives a reader of records bytes that come piece by piece: each record whole, and of the pieces no more in memory than what
 * of a record lies across their borders.
 */
export class PieceJoiner {
  readonly #read: (bytes: Buffer) => number;
  /** The beginning of a record, copied, as pieces are gone with the next. */
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #neededBytes = 1;

  /** `read` goes as far as it can and returns how many bytes it has done with; before it stops short, it calls `need`. */
  constructor(read: (bytes: Buffer) => number) {
    this.#read = read;
  }

  /** So many bytes must be there, from the first that is not done with, before it is worth to read on. */
  need(bytes: number): void {
    this.#neededBytes = bytes;
  }

  push(piece: Buffer): void {
    let from = 0;
    while (this.#waitingBytes > 0) {
      const part = piece.subarray(from, from + Math.max(1, this.#neededBytes - this.#waitingBytes));
      this.#keep(part);
      from += part.length;
      if (this.#waitingBytes < this.#neededBytes) return;
      const record = this.#waiting.length === 1 && this.#waiting[0] ? this.#waiting[0] : Buffer.concat(this.#waiting);
      this.#waiting = [];
      this.#waitingBytes = 0;
      this.#keepRest(record, this.#read(record));
    }
    if (from < piece.length) {
      const rest = from === 0 ? piece : piece.subarray(from);
      this.#keepRest(rest, this.#read(rest));
    }
  }

  /** What is left of a record that breaks off, once there are no more pieces. */
  get left(): Buffer {
    return Buffer.concat(this.#waiting);
  }

  #keepRest(bytes: Buffer, doneBytes: number): void {
    if (doneBytes < bytes.length) this.#keep(bytes.subarray(doneBytes));
  }

  #keep(part: Buffer): void {
    if (part.length === 0) return;
    this.#waiting.push(Buffer.from(part));
    this.#waitingBytes += part.length;
  }
}
