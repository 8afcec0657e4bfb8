import { idleGlobs, selectScenarios } from '../check/selection/select-scenarios.ts';
import type { Rule } from '../rules/rule.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { judgesOf } from '../reporters/explain-text.ts';

/** Of the scenarios that judge a rule, so many are named. */
const MOST_NAMED = 3;

/** What of a selection comes to nothing, a line each: a glob that matches no scenario is a slip more often than a wish. */
export function notesOnSelection(
  { only, skip }: { readonly only: readonly string[]; readonly skip: readonly string[] },
  catalogue: { readonly rules: readonly Rule[]; readonly scenarios: readonly Scenario[] },
): string[] {
  const idle = [
    ...idleGlobs(only, catalogue.scenarios).map(
      (glob) => `--only ${glob} matches no scenario: ${wayFrom(glob, catalogue)}`,
    ),
    ...idleGlobs(skip, catalogue.scenarios).map(
      (glob) => `--skip ${glob} matches no scenario: ${wayFrom(glob, catalogue)}`,
    ),
  ];
  const isEmptied = idle.length === 0 && selectScenarios(only, skip, catalogue.scenarios).length === 0;
  return isEmptied ? ['--skip leaves out all that there is to play'] : idle;
}

function wayFrom(
  glob: string,
  { rules, scenarios }: { readonly rules: readonly Rule[]; readonly scenarios: readonly Scenario[] },
): string {
  const rule = rules.find(({ id }) => id === glob);
  if (rule === undefined) return '`axon-backup-kit list scenarios` tells what there is';
  const judging = judgesOf(rule, scenarios).map(({ id }) => id);
  const named = judging.slice(0, MOST_NAMED).join(', ');
  const more = judging.length > MOST_NAMED ? ` and ${judging.length - MOST_NAMED} more` : '';
  return `it is a rule, judged in ${named}${more}; \`axon-backup-kit explain ${glob}\` tells all`;
}
