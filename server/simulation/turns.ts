/** Runs one piece of work at a time, in the order in which they were asked for. */
export class Turns {
  readonly #around: { readonly begin: () => void; readonly end: () => void };
  #last: Promise<unknown> = Promise.resolve();

  /** `begin` may refuse a turn by what it throws; `end` comes after the work, however that went. */
  constructor(around = { begin: (): void => undefined, end: (): void => undefined }) {
    this.#around = around;
  }

  take<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    const result = this.#last.then(async () => {
      this.#around.begin();
      try {
        return await work();
      } finally {
        this.#around.end();
      }
    });
    this.#last = result.catch(() => undefined);
    return result;
  }
}
