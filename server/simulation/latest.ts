/** The newest of many things, oldest first; it forgets the others. Keeping one more costs the same, however many came. */
export class Latest<Item> {
  readonly #most: number;
  #items: Item[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  keep(item: Item): void {
    this.#items.push(item);
    if (this.#items.length >= 2 * this.#most) this.#items = this.#items.slice(-this.#most);
  }

  get items(): readonly Item[] {
    return this.#items.slice(-this.#most);
  }

  /** No more than `most` of them, which is 1 or more. */
  newest(most: number): readonly Item[] {
    return this.#items.slice(-Math.min(most, this.#most));
  }

  clear(): void {
    this.#items = [];
  }
}
