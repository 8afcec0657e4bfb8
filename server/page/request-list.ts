import type { JournalEntry } from '../simulation/request-journal.ts';
import { element } from './element.ts';
import { RollingList } from './rolling-list.ts';
import { formatListed } from './virtual-time.ts';

/** How many requests of the past a page asks for. */
const MOST_ASKED_FOR = 200;

/** The requests to the public API of all nodes: those of the past from the journal, then as they come. */
export class RequestList {
  readonly #list: RollingList<JournalEntry>;
  /** What came while the journal was asked, or null while nobody asks it. */
  #cameMeanwhile: JournalEntry[] | null = null;

  constructor(body: HTMLElement) {
    this.#list = new RollingList(body, rowOf);
  }

  add(entry: JournalEntry): void {
    if (this.#cameMeanwhile === null) this.#list.add(entry);
    else this.#cameMeanwhile.push(entry);
  }

  hold(isHeld: boolean): void {
    this.#list.hold(isHeld);
  }

  /** Begins anew with what the journal has. */
  async refetch(): Promise<void> {
    this.#cameMeanwhile = [];
    try {
      const answer = await fetch(`/_sim/requests?last=${MOST_ASKED_FOR}`);
      const entries = (await answer.json()) as readonly JournalEntry[];
      const lastSeq = entries.at(-1)?.seq ?? 0;
      this.#list.replace([...entries, ...this.#cameMeanwhile.filter(({ seq }) => seq > lastSeq)]);
    } finally {
      this.#cameMeanwhile = null;
    }
  }
}

function rowOf(entry: JournalEntry): HTMLElement {
  const { status, method, bytes, fault } = entry;
  const isGood = status >= 200 && status < 400;
  return element(
    'tr',
    {},
    element('td', { class: 'time' }, formatListed(entry.virtualTime)),
    element('td', { class: 'place' }, entry.node),
    element('td', { class: 'call' }, element('b', {}, method), ` ${entry.path}${formatQuery(entry.query)}`),
    element('td', { class: isGood ? 'number' : 'number bad' }, status === 0 ? 'no answer' : String(status)),
    element('td', { class: 'number' }, bytes.toLocaleString('en')),
    element('td', fault === null ? {} : { class: 'bad' }, fault ?? ''),
  );
}

function formatQuery(query: JournalEntry['query']): string {
  const pairs = Object.entries(query).flatMap(([name, values]) => [values].flat().map((value) => `${name}=${value}`));
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}
