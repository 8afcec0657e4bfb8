import type { Timer, VirtualClock } from '../../time-and-chance/clock.ts';

/** `sync-interval` of the server: the job closes one full segment a tick (docs/event-segment-format.md, section 5). */
const CLOSE_JOB_INTERVAL_MS = 1000;

/** What the job works on: the segments of one event store, or of one log. */
export interface ClosableSegments {
  /** Whether there are some that are full and not closed yet. */
  readonly hasFullSegments: () => boolean;
  /** Closes the lowest of them, with its index; where that fails, a later tick tries again. */
  readonly closeNext: () => void;
}

/** Closes what is full, one segment a tick; it ticks once a second, counted from the start of the node. */
export class CloseJob {
  readonly #clock: VirtualClock;
  readonly #segments: ClosableSegments;
  readonly #startedAtMs: number;
  #timer: Timer | null = null;

  constructor(clock: VirtualClock, segments: ClosableSegments) {
    this.#clock = clock;
    this.#segments = segments;
    this.#startedAtMs = clock.nowMs;
  }

  /** Plans the next tick, where there is something to do and it is not planned yet. */
  plan(): void {
    if (this.#timer !== null || !this.#segments.hasFullSegments()) return;
    const ticks = Math.floor((this.#clock.nowMs - this.#startedAtMs) / CLOSE_JOB_INTERVAL_MS) + 1;
    this.#timer = this.#clock.at(this.#startedAtMs + ticks * CLOSE_JOB_INTERVAL_MS, () => {
      this.#timer = null;
      try {
        this.#segments.closeNext();
      } finally {
        this.plan();
      }
    });
  }

  /** Closes all that is left, as a clean stop does, and ends. */
  finish(): void {
    this.cancel();
    while (this.#segments.hasFullSegments()) this.#segments.closeNext();
  }

  cancel(): void {
    this.#timer?.cancel();
  }
}
