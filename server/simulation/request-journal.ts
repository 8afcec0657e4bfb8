/** One request as a node has seen it. */
export interface JournalEntry {
  /** From 1, in the order in which the requests were over; those of one instant are told apart by `virtualTime`. */
  readonly seq: number;
  /** ISO 8601, virtual, at arrival. */
  readonly virtualTime: string;
  readonly node: string;
  readonly method: string;
  readonly path: string;
  /** As it was sent, without defaults; a token shows as `***`. */
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** 0 where the connection ended without an answer. */
  readonly status: number;
  /** Bytes of the body that were sent. */
  readonly bytes: number;
  /** What a planned fault did to it, or null. */
  readonly fault: string | null;
}

const MOST_ENTRIES = 100_000;
const SECRET_PARAMETER = 'axoniq-access-token';

/** The requests to the public API, newest last. It keeps the last 100,000: a served cluster may live for weeks. */
export class RequestJournal {
  #entries: JournalEntry[] = [];
  #seq = 0;
  readonly #listeners = new Set<(entry: JournalEntry) => void>();

  /** Of the newest entry; 0 where there is none. */
  get lastSeq(): number {
    return this.#seq;
  }

  /** Entries above `afterSeq`, oldest first. */
  after(afterSeq: number): readonly JournalEntry[] {
    const firstSeq = this.#entries[0]?.seq ?? 1;
    return this.#entries.slice(Math.max(0, afterSeq + 1 - firstSeq));
  }

  note(entry: Omit<JournalEntry, 'seq'>): void {
    const query = Object.fromEntries(
      Object.entries(entry.query).map(([name, value]) => [
        name,
        name.toLowerCase() === SECRET_PARAMETER ? '***' : value,
      ]),
    );
    const noted = { seq: ++this.#seq, ...entry, query };
    this.#entries.push(noted);
    if (this.#entries.length >= 2 * MOST_ENTRIES) this.#entries = this.#entries.slice(-MOST_ENTRIES);
    for (const listener of this.#listeners) listener(noted);
  }

  /** Calls `listener` for each new entry; the result ends that. */
  onEntry(listener: (entry: JournalEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  clear(): void {
    this.#entries = [];
    this.#seq = 0;
  }
}
