import type { ClusterState } from '../http/live/cluster-state.ts';
import { element, elementAt } from './element.ts';
import { atMostEvery } from './pacing.ts';

/** Drawing costs the server something: once a second is enough to see things move. */
const GAP_MS = 1000;

/** Narrower than this a timeline cannot be drawn; it is then scrolled, and shows its end, where the present is. */
const LEAST_WIDTH_PX = 480;

/** The timeline of one node, drawn anew by the server while the cluster moves. */
export class TimelinePanel {
  readonly #host = elementAt('timeline');
  readonly #node = selectAt('timeline-node');
  readonly #window = selectAt('timeline-window');
  readonly #link = elementAt('timeline-link');
  readonly #ownNode: string;
  readonly #refresh = atMostEvery(GAP_MS, () => this.#load());
  #now = '';
  #isAtEnd = true;

  constructor(ownNode: string) {
    this.#ownNode = ownNode;
    this.#node.addEventListener('change', () => this.#refresh());
    this.#window.addEventListener('change', () => this.#refresh());
    this.#host.addEventListener('scroll', () => {
      const { scrollLeft, clientWidth, scrollWidth } = this.#host;
      this.#isAtEnd = scrollLeft + clientWidth >= scrollWidth - 2;
    });
    addEventListener('resize', () => {
      this.#keepPresentInSight();
      this.#refresh();
    });
    document.addEventListener('visibilitychange', () => this.#refresh());
  }

  show({ nodes, now }: ClusterState): void {
    if (this.#node.options.length !== nodes.length) {
      this.#node.replaceChildren(...nodes.map(({ name }) => element('option', { value: name }, name)));
      this.#node.value = this.#ownNode;
    }
    this.#now = now;
    this.#refresh();
  }

  /** Unless whoever looks has scrolled away from it. */
  #keepPresentInSight(): void {
    if (this.#isAtEnd) this.#host.scrollLeft = this.#host.scrollWidth;
  }

  #put(picture: HTMLImageElement): void {
    const leftPx = this.#host.scrollLeft;
    this.#host.replaceChildren(picture);
    this.#host.scrollLeft = leftPx;
    this.#keepPresentInSight();
  }

  /** The next picture takes the place of the last one when it is there, and not before: nothing flickers. */
  async #load(): Promise<void> {
    if (document.hidden) return;
    const [node, past] = [this.#node.value, this.#window.selectedOptions[0]];
    const path = `/_sim/nodes/${encodeURIComponent(node)}/timeline.svg?window=${past?.value ?? '3h'}`;
    this.#link.setAttribute('href', path);
    const width = Math.max(LEAST_WIDTH_PX, this.#host.clientWidth);
    // The time makes it another address: a browser that has shown a picture does not ask for it again.
    const src = `${path}&width=${width}&at=${this.#now}`;
    const alt = `Timeline of ${node} over ${past?.text ?? ''}: segments, logs, cleaning and requests`;
    const picture = element('img', { src, alt, width: String(width) });
    // A server that has gone is told of elsewhere; its last picture stays.
    await picture.decode().then(
      () => this.#put(picture),
      () => undefined,
    );
  }
}

function selectAt(id: string): HTMLSelectElement {
  const select = elementAt(id);
  if (select instanceof HTMLSelectElement) return select;
  throw new Error(`#${id} is no select`);
}
