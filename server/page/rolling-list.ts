import { oncePerFrame } from './pacing.ts';

/** Rows that a list holds; older ones make room. */
const MOST_ROWS = 200;

/**
 * A table of the newest things, newest first. Whatever comes in between two pictures is drawn at once, and of a flood
 * only what can still be seen.
 */
export class RollingList<Item> {
  readonly #body: HTMLElement;
  readonly #toRow: (item: Item) => HTMLElement;
  readonly #draw = oncePerFrame(() => this.#drawPending());
  #pending: Item[] = [];
  #isHeld = false;

  constructor(body: HTMLElement, toRow: (item: Item) => HTMLElement) {
    this.#body = body;
    this.#toRow = toRow;
  }

  add(item: Item): void {
    this.#pending.push(item);
    if (this.#pending.length >= 2 * MOST_ROWS) this.#pending = this.#pending.slice(-MOST_ROWS);
    this.#draw();
  }

  /** Shows these, oldest first, and nothing else. */
  replace(items: readonly Item[]): void {
    this.#body.replaceChildren();
    this.#pending = items.slice(-MOST_ROWS);
    this.#draw();
  }

  /** Lets the list stand as it is, for somebody to read it; what comes meanwhile is shown afterwards. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#draw();
  }

  #drawPending(): void {
    if (this.#isHeld) return;
    const rows = this.#pending.slice(-MOST_ROWS).toReversed().map(this.#toRow);
    this.#pending = [];
    this.#body.prepend(...rows);
    while (this.#body.childElementCount > MOST_ROWS) this.#body.lastElementChild?.remove();
  }
}
