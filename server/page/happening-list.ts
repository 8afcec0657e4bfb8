import type { Happening } from '../http/live/stream-messages.ts';
import { element } from './element.ts';
import { parseExactJson } from './exact-figures.ts';
import { describeHappening, placeOf } from './happening-text.ts';
import { RollingList } from './rolling-list.ts';
import { formatListed } from './virtual-time.ts';

const troubles: ReadonlySet<Happening['kind']> = new Set([
  'leader-lost',
  'apply-failed',
  'group-failed',
  'log-lost',
  'node-crashed',
  'workload-paused',
]);

/** How much of the past a page asks for. */
const MOST_ASKED_FOR = 200;

/** What has happened in the cluster before the page was opened, and then what happens as it happens. */
export class HappeningList {
  readonly #list: RollingList<Happening>;
  /** What came while the past was asked for, or null while nobody asks. */
  #cameMeanwhile: Happening[] | null = null;

  constructor(body: HTMLElement) {
    this.#list = new RollingList(body, rowOf);
  }

  add(event: Happening): void {
    if (this.#cameMeanwhile === null) this.#list.add(event);
    else this.#cameMeanwhile.push(event);
  }

  hold(isHeld: boolean): void {
    this.#list.hold(isHeld);
  }

  /** Begins anew with what the cluster still knows. What came meanwhile may be in it already. */
  async refetch(): Promise<void> {
    this.#cameMeanwhile = [];
    try {
      const answer = await fetch(`/_sim/happenings?last=${MOST_ASKED_FOR}`);
      const past = parseExactJson(await answer.text()) as readonly Happening[];
      const known = new Set(past.map((event) => JSON.stringify(event)));
      this.#list.replace([...past, ...this.#cameMeanwhile.filter((event) => !known.has(JSON.stringify(event)))]);
    } finally {
      this.#cameMeanwhile = null;
    }
  }
}

function rowOf(event: Happening): HTMLElement {
  return element(
    'tr',
    {},
    element('td', { class: 'time' }, formatListed(event.virtualTime)),
    element('td', { class: 'place' }, placeOf(event)),
    element('td', troubles.has(event.kind) ? { class: 'bad' } : {}, describeHappening(event)),
  );
}
