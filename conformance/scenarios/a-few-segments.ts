import type { Action } from './scenario.ts';

/** What a store gains in most situations: events and snapshots for a few segments of each, and the time to close them. */
export const aFewSegments: readonly Action[] = [
  { kind: 'append', transactions: 60 },
  { kind: 'append', transactions: 20, type: 'SNAPSHOT' },
  { kind: 'advance', by: '5s' },
];
