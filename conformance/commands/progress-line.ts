import { CLEAR, type Terminal } from './playing-line.ts';

/** One line of a terminal that is written over again and again; nothing where the stream is none. */
export class ProgressLine {
  readonly #terminal: Terminal;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  show(text: string): void {
    if (this.#terminal.isTTY === true) this.#terminal.write(`${CLEAR}${text}`);
  }

  /** Before anything else is written. */
  clear(): void {
    this.show('');
  }
}
