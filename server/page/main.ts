import type { ClusterState } from '../http/live/cluster-state.ts';
import { describeFacts } from './cluster-facts.ts';
import { ControlPanel } from './control-panel.ts';
import { elementAt } from './element.ts';
import { HappeningList } from './happening-list.ts';
import { followCluster } from './live-feed.ts';
import { NodeCards } from './node-cards.ts';
import { atMostEvery, oncePerFrame } from './pacing.ts';
import { parseExactJson } from './exact-figures.ts';
import { RequestList } from './request-list.ts';
import { SpeedMeter } from './speed-meter.ts';
import { TextCells } from './text-cells.ts';
import { TimelinePanel } from './timeline-panel.ts';
import { formatInstant } from './virtual-time.ts';

/** However much happens, the state is asked for four times a second at most. */
const STATE_GAP_MS = 250;

/** How often the page looks at a cluster that tells of nothing, though its time should pass. */
const LOOK_MS = 2000;

const ownNode = document.querySelector<HTMLMetaElement>('meta[name="axon-node"]')?.content ?? '';
const banner = new TextCells();
banner.adopt(document);
const cards = new NodeCards(elementAt('nodes'), ownNode);
const panel = new ControlPanel(elementAt('controls'));
const requests = new RequestList(elementAt('requests'));
const happenings = new HappeningList(elementAt('happenings'));
const timeline = new TimelinePanel(ownNode);

const speed = new SpeedMeter();
/** Whether time is to pass by itself. */
let isMoving = false;

let now = '';
const drawClock = oncePerFrame(() => banner.set('now', formatInstant(now)));

const refreshState = atMostEvery(STATE_GAP_MS, async () => {
  // A server that has gone is told of by the stream, and so is its return.
  const answer = await fetch('/_sim/state').catch(() => null);
  if (answer?.ok !== true) return;
  const state = parseExactJson(await answer.text()) as ClusterState;
  isMoving = state.speed !== 0;
  for (const [name, { text, isTrouble }] of Object.entries(describeFacts(state, speed.speedAt(performance.now())))) {
    banner.set(name, text);
    banner.mark(name, isTrouble);
  }
  cards.show(state);
  panel.show(state);
  timeline.show(state);
});

followCluster({
  opened: () => {
    showConnection('live', 'live');
    speed.forget();
    resync();
  },
  lost: () => showConnection('lost', 'connection lost, trying again'),
  clock: (message) => {
    // Time goes back with a reset, or where a server begins anew: nothing that was told is true any more.
    if (message.now < now) resync();
    now = message.now;
    speed.note(Date.parse(now), performance.now());
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

// Where time should pass and does not, nothing happens that would tell of it.
setInterval(() => {
  if (isMoving) refreshState();
}, LOOK_MS);

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
  happenings.refetch().catch(() => undefined);
}

function showConnection(state: 'live' | 'lost', text: string): void {
  const connection = elementAt('connection');
  connection.dataset['state'] = state;
  connection.textContent = text;
}
