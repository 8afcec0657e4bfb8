import type { RefusedControlCall, RefusedControlCalls } from '../evidence.ts';

/** So many calls are kept; a client that calls in a loop makes thousands. */
const MOST_KEPT = 20;
/** Of a path that may be as long as the client likes. */
const MOST_PATH_CHARACTERS = 200;

/** Calls of the closed control API, as many as there is use for, and all of them counted. */
export class RefusedCalls {
  readonly #first: RefusedControlCall[] = [];
  #count = 0;

  get calls(): RefusedControlCalls {
    return { count: this.#count, first: [...this.#first] };
  }

  add(call: RefusedControlCall): void {
    this.#count++;
    const { path } = call;
    const isLong = path.length > MOST_PATH_CHARACTERS;
    const told = isLong ? { ...call, path: `${path.slice(0, MOST_PATH_CHARACTERS)}…` } : call;
    if (this.#first.length < MOST_KEPT) this.#first.push(told);
  }

  /** These and the others, which came before. */
  with(others: RefusedCalls): RefusedCalls {
    const both = new RefusedCalls();
    both.#first.push(...[...others.#first, ...this.#first].slice(0, MOST_KEPT));
    both.#count = others.#count + this.#count;
    return both;
  }
}
