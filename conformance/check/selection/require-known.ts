import { AxonError } from '../../../server/index.ts';
import { rules } from '../../rules/catalog.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { isDay, parseExpectedFailure } from '../../verdict/expected-failures.ts';

/** Fails with `bad-option` at a line of known failures with a slip of the pen: it would never apply, and never be stale. */
export function requireKnown(lines: readonly string[], scenarios: readonly Scenario[]): void {
  for (const line of lines) {
    const { entry, until } = parseExpectedFailure(line);
    if (until !== null && !isDay(until)) {
      throw new AxonError('bad-option', `expected failure "${entry}": until ${until} is no day such as 2027-01-31`);
    }
    const [rule = '', scenario] = entry.split(':').toReversed();
    const isScenario = (id: string): boolean => scenarios.some((each) => each.id === id);
    const isRule = rules.some(({ id }) => id === rule);
    if (scenario === undefined ? isRule || isScenario(rule) : isRule && isScenario(scenario)) continue;
    const way = 'write RULE, SCENARIO:RULE or SCENARIO with ids as in `axon-backup-kit list`';
    throw new AxonError('bad-option', `expected failure "${entry}" names no rule that there is: ${way}`);
  }
}
