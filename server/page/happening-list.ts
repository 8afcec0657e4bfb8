import type { Happening } from '../http/stream-messages.ts';
import { element } from './element.ts';
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

/** What happens in the cluster, as it happens. */
export function createHappeningList(body: HTMLElement): RollingList<Happening> {
  return new RollingList(body, (event) =>
    element(
      'tr',
      {},
      element('td', { class: 'time' }, formatListed(event.virtualTime)),
      element('td', { class: 'place' }, placeOf(event)),
      element('td', troubles.has(event.kind) ? { class: 'bad' } : {}, describeHappening(event)),
    ),
  );
}
