import picomatch from 'picomatch';
import { AxonError } from '../../../server/index.ts';
import { scenarios } from '../../scenarios/catalog.ts';
import type { Scenario } from '../../scenarios/scenario.ts';

/** Scenarios that match one of `only` (all where it is empty) and none of `skip`, in reading order. */
export function selectScenarios(
  only: readonly string[],
  skip: readonly string[],
  from: readonly Scenario[] = scenarios,
): readonly Scenario[] {
  const isWanted = only.length === 0 ? () => true : matcherOf(only);
  const isSkipped = skip.length === 0 ? () => false : matcherOf(skip);
  return from.filter(({ id }) => isWanted(id) && !isSkipped(id));
}

/** Those of the globs that match no scenario at all. */
export function idleGlobs(globs: readonly string[], from: readonly Scenario[] = scenarios): readonly string[] {
  return globs.filter((glob) => !from.some(({ id }) => matcherOf([glob])(id)));
}

function matcherOf(globs: readonly string[]): (id: string) => boolean {
  if (globs.includes('')) {
    throw new AxonError('bad-option', 'an empty glob selects nothing: write one of scenario ids, such as log/**');
  }
  return picomatch([...globs]);
}
