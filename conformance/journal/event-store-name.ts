import type { EventType } from '../../server/index.ts';

/** The events, or the snapshots, of one context: what has segment numbers, and a cursor, of its own. */
export interface EventStoreName {
  readonly context: string;
  readonly type: EventType;
}

/** For maps: the same text for the same store, and for no other. */
export function keyOfStore({ context, type }: EventStoreName): string {
  return `${type} ${context}`;
}

export function isSameStore(a: EventStoreName, b: EventStoreName): boolean {
  return a.context === b.context && a.type === b.type;
}

/** `events of context orders`. */
export function describeStore({ context, type }: EventStoreName): string {
  return `${type === 'EVENT' ? 'events' : 'snapshots'} of context ${context}`;
}

/** `0, 26, 52 and 12 more`; `none` of an empty list. */
export function describeSegments(segments: Iterable<bigint>): string {
  const all = [...segments];
  if (all.length === 0) return 'none';
  if (all.length <= MOST_NAMED + 1) return all.join(', ');
  return `${all.slice(0, MOST_NAMED).join(', ')} and ${all.length - MOST_NAMED} more`;
}

const MOST_NAMED = 6;
