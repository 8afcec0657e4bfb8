import { parseDuration } from '../../server/quantities.ts';
import type { Intent } from './intent.ts';

/** Virtual time that surprises may add to one run, all of them together. */
export const LONGEST_IN_RUN_MS = 20 * 60_000;

/** What happens in a run, in whichever order it comes: what one surprise takes away, another cannot count on. */
export interface Commotion {
  /** The node that the run asks: where a log is cleaned, it is one that somebody may be copying. */
  readonly asked: string | null;
  /** A node that one of them takes down. */
  readonly down: string | null;
  /** A node that one of them has its log late, or applied late. */
  readonly slow: string | null;
  readonly stalls: boolean;
  readonly hidesFiles: boolean;
  /** Virtual time that they add to the run, at most. */
  readonly addedMs: number;
}

/** Between runs. */
export const quiet: Commotion = { asked: null, down: null, slow: null, stalls: false, hidesFiles: false, addedMs: 0 };

/** Virtual milliseconds that all of this adds to a run, at most. */
export function timeAddedBy(intents: readonly Intent[]): number {
  const added = intents.reduce((sum, intent) => sum + (intent.kind === 'advance' ? parseDuration(intent.by) : 0), 0);
  return Math.min(LONGEST_IN_RUN_MS, added);
}
