import { CLEAR, type Terminal } from './playing-line.ts';

/** One line of a terminal that is written over again and again; nothing where the stream is none. */
export class ProgressLine {
  readonly #terminal: Terminal;
  #shown = '';

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Nothing is written where it says the same as before. */
  show(text: string): void {
    if (this.#terminal.isTTY === true && this.#shown !== text) this.#terminal.write(`${CLEAR}${this.#fitting(text)}`);
    this.#shown = text;
  }

  /** Before anything else is written. */
  clear(): void {
    this.show('');
  }

  /** A line that is broken could not be taken back. Some terminals have no width to tell. */
  #fitting(text: string): string {
    const columns = this.#terminal.columns ?? 0;
    return columns > 0 ? text.slice(0, columns - 1) : text;
  }
}
