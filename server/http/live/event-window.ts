/** What the newest of many messages may take in memory: bytes, and as much again for each as it takes beside its bytes. */
const MOST_BYTES = 8 << 20;
const BYTES_PER_PIECE = 256;
const BYTES_LEFT = 7 << 20;

/**
 * The newest part of an endless text, in numbered pieces. All readers of it share the pieces, so that one more costs
 * nothing, however far behind it is.
 */
export class EventWindow {
  #pieces: Buffer[] = [];
  /** Number of the oldest piece that is kept. */
  #first = 0;
  #bytes = 0;

  /** Number of the oldest piece that can still be had. */
  get first(): number {
    return this.#first;
  }

  /** Number of the piece that comes next. */
  get end(): number {
    return this.#first + this.#pieces.length;
  }

  get usedBytes(): number {
    return this.#bytes;
  }

  push(text: string): void {
    const piece = Buffer.from(text, 'utf8');
    this.#pieces.push(piece);
    this.#bytes += sizeOf(piece);
    if (this.#bytes <= MOST_BYTES) return;
    // More than need be, so that it is not for each piece that all the others move up.
    let forgotten = 0;
    while (this.#bytes > BYTES_LEFT && forgotten < this.#pieces.length) {
      this.#bytes -= sizeOf(this.#pieces[forgotten++] as Buffer);
    }
    this.#drop(forgotten);
  }

  /** Null for a piece that is forgotten, or that has not come yet. */
  at(number: number): Buffer | null {
    return this.#pieces[number - this.#first] ?? null;
  }

  /** Forgets what nobody waits for any more; numbers go on. */
  forgetBefore(number: number): void {
    const forgotten = Math.min(this.#pieces.length, Math.max(0, number - this.#first));
    for (const piece of this.#pieces.slice(0, forgotten)) this.#bytes -= sizeOf(piece);
    this.#drop(forgotten);
  }

  #drop(pieces: number): void {
    if (pieces === 0) return;
    this.#pieces = this.#pieces.slice(pieces);
    this.#first += pieces;
  }
}

function sizeOf(piece: Buffer): number {
  return piece.length + BYTES_PER_PIECE;
}
