import type { Rule } from '../rules/rule.ts';
import type { RuleResult } from '../verdict/report.ts';

/** A result, and whether it tells why others fail. */
export interface Told {
  readonly result: RuleResult;
  readonly isTheReason: boolean;
}

/**
 * Results in the order in which somebody should read them: what has failed, of that the causes first and what follows from
 * them behind; then warnings; then the rest, in the order of the rules. Pure.
 */
export function inOrderOfTelling(looks: readonly Told[], rules: readonly Rule[]): readonly RuleResult[] {
  const failing = new Set(looks.filter(({ result }) => isBroken(result)).map(({ result }) => result.id));
  const causes = new Map(rules.map(({ id, consequenceOf = [] }) => [id, consequenceOf]));
  const depthOf = (id: string): number => {
    const broken = (causes.get(id) ?? []).filter((cause) => failing.has(cause));
    return broken.length === 0 ? 0 : 1 + Math.max(...broken.map(depthOf));
  };
  const rankOf = ({ result, isTheReason }: Told): number => {
    if (isTheReason) return -1;
    if (result.status === 'fail') return depthOf(result.id);
    return rules.length + (result.status === 'warn' ? 0 : 1);
  };
  return looks.toSorted((a, b) => rankOf(a) - rankOf(b)).map(({ result }) => result);
}

function isBroken({ status }: RuleResult): boolean {
  return status === 'fail' || status === 'warn';
}
