import type { ClusterState } from '../http/live/cluster-state.ts';
import { ControlForm } from './control-form.ts';
import { controls } from './controls.ts';
import { element } from './element.ts';
import { FaultPlanList } from './fault-plan-list.ts';

/** Controls that stand open when the page is opened: what one wants first. */
const openAtFirst: ReadonlySet<string> = new Set(['time', 'events']);

/** All controls, each behind its title, and the token that calls of the public API carry. */
export class ControlPanel {
  readonly faults = new FaultPlanList();
  readonly #forms: readonly ControlForm[];
  readonly #token = createTokenField();
  #hasAccessControl = false;
  #names = '';

  constructor(host: HTMLElement) {
    const surroundings = {
      baseUrl: location.origin,
      hasAccessControl: () => this.#hasAccessControl,
      token: () => this.#token.input.value,
    };
    this.#forms = controls.map((control) => new ControlForm(control, surroundings));
    for (const [place, { id, title }] of controls.entries()) {
      const form = this.#forms[place]?.form ?? element('p');
      const isOpen: Record<string, string> = openAtFirst.has(id) ? { open: '' } : {};
      host.append(element('details', isOpen, element('summary', {}, title), form));
      if (id === 'fault') form.append(this.faults.view);
      if (id === 'backup') form.prepend(this.#token.view);
    }
  }

  show({ nodes, groups, accessControl }: ClusterState): void {
    const names = {
      nodes: nodes.map(({ name }) => name),
      // The group that everybody has comes last: it is seldom the one that is meant.
      groups: Object.keys(groups).toSorted((a, b) => Number(a === '_admin') - Number(b === '_admin')),
      contexts: Object.values(groups).flatMap(({ contexts }) => contexts),
    };
    const told = JSON.stringify([names, accessControl]);
    if (told === this.#names) return;
    this.#names = told;
    this.#hasAccessControl = accessControl;
    this.#token.view.hidden = !accessControl;
    for (const form of this.#forms) form.offer(names);
  }
}

function createTokenField(): { readonly view: HTMLElement; readonly input: HTMLInputElement } {
  const input = element('input', {
    id: 'token',
    type: 'password',
    autocomplete: 'off',
    'aria-describedby': 'token-hint',
  });
  const view = element(
    'div',
    { class: 'field token' },
    element('label', { for: 'token' }, 'Access token'),
    input,
    element('small', { id: 'token-hint' }, 'kept in the memory of this page alone'),
  );
  view.hidden = true;
  return { view, input };
}
