import type { Happening } from '../scenarios/scenario.ts';

/* Happenings that can be at any time, whatever a cluster is like. */

/** `isAsked`: with a signal that the client can heed. */
export function killing(isAsked: boolean): Happening {
  return { kind: 'kill-client', ...(isAsked ? { signal: 'SIGTERM' } : {}) };
}

export function hiding(node: string, context: string, isSnapshot: boolean): Happening {
  return { kind: 'hide-segment', node, context, ...(isSnapshot ? { type: 'SNAPSHOT' } : {}) };
}
