import type { ClusterState } from '../http/cluster-state.ts';
import { describeFacts } from './cluster-facts.ts';
import { ControlPanel } from './control-panel.ts';
import { elementAt } from './element.ts';
import { createHappeningList } from './happening-list.ts';
import { followCluster } from './live-feed.ts';
import { NodeCards } from './node-cards.ts';
import { atMostEvery, oncePerFrame } from './pacing.ts';
import { RequestList } from './request-list.ts';
import { TextCells } from './text-cells.ts';
import { TimelinePanel } from './timeline-panel.ts';
import { formatInstant } from './virtual-time.ts';

/** However much happens, the state is asked for four times a second at most. */
const STATE_GAP_MS = 250;

const ownNode = document.querySelector<HTMLMetaElement>('meta[name="axon-node"]')?.content ?? '';
const banner = new TextCells();
banner.adopt(document);
const cards = new NodeCards(elementAt('nodes'), ownNode);
const panel = new ControlPanel(elementAt('controls'));
const requests = new RequestList(elementAt('requests'));
const happenings = createHappeningList(elementAt('happenings'));
const timeline = new TimelinePanel(ownNode);

let now = '';
const drawClock = oncePerFrame(() => banner.set('now', formatInstant(now)));

const refreshState = atMostEvery(STATE_GAP_MS, async () => {
  // A server that has gone is told of by the stream, and so is its return.
  const answer = await fetch('/_sim/state').catch(() => null);
  if (answer?.ok !== true) return;
  const state = (await answer.json()) as ClusterState;
  for (const [name, text] of Object.entries(describeFacts(state))) banner.set(name, text);
  cards.show(state);
  panel.show(state);
  timeline.show(state);
});

followCluster({
  opened: () => {
    showConnection('live', 'live');
    resync();
  },
  lost: () => showConnection('lost', 'connection lost, trying again'),
  clock: (message) => {
    // Time goes back with a reset, or where a server begins anew: nothing that was told is true any more.
    if (message.now < now) {
      happenings.replace([]);
      resync();
    }
    now = message.now;
    drawClock();
    refreshState();
  },
  cluster: (event) => {
    happenings.add(event);
    refreshState();
  },
  request: (entry) => requests.add(entry),
  faults: () => panel.faults.refresh(),
});

const hold = elementAt('hold');
hold.addEventListener('click', () => {
  const isHeld = hold.getAttribute('aria-pressed') !== 'true';
  hold.setAttribute('aria-pressed', String(isHeld));
  requests.hold(isHeld);
  happenings.hold(isHeld);
});

function resync(): void {
  refreshState();
  panel.faults.refresh();
  requests.refetch().catch(() => undefined);
}

function showConnection(state: 'live' | 'lost', text: string): void {
  const connection = elementAt('connection');
  connection.dataset['state'] = state;
  connection.textContent = text;
}
