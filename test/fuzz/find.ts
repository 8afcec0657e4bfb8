import type { Failure } from './judge.ts';
import type { Recipe } from './recipe.ts';

/** A failure of the reader, and an input that shows it. */
export interface Find {
  readonly failure: Failure;
  /** Null where it was a file of the user's. */
  readonly recipe: Recipe | null;
  readonly number: number;
  /** How many inputs showed it. */
  readonly count: number;
  /** False where it did not show when its input was played alone. */
  readonly isRepeatable: boolean;
  /** Where the recipe was written; null where it was given. */
  readonly file: string | null;
}

/** The same for failures that are likely to have one cause: their kind, and what was said without its numbers and names. */
export function signatureOf({ kind, message }: Failure): string {
  const [first = '', ...rest] = message.split('\n');
  const frame = rest.find((line) => /^\s+at .*(?:conformance|server|h2|node_modules)\//.test(line)) ?? '';
  return `${kind} ${first.slice(0, 200)} ${frame.trim()}`.replaceAll(/[\d]+|"[^"]*"/g, '#');
}

/**
 * The recipe without the steps that the failure does not need; `stillFails` plays one. Each step is tried once more as
 * long as another could be spared.
 */
export async function minimise(recipe: Recipe, stillFails: (smaller: Recipe) => Promise<boolean>): Promise<Recipe> {
  let smallest = recipe;
  for (let isMoving = true; isMoving;) {
    isMoving = false;
    for (let place = smallest.steps.length - 1; place >= 0; place--) {
      const smaller = { ...smallest, steps: smallest.steps.filter((_, other) => other !== place) };
      if (!(await stillFails(smaller))) continue;
      smallest = smaller;
      isMoving = true;
    }
  }
  return smallest;
}
