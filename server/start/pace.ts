/** How often virtual time follows the real one. */
export const PACE_MS = 100;

/**
 * Real milliseconds of one piece of it, before others, requests above all, have their turn. Each piece ends with all files
 * brought up to date, which costs as much as thousands of transactions: smaller ones would do little else.
 */
const PIECE_MS = 100;

/** Real milliseconds in which an answer that takes several turns of the event loop gets done. */
const GAP_MS = 10;

/** Virtual milliseconds of the first piece, of which nobody knows yet what they take. */
const FIRST_PIECE_MS = 1000;

export interface PaceOptions {
  /** Virtual milliseconds for each real one. */
  readonly speed: number;
  /** Lets so many virtual milliseconds pass. */
  readonly advance: (byMs: number) => Promise<void>;
  /** Real milliseconds since whenever. */
  readonly nowMs: () => number;
  /** Comes back after so many real milliseconds. */
  readonly waitMs: (milliseconds: number) => Promise<void>;
}

/**
 * Lets virtual time follow real time, in pieces that leave room for requests in between. What a machine cannot keep up with is
 * not made up for later: time then passes more slowly than was asked for, rather than in steps that grow with what is owed.
 */
export class Pace {
  readonly #options: PaceOptions;
  #followedMs: number;
  #pieceMs = FIRST_PIECE_MS;
  #isMoving = false;
  #isStopped = false;

  constructor(options: PaceOptions) {
    this.#options = options;
    this.#followedMs = options.nowMs();
  }

  /** To be called every `PACE_MS`; while an earlier call is at work, another does nothing. Fails as `advance` does. */
  async follow(): Promise<void> {
    if (this.#isMoving) return;
    this.#isMoving = true;
    try {
      await this.#follow();
    } finally {
      this.#isMoving = false;
    }
  }

  /** Nothing new begins after it. */
  stop(): void {
    this.#isStopped = true;
  }

  async #follow(): Promise<void> {
    const { speed, advance, nowMs, waitMs } = this.#options;
    const startMs = nowMs();
    let owedMs = Math.round((startMs - this.#followedMs) * speed);
    this.#followedMs = startMs;
    while (owedMs > 0 && !this.#isStopped) {
      const byMs = Math.min(owedMs, this.#pieceMs);
      const beganMs = nowMs();
      await advance(byMs);
      this.#learn(byMs, nowMs() - beganMs);
      owedMs -= byMs;
      if (owedMs > 0) await waitMs(GAP_MS);
      if (nowMs() - startMs >= PACE_MS) return;
    }
  }

  /** A piece that took long makes the next ones smaller, and one that did not makes them larger, twice as large at most. */
  #learn(byMs: number, tookMs: number): void {
    const fitting = (byMs * PIECE_MS) / Math.max(tookMs, 1);
    if (byMs < this.#pieceMs && fitting > this.#pieceMs) return;
    this.#pieceMs = Math.max(1, Math.round(Math.min(fitting, this.#pieceMs * 2)));
  }
}
