import { COLUMNS } from '../reporters/layout.ts';
import { formatDuration } from '../reporters/evidence-text.ts';

/** What the line is written to. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Back to the beginning of the line, and nothing in it. */
export const CLEAR = '\r\u001B[2K';

/**
 * The last line of a terminal: what is being played, and for how long. It makes way for each line that stays. Elsewhere than
 * on a terminal nothing of it is written.
 */
export class PlayingLine {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  readonly #isShown: boolean;
  /** Name → since when, in milliseconds of `now`. */
  readonly #playing = new Map<string, number>();

  constructor(terminal: Terminal, now: () => number, isWanted: boolean) {
    this.#terminal = terminal;
    this.#now = now;
    this.#isShown = isWanted && terminal.isTTY === true;
  }

  begin(name: string): void {
    this.#playing.set(name, this.#now());
    this.refresh();
  }

  /** Takes a scenario off, and writes the line that stays of it. */
  end(name: string, line: string | null): void {
    this.#playing.delete(name);
    this.clear();
    if (line !== null) this.#terminal.write(`${line}\n`);
    this.refresh();
  }

  /** Writes it anew, with the seconds of now. */
  refresh(): void {
    if (!this.#isShown) return;
    const names = [...this.#playing].map(
      ([name, sinceMs]) => `${name} ${formatDuration(Math.floor((this.#now() - sinceMs) / 1000))}`,
    );
    const text = names.length === 0 ? '' : `playing ${names.join(', ')}`;
    // A line that is broken could not be taken back. Some terminals have no width to tell.
    const columns = this.#terminal.columns ?? 0;
    this.#terminal.write(`${CLEAR}${text.slice(0, (columns > 0 ? columns : COLUMNS) - 1)}`);
  }

  clear(): void {
    if (this.#isShown) this.#terminal.write(CLEAR);
  }
}
