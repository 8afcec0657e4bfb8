import type { Rule } from '../../rules/rule.ts';
import type { Scenario } from '../../scenarios/scenario.ts';

/** What the page says of a rule beside its results. */
export type RuleText = Pick<
  Rule,
  'id' | 'requirement' | 'why' | 'source' | 'remedy' | 'timelines' | 'waivedBy' | 'consequenceOf'
>;

/** What rules and scenarios say of themselves; undefined for one that is not in the catalogue. */
export interface PageTexts {
  readonly ruleOf: (id: string) => RuleText | undefined;
  readonly storyOf: (scenario: string) => Pick<Scenario, 'story' | 'hazards'> | undefined;
}
