import { triage, type Cause, type Counted } from '../triage/triage.ts';
import type { Report } from '../verdict/report.ts';
import { adviceOn } from './advice.ts';
import { formatLoss, type RuleLookup } from './evidence-text.ts';
import { count } from './layout.ts';
import { codeBlock, codeSpan, formatProse } from './markdown-text.ts';
import { printable } from './printable.ts';
import { nameOf } from './scenario-name.ts';

/** Causes that are told with all that is known of them; the rest by name. */
const MOST_CAUSES = 10;
/** Of a text of which the client may have written any part. */
const MOST_CHARACTERS = 400;

/** Causes before what follows from them, then warnings, a line each; nothing where nothing is wrong. */
export function formatTriage(report: Report, ruleOf: RuleLookup): string[] {
  const { causes, consequences, warnings, startWith } = triage(report, ruleOf);
  if (causes.length === 0 && warnings.length === 0) return [];
  const rest = causes.slice(MOST_CAUSES).map(({ rule }) => codeSpan(rule));
  return [
    ...(causes.length === 0 ? [] : [`### What is wrong: ${count(causes.length, 'cause')}`, '']),
    ...causes.slice(0, MOST_CAUSES).flatMap((cause, place) => formatCause(cause, place + 1, report, ruleOf)),
    ...(rest.length === 0 ? [] : [`… and ${rest.length} more: ${rest.join(', ')}`, '']),
    ...(consequences.length === 0 ? [] : [`These follow, and go with their causes: ${namesOf(consequences)}.`, '']),
    ...(warnings.length === 0 ? [] : [`Warnings, of SHOULD rules: ${namesOf(warnings)}.`, '']),
    ...(startWith === null ? [] : ['Start here:', '', ...codeBlock([printable(startWith.repro)], 'sh'), '']),
  ];
}

function formatCause(cause: Cause, number: number, report: Report, ruleOf: RuleLookup): string[] {
  const { rule, result, scenarios, worstLoss, badRun } = cause;
  const [finding] = result.evidence;
  const advice = adviceOn(cause, ruleOf);
  const requirement = ruleOf(rule)?.requirement;
  const first = scenarios[0];
  const where = first === undefined ? '' : nameOf(first, report);
  return [
    `${number}. ${codeSpan(rule)} (${count(scenarios.length, 'scenario')})${requirement === undefined ? '' : `: ${formatProse(requirement)}`}`,
    `   - seen in ${codeSpan(where)}: ${codeSpan(short(finding === undefined ? result.message : `${finding.subject}: ${finding.actual}`))}`,
    ...(finding === undefined ? [] : [`   - expected: ${codeSpan(short(finding.expected))}`]),
    ...(badRun === null ? [] : [`   - stderr: ${codeSpan(short((badRun.stderrTail ?? []).join(' ⏎ ')))}`]),
    ...(advice === undefined ? [] : [`   - what to do: ${formatProse(advice)}`]),
    ...(worstLoss === null ? [] : [`   - at worst a restore loses ${codeSpan(formatLoss(worstLoss))}`]),
    '',
  ];
}

/** The whole summary has to fit into a comment, whatever the client has written. */
function short(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`;
}

function namesOf(rules: readonly Counted[]): string {
  return rules.map(({ rule, scenarios }) => `${codeSpan(rule)} (${scenarios.length})`).join(', ');
}
