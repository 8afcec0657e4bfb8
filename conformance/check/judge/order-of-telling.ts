import type { Rule } from '../../rules/rule.ts';
import { follows } from '../../triage/consequence.ts';
import type { RuleResult } from '../../verdict/report.ts';

/**
 * Results in the order in which somebody should read them: what has failed, of that the causes first and what follows from
 * them behind; then warnings; then the rest, in the order of the rules. Pure.
 */
export function inOrderOfTelling(results: readonly RuleResult[], rules: readonly Rule[]): readonly RuleResult[] {
  const broken = results.filter(isBroken).map(({ id }) => id);
  const ruleOf = (id: string): Rule | undefined => rules.find((rule) => rule.id === id);
  const depths = new Map<string, number>();
  const depthOf = (id: string): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    // Two rules may name each other: who comes round finds this.
    depths.set(id, 0);
    const causes = broken.filter((cause) => follows(id, cause, ruleOf));
    const depth = causes.length === 0 ? 0 : 1 + Math.max(...causes.map(depthOf));
    depths.set(id, depth);
    return depth;
  };
  const rankOf = (result: RuleResult): number => {
    if (result.isTheReason === true) return -1;
    if (result.status === 'fail') return depthOf(result.id);
    return rules.length + (result.status === 'warn' ? 0 : 1);
  };
  const ranks = new Map(results.map((result) => [result, rankOf(result)]));
  return results.toSorted((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
}

function isBroken({ status }: RuleResult): boolean {
  return status === 'fail' || status === 'warn';
}
