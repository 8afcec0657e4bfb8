import type { Fault } from '../simulation/faults.ts';
import { element } from './element.ts';
import { atMostEvery } from './pacing.ts';

const SMALLEST_GAP_MS = 250;

/** The fault plan as it stands, with how often each rule has fired. */
export class FaultPlanList {
  readonly view = element('ul', { class: 'plan', 'aria-label': 'Planned faults' });
  /** Asks for the plan anew, soon. */
  readonly refresh = atMostEvery(SMALLEST_GAP_MS, async () => {
    const answer = await fetch('/_sim/faults').catch(() => null);
    if (answer?.ok !== true) return;
    const { rules } = (await answer.json()) as { readonly rules: ReadonlyArray<Fault & { readonly fired: number }> };
    this.view.replaceChildren(
      ...rules.map((rule) => element('li', isUsedUp(rule) ? { class: 'spent' } : {}, describeRule(rule))),
    );
  });
}

function isUsedUp({ times = 1, fired }: Fault & { readonly fired: number }): boolean {
  return times > 0 && fired >= times;
}

function describeRule(rule: Fault & { readonly fired: number }): string {
  const { match, do: action, times = 1, fired } = rule;
  const what = Object.entries(action).map(([name, value]) => (value === true ? name : `${name} ${value}`));
  const where = [match.method, match.path ?? 'every path', match.node === undefined ? undefined : `on ${match.node}`];
  const place = where.filter((part) => part !== undefined).join(' ');
  const spent = isUsedUp(rule) ? ': used up, it strikes no more' : '';
  return `${what.join(', ')} at ${place}: fired ${fired} of ${times === 0 ? 'as often as asked' : times}${spent}`;
}
