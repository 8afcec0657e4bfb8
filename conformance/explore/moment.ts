import type { Happening, Moment } from '../scenarios/scenario.ts';
import { matchOf } from './asked-for.ts';
import type { Trigger } from './intent.ts';

/** When in a run this happens. */
export function momentOf({ request, nth, isAnswered }: Trigger, happens: readonly Happening[]): Moment {
  const cleaned = happens.find((happening) => happening.kind === 'clean-log');
  // A log that is cleaned at no time of its own is cleaned where it hurts: when it is listed, and not copied yet.
  if (cleaned !== undefined && (request === 'any' || request === 'log')) {
    return { ...matchOf('log'), query: { context: cleaned.group }, nth: 1, when: 'is-answered' };
  }
  return { ...matchOf(request), nth, when: isAnswered ? 'is-answered' : 'arrives' };
}
