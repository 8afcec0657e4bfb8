import type { LogPayload } from '../terms/log-payload.ts';

/** Payloads kept for members that have yet to apply them; one that lags further reads them from its log. */
const MOST_PAYLOADS_KEPT = 5000;

/** What the entries of a log hold that not all members have applied yet, so that it need not be read back. */
export class PayloadsUnderWay {
  /** Ascending, as a log grows. */
  readonly #payloads = new Map<number, LogPayload>();

  keep(index: number, payload: LogPayload): void {
    this.#payloads.set(index, payload);
  }

  /** Null where it is no longer kept. */
  at(index: number): LogPayload | null {
    return this.#payloads.get(index) ?? null;
  }

  /** What there is behind an index, up to another one. */
  between(behindIndex: number, lastIndex: number): Array<readonly [index: number, payload: LogPayload]> {
    return [...this.#payloads].filter(([index]) => index > behindIndex && index <= lastIndex);
  }

  /** Forgets what everybody has applied, and what is too far behind `acknowledgedIndex`. */
  forget(appliedIndex: number, acknowledgedIndex: number): void {
    const keepFrom = Math.max(appliedIndex + 1, acknowledgedIndex - MOST_PAYLOADS_KEPT);
    // Those that are kept, not the numbers: an applied index out of a damaged database may be any.
    for (const index of this.#payloads.keys()) {
      if (index >= keepFrom) return;
      this.#payloads.delete(index);
    }
  }

  clear(): void {
    this.#payloads.clear();
  }
}
