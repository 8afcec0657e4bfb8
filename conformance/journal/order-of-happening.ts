/**
 * Numbers what happens in a scenario: the beginnings and ends of runs, the answers to their requests, and what happens in
 * the cluster. Of two things in one virtual millisecond the number alone says which came first.
 */
export class OrderOfHappening {
  #last = 0;

  /** The number of what happens now. */
  next(): number {
    return ++this.#last;
  }
}

/** Something that has its place in that order. */
export interface Happened {
  readonly seq: number;
}

/** From its first moment to its last. */
export interface Span {
  readonly startSeq: number;
  readonly endSeq: number;
}

/** Whether something happened while a span lasted. */
export function isWithinSpan({ seq }: Happened, { startSeq, endSeq }: Span): boolean {
  return seq > startSeq && seq < endSeq;
}
