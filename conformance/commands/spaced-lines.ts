import type { Terminal } from './playing-line.ts';

/** Real milliseconds between two lines. */
const SPACE_MS = 60_000;

/** Progress where there is no terminal, as in the log of a CI: a line a minute, so that nobody takes long work for work that hangs. */
export class SpacedLines {
  readonly #stream: Terminal;
  readonly #now: () => number;
  #lastMs: number;

  /** `now` in milliseconds; the first line comes a minute from now. */
  constructor(stream: Terminal, now: () => number) {
    this.#stream = stream;
    this.#now = now;
    this.#lastMs = now();
  }

  tell(text: string): void {
    if (this.#stream.isTTY === true || this.#now() - this.#lastMs < SPACE_MS) return;
    this.#lastMs = this.#now();
    this.#stream.write(`${text}\n`);
  }
}
