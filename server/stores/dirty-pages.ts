const PAGE_BYTES = 4096;
/** How long a written page waits for the disk, as Linux has it unless told otherwise. */
const WRITE_BACK_MS = 30_000;

/**
 * The pages of a memory-mapped file that were written and have not gone to the disk. On ext4 a write to such a page does
 * not move the file's modification time: bytes change while size and time do not. A page goes to the disk half a minute
 * after it was first written; the next write to it moves the time again.
 *
 * Not simulated: that a busy or a crowded machine writes pages earlier.
 */
export class DirtyPages {
  /** When each page was first written since the disk last got it, in virtual milliseconds since 1970. */
  readonly #since = new Map<number, number>();

  /** Notes a write of `length` bytes, one at least; true where it moves the modification time. */
  write(position: number, length: number, nowMs: number): boolean {
    let isMoved = false;
    for (let page = Math.floor(position / PAGE_BYTES); page * PAGE_BYTES < position + length; page++) {
      const since = this.#since.get(page);
      if (since !== undefined && nowMs - since < WRITE_BACK_MS) continue;
      this.#since.set(page, nowMs);
      isMoved = true;
    }
    return isMoved;
  }
}
