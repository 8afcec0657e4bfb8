/** A planned call; `cancel()` makes it never happen. */
export interface Timer {
  readonly atMs: number;
  cancel(): void;
}

interface Due {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
  isCancelled: boolean;
}

/**
 * The time of the whole cluster: milliseconds since 1970, moved by nobody but `runUntil`. What is planned for one
 * instant runs in the order in which it was planned, so a schedule has one outcome.
 */
export class VirtualClock {
  readonly #heap: Due[] = [];
  #nowMs: number;
  #order = 0;

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  /** Milliseconds since 1970. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Plans `run` for an instant; one that has passed means "now", behind all that is planned for now already. */
  at(atMs: number, run: () => void): Timer {
    const due: Due = { atMs: Math.max(atMs, this.#nowMs), order: this.#order++, run, isCancelled: false };
    push(this.#heap, due);
    return {
      atMs: due.atMs,
      cancel: () => {
        due.isCancelled = true;
      },
    };
  }

  after(delayMs: number, run: () => void): Timer {
    return this.at(this.#nowMs + delayMs, run);
  }

  /**
   * Runs what falls due up to and including `untilMs`, in order, at most `maxCalls` of it. Returns true once `untilMs`
   * is reached, false when calls are left: the caller may see to other things and then call again.
   */
  runUntil(untilMs: number, maxCalls = Number.POSITIVE_INFINITY): boolean {
    let calls = 0;
    for (;;) {
      const next = this.#heap[0];
      if (next === undefined || next.atMs > untilMs) {
        this.#nowMs = Math.max(this.#nowMs, untilMs);
        return true;
      }
      if (calls >= maxCalls && !next.isCancelled) return false;
      pop(this.#heap);
      if (next.isCancelled) continue;
      this.#nowMs = next.atMs;
      next.run();
      calls++;
    }
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

function push(heap: Due[], due: Due): void {
  let hole = heap.length;
  heap.push(due);
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    const above = heap[parent] as Due;
    if (!isBefore(due, above)) break;
    heap[hole] = above;
    hole = parent;
  }
  heap[hole] = due;
}

function pop(heap: Due[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let hole = 0;
  for (;;) {
    let child = 2 * hole + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1] as Due, heap[child] as Due)) child++;
    if (!isBefore(heap[child] as Due, last)) break;
    heap[hole] = heap[child] as Due;
    hole = child;
  }
  heap[hole] = last;
}
