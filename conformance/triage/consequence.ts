import type { Rule } from '../rules/rule.ts';
import type { RuleResult } from '../verdict/report.ts';

/** What a rule says of itself that triage goes by; undefined for a rule that is not in the catalogue. */
export type Kinship = (id: string) => Pick<Rule, 'consequenceOf'> | undefined;

const ANY = '*';

/** Whether a failure of `rule` follows from one of `cause`, as far as the rules say. A rule never follows from itself. */
export function follows(rule: string, cause: string, kinship: Kinship): boolean {
  if (rule === cause) return false;
  return namesOf(rule, kinship).some((name) => {
    if (name === ANY) return !namesOf(cause, kinship).includes(ANY);
    return name.endsWith('/*') ? cause.startsWith(name.slice(0, -1)) : name === cause;
  });
}

/** Rules that say `*` tell what comes of a mistake, whichever it was: they stand behind all others. */
export function isOutcome(rule: string, kinship: Kinship): boolean {
  return namesOf(rule, kinship).includes(ANY);
}

function namesOf(rule: string, kinship: Kinship): readonly string[] {
  return kinship(rule)?.consequenceOf ?? [];
}

/**
 * Of two results of one scenario: whether the second can have come of the first. An outcome does not come of what happens
 * in a later run; elsewhere the earlier run may be the one that shows less.
 */
export function isInTime(cause: RuleResult, effect: RuleResult, kinship: Kinship): boolean {
  return !isOutcome(effect.id, kinship) || firstRun(cause) <= firstRun(effect);
}

/** Whether all that is wrong in `effect` lies in runs whose backup nobody could look into. */
export function isHiddenBy(reason: RuleResult, effect: RuleResult): boolean {
  const runs = new Set(reason.evidence.map(({ run }) => run));
  return effect.evidence.every(({ run }) => run === null || runs.has(run));
}

function firstRun({ evidence }: RuleResult): number {
  const runs = evidence.flatMap(({ run }) => run ?? []);
  return runs.length === 0 ? 0 : Math.min(...runs);
}
