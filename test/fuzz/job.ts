import type { Failure } from './judge.ts';
import type { Recipe } from './recipe.ts';

/** What a worker process is told to do, as JSON in its first argument. */
export type Job =
  | { readonly kind: 'numbers'; readonly seed: number; readonly from: number; readonly to: number }
  | { readonly kind: 'recipe'; readonly recipe: Recipe }
  /** A file or folder of which nothing is known. */
  | { readonly kind: 'path'; readonly path: string };

/** Where it works, and what for. */
export interface Order {
  readonly job: Job;
  /** Folder of its own; the inputs are made in it. */
  readonly folder: string;
  /** The bases, as v8 serializes them. */
  readonly basesFile: string;
}

/** What a worker says. */
export type Message =
  | {
      readonly kind: 'failed';
      /** Number of the input; 0 where it has none. */
      readonly number: number;
      readonly recipe: Recipe | null;
      readonly failures: readonly Failure[];
    }
  /** Once in a while, and at the end: what has come since the last time. */
  | {
      readonly kind: 'progress';
      readonly inputs: number;
      readonly verdicts: Readonly<Record<string, number>>;
      readonly slowestMs: number;
      readonly slowest: number;
      readonly peakBytes: number;
    }
  /** An input could not be made: that is no failure of the reader's, and ends everything. */
  | { readonly kind: 'unmade'; readonly message: string }
  /** Nothing more will come; inputs from `next` on were not played. */
  | { readonly kind: 'ended'; readonly next: number };

/** In the worker's folder: number of the input that it is at, and when it began, in milliseconds since 1970. */
export const MARK_FILE = 'at';
