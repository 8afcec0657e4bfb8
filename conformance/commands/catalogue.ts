import type { Mutant } from '../reporters/explain-text.ts';
import type { Rule } from '../rules/rule.ts';
import type { Scenario } from '../scenarios/scenario.ts';

/** Everything that the kit can tell about, each in reading order. */
export interface Catalogue {
  readonly rules: readonly Rule[];
  readonly scenarios: readonly Scenario[];
  readonly mutants: readonly Mutant[];
}
