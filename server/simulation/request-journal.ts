/** One request as a node has seen it. */
export interface JournalEntry {
  /** From 1, in the order in which the requests were over; those of one instant are told apart by `virtualTime`. */
  readonly seq: number;
  /** ISO 8601, virtual, at arrival. */
  readonly virtualTime: string;
  readonly node: string;
  readonly method: string;
  /** Its first thousand characters; a token shows as `***`, here as in the query. */
  readonly path: string;
  /** As it was sent, without defaults; of a long one the beginning, and how much there was. */
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** 0 where the connection ended without an answer. */
  readonly status: number;
  /** Bytes of the body that were sent. */
  readonly bytes: number;
  /** What a planned fault changed for the caller, or null where that is nothing. */
  readonly fault: string | null;
}

const MOST_ENTRIES = 100_000;
/** Of the entries as JSON, in memory: room for so many entries of the usual size. */
const MOST_BYTES = 32 << 20;
/** What a text takes beside its characters. */
const BYTES_PER_TEXT = 40;

/** Answers are made of pieces of this many characters. */
const PIECE_CHARACTERS = 1 << 16;

/**
 * The requests to the public API, newest last. It keeps the last 100,000 of them, or as many as 32 MiB hold: a served
 * cluster may live for weeks, and a client may ask for anything. As JSON, whose size is known, whatever is in it.
 */
export class RequestJournal {
  #texts: string[] = [];
  /** Place in `#texts` of the oldest that is kept. */
  #first = 0;
  #bytes = 0;
  #seq = 0;
  #clearings = 0;
  readonly #listeners = new Set<(entry: JournalEntry, json: string) => void>();

  /** Of the newest entry; 0 where there is none. */
  get lastSeq(): number {
    return this.#seq;
  }

  /** Bytes that the entries take in memory, nearly. */
  get usedBytes(): number {
    return this.#bytes;
  }

  /** Entries above `afterSeq`, oldest first. */
  after(afterSeq: number): readonly JournalEntry[] {
    return this.#texts.slice(this.#placeAfter(afterSeq)).map((text) => JSON.parse(text) as JournalEntry);
  }

  /** The same as one JSON text, piece by piece: whoever reads slowly is not kept in memory for. */
  *jsonAfter(afterSeq: number): Generator<string, void, undefined> {
    const lastSeq = this.#seq;
    const clearings = this.#clearings;
    let seq = afterSeq;
    let piece = '[';
    while (seq < lastSeq && clearings === this.#clearings) {
      const place = this.#placeAfter(seq);
      // Those that were forgotten since the last piece are left out.
      seq = this.#seq - (this.#texts.length - place) + 1;
      if (seq > lastSeq) break;
      piece += `${piece === '[' ? '' : ','}${this.#texts[place] ?? ''}`;
      if (piece.length < PIECE_CHARACTERS) continue;
      yield piece;
      piece = '';
    }
    yield `${piece}]`;
  }

  note(entry: Omit<JournalEntry, 'seq'>): void {
    const noted = { seq: ++this.#seq, ...entry };
    const json = JSON.stringify(noted);
    this.#texts.push(json);
    this.#bytes += bytesOf(json);
    while (this.#texts.length - this.#first > MOST_ENTRIES || this.#bytes > MOST_BYTES) this.#forgetOldest();
    if (this.#first > MOST_ENTRIES) {
      this.#texts = this.#texts.slice(this.#first);
      this.#first = 0;
    }
    for (const listener of this.#listeners) listener(noted, json);
  }

  /** Calls `listener` for each new entry, with its JSON; the result ends that. */
  onEntry(listener: (entry: JournalEntry, json: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  clear(): void {
    this.#texts = [];
    this.#first = 0;
    this.#bytes = 0;
    this.#seq = 0;
    this.#clearings++;
  }

  #placeAfter(seq: number): number {
    const placeOfFirstEver = this.#texts.length - this.#seq;
    return Math.min(this.#texts.length, Math.max(this.#first, placeOfFirstEver + seq));
  }

  #forgetOldest(): void {
    this.#bytes -= bytesOf(this.#texts[this.#first] ?? '');
    this.#texts[this.#first++] = '';
  }
}

/** A text with a character beyond Latin-1 takes two bytes for each. */
function bytesOf(json: string): number {
  return BYTES_PER_TEXT + (/[\u0100-\u{10ffff}]/u.test(json) ? 2 : 1) * json.length;
}
