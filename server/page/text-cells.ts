/** Places in the page that show a value each, by name. Writes only what has changed: a quiet cluster costs nothing. */
export class TextCells {
  readonly #cells = new Map<string, HTMLElement>();

  /** Takes over every element below `root` that has a `data-cell`. */
  adopt(root: ParentNode): void {
    for (const cell of root.querySelectorAll<HTMLElement>('[data-cell]')) {
      this.#cells.set(cell.dataset['cell'] ?? '', cell);
    }
  }

  forget(): void {
    this.#cells.clear();
  }

  set(name: string, text: string): void {
    const cell = this.#cells.get(name);
    if (cell !== undefined && cell.textContent !== text) cell.textContent = text;
  }

  /** Whether what stands there is as it should not be. */
  mark(name: string, isTrouble: boolean): void {
    this.#cells.get(name)?.classList.toggle('alarm', isTrouble);
  }
}
