import type { RuleResult, ScenarioResult } from '../verdict/report.ts';

/** What counts as a failure. */
export interface Gravity {
  readonly failOn: 'fail' | 'warn';
  /** Whether the failure of a rule in a scenario is known, and nothing to stop for. */
  readonly isKnown: (scenario: string, rule: string) => boolean;
}

/**
 * The rule that a failed schedule is shrunk by: one that says why nobody could look into a backup; or the first that is no
 * mere outcome; where there is none, the first. Results stand in the order of cause and consequence. Null where nothing counts as failed.
 */
export function blameOf({ id, rules }: Pick<ScenarioResult, 'id' | 'rules'>, gravity: Gravity): string | null {
  const failed = rules.filter((rule) => isGrave(rule, gravity) && !gravity.isKnown(id, rule.id));
  const reason = failed.find(({ isTheReason }) => isTheReason === true);
  const cause = failed.find((rule) => !rule.id.startsWith('outcome/'));
  return (reason ?? cause ?? failed[0])?.id ?? null;
}

/** Whether a rule fails, of those that count. */
export function hasFailed({ rules }: Pick<ScenarioResult, 'rules'>, id: string, gravity: Gravity): boolean {
  return rules.some((rule) => rule.id === id && isGrave(rule, gravity));
}

function isGrave({ level, status }: RuleResult, { failOn }: Gravity): boolean {
  return (level === 'must' && status === 'fail') || (failOn === 'warn' && (status === 'warn' || status === 'fail'));
}
