import type { Cause } from '../triage/triage.ts';
import type { RuleLookup } from './evidence-text.ts';

/** What to do about a cause; undefined where nobody knows the rule. */
export function adviceOn({ rule, result }: Pick<Cause, 'rule' | 'result'>, ruleOf: RuleLookup): string | undefined {
  if (result.isTheReason !== true) return ruleOf(rule)?.remedy;
  return 'See to this first. In these runs there was no backup to look into, so whatever else fails in them follows from it, and is told last.';
}
