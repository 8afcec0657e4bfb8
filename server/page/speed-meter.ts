/** Over so many real milliseconds. */
const WINDOW_MS = 10_000;
/** Before that nobody can tell. */
const LEAST_MS = 3000;

/** How fast virtual time really passes, from what the cluster tells of its clock. */
export class SpeedMeter {
  #samples: Array<{ readonly virtualMs: number; readonly realMs: number }> = [];

  /** The clock stands at `virtualMs`, at `realMs` of the page's own. */
  note(virtualMs: number, realMs: number): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && virtualMs < last.virtualMs) this.#samples = [];
    const first = this.#samples.findLastIndex((sample) => realMs - sample.realMs >= WINDOW_MS);
    if (first > 0) this.#samples.splice(0, first);
    this.#samples.push({ virtualMs, realMs });
  }

  /** What was told so far is of no use: the connection was lost in between. */
  forget(): void {
    this.#samples = [];
  }

  /** Virtual seconds a real second until `realMs`; null while there is too little to go by. */
  speedAt(realMs: number): number | null {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || realMs - first.realMs < LEAST_MS) return null;
    return (last.virtualMs - first.virtualMs) / (realMs - first.realMs);
  }
}
