import type { RuleResult, ScenarioResult } from '../verdict/report.ts';
import { formatFindings, formatLoss, type RuleLookup } from './evidence-text.ts';
import { lastWordsOf } from './last-words.ts';
import { printable } from './printable.ts';
import { formatStatus } from './status-text.ts';

/** What a client says last is the soonest way to what went wrong. */
export function saidBy(scenario: ScenarioResult): string[] {
  const words = lastWordsOf(scenario);
  return words.length === 0 ? [] : ['what the client said last, on stderr:', ...words.map((line) => `  ${line}`)];
}

/** Findings that one message shows. */
const MOST_FINDINGS = 10;

/**
 * What a test framework says of a rule that is not kept: what it demands, each finding, what to do, how to repeat it. The name
 * is that of the scenario among the others.
 */
export function formatRuleFailure(
  scenario: ScenarioResult,
  rule: RuleResult,
  ruleOf: RuleLookup,
  name: string = scenario.id,
): string {
  const known = ruleOf(rule.id);
  return [
    `${formatStatus(rule.status)} ${printable(rule.id)} (${rule.level}) in ${printable(name)}: ${printable(rule.message)}`,
    ...(known === undefined ? [] : [`demanded: ${printable(known.requirement)}`]),
    ...formatFindings(rule.evidence, MOST_FINDINGS),
    ...(known === undefined ? [] : [`what to do: ${printable(known.remedy)}`]),
    ...scenario.loss.map((loss) => `a restore of the last good run loses ${formatLoss(loss)}`),
    ...saidBy(scenario),
    ...(scenario.artefacts === null ? [] : [`kept in: ${printable(scenario.artefacts.folder)}`]),
    `repeat with: ${printable(scenario.repro)}`,
  ].join('\n');
}
