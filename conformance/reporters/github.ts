import { triage, type Cause, type Counted } from '../triage/triage.ts';
import type { Report } from '../verdict/report.ts';
import { adviceOn } from './advice.ts';
import { formatLoss, type RuleLookup } from './evidence-text.ts';
import { count } from './layout.ts';
import { printable } from './printable.ts';
import { expiredEntries, explainExit, staleEntries, unreachedHazards } from './report-facts.ts';
import { nameOf } from './scenario-name.ts';

/** GitHub shows so many annotations of one step and level, and no more. */
const MOST_OF_A_LEVEL = 10;

type Level = 'error' | 'warning' | 'notice';

/** What stands beside a change, or at the top of a run. */
interface Annotation {
  readonly level: Level;
  readonly title: string;
  readonly lines: readonly string[];
}

/**
 * Workflow commands, a line each, that GitHub turns into annotations: an error for each cause, for what the kit failed in and
 * for each line of the list of known failures that has to go; a warning for each SHOULD rule and for what stayed open; a notice
 * with what the exit code means. Of more than GitHub shows of a level the last one says how many there are.
 */
export function formatGithubAnnotations(report: Report, ruleOf: RuleLookup = () => undefined): string {
  const { causes, kitFailures, warnings, open, unreached } = triage(report, ruleOf);
  const errors = [
    ...causes.map((cause) => ofCause(cause, report, ruleOf)),
    ...kitFailures.map((scenario) => ({
      level: 'error' as const,
      title: `the kit failed in ${nameOf(scenario, report)}`,
      lines: [(scenario.message ?? '').split('\n')[0] ?? '', `repeat with: ${scenario.repro}`],
    })),
    ...staleEntries(report).map((entry) => ({
      level: 'error' as const,
      title: `known failure ${entry}`,
      lines: ['no longer fails: take it off the list'],
    })),
  ];
  const warned = [
    ...warnings.map((each) => ofRule(each, report, 'a SHOULD rule failed', ruleOf)),
    ...open.map((each) => ofRule(each, report, 'not proved', ruleOf)),
    ...unreached.map((scenario) => ({
      level: 'warning' as const,
      title: `not proved: ${nameOf(scenario, report)}`,
      lines: [reasonOf(unreachedHazards(scenario), scenario.message)],
    })),
    ...expiredEntries(report).map((entry) => ({
      level: 'warning' as const,
      title: `known failure ${entry}`,
      lines: ['is past its date, and covers nothing'],
    })),
  ];
  const verdict = { level: 'notice' as const, title: `exit ${report.exitCode}`, lines: [explainExit(report)] };
  return [...limited(errors), ...limited(warned), verdict].map((each) => `${formatCommand(each)}\n`).join('');
}

function ofCause(cause: Cause, report: Report, ruleOf: RuleLookup): Annotation {
  const { rule, result, scenarios, worstLoss } = cause;
  const [finding] = result.evidence;
  const [first] = scenarios;
  const advice = adviceOn(cause, ruleOf);
  return {
    level: 'error',
    title: `${rule} (${count(scenarios.length, 'scenario')})`,
    lines: [
      ruleOf(rule)?.requirement ?? result.message,
      ...(first === undefined ? [] : [`seen in ${nameOf(first, report)}: ${finding?.subject ?? result.message}`]),
      ...(finding === undefined ? [] : [`expected ${finding.expected}`, `actual ${finding.actual}`]),
      ...(advice === undefined ? [] : [`what to do: ${advice}`]),
      ...(worstLoss === null ? [] : [`at worst a restore loses ${formatLoss(worstLoss)}`]),
      ...(first === undefined ? [] : [`repeat with: ${first.repro}`]),
    ],
  };
}

function ofRule({ rule, scenarios, result }: Counted, report: Report, what: string, ruleOf: RuleLookup): Annotation {
  const [first] = scenarios;
  const where = first === undefined ? '' : `${nameOf(first, report)}: `;
  const requirement = ruleOf(rule)?.requirement;
  return {
    level: 'warning',
    title: `${what}: ${rule} (${count(scenarios.length, 'scenario')})`,
    lines: [...(requirement === undefined ? [] : [requirement]), `${where}${result.message}`],
  };
}

function reasonOf(hazards: readonly string[], message: string | null): string {
  return hazards.length > 0 ? `not reached: ${hazards.join(', ')}` : (message ?? 'no rule was judged');
}

function limited(annotations: readonly Annotation[]): readonly Annotation[] {
  const [first] = annotations;
  if (first === undefined || annotations.length <= MOST_OF_A_LEVEL) return annotations;
  const shown = annotations.slice(0, MOST_OF_A_LEVEL - 1);
  const rest = annotations.slice(MOST_OF_A_LEVEL - 1).map(({ title }) => title);
  return [...shown, { level: first.level, title: `and ${rest.length} more`, lines: rest }];
}

/** `::error title=…::…`. Percent signs and ends of lines are escaped, so that no text of a client is a command of its own. */
function formatCommand({ level, title, lines }: Annotation): string {
  const property = escapeData(printable(title)).replaceAll(':', '%3A').replaceAll(',', '%2C');
  return `::${level} title=${property}::${escapeData(lines.map(printable).join('\n'))}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
