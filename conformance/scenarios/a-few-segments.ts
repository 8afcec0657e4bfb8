import type { Action } from './scenario.ts';
import { advance, append, appendSnapshots } from './steps.ts';

/** What a store gains in most situations: events and snapshots for a few segments of each, and the time to close them. */
export const aFewSegments: readonly Action[] = [append(60), appendSnapshots(20), advance('5s')];
