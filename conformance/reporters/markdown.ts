import { restoredInQuestion } from './restored-text.ts';
import type { Report, RuleResult, ScenarioResult } from '../verdict/report.ts';
import { worst } from '../verdict/verdict.ts';
import { formatFindings, formatLoss, type RuleLookup } from './evidence-text.ts';
import { formatTriage } from './markdown-triage.ts';
import { formatScenarioTable, formatVersionTable } from './markdown-versions.ts';
import { codeBlock, codeSpan, formatProse, markdownTable } from './markdown-text.ts';
import { messageLines, printable } from './printable.ts';
import {
  explainExit,
  formatIncomplete,
  formatJudgements,
  formatProof,
  formatScenarioCounts,
  isExpectedFailure,
  isKnown,
  reasonNotPlayed,
  staleEntries,
  unreachedHazards,
} from './report-facts.ts';
import { byScenario, formatVersions, nameOf } from './scenario-name.ts';
import { formatStatus, statusTexts, verdicts } from './status-text.ts';

/** Findings that one failure shows. */
const MOST_FINDINGS = 5;

/** A comment on GitHub holds 65536 characters. Failures beyond this many, the rest included, are counted and not shown. */
const MOST_CHARACTERS = 40_000;

/** Lines of what was not proved: a client that does nothing leaves hundreds. */
const MOST_UNPROVED = 40;

const outcomes = { 0: '✓ passed', 1: '✗ failed', 2: '? inconclusive', 70: 'E the kit failed' } as const;

/**
 * A summary for a pull request: verdict, scenarios, each failure with its evidence, rules against versions where there are
 * several, and rules against scenarios. Whatever comes from the client stands in code, where it is no markup and mentions nobody.
 */
export function formatMarkdown(report: Report, ruleOf: RuleLookup = () => undefined): string {
  const lines = [
    `## Backup conformance: ${outcomes[report.exitCode]}${report.incomplete === undefined ? '' : ', incomplete'}`,
    '',
    `**exit ${report.exitCode}**: ${explainExit(report)}.`,
    '',
    ...formatFacts(report),
    '',
    ...formatTriage(report, ruleOf),
    ...formatScenarios(report),
    ...formatFailures(report, ruleOf),
    ...formatUnproved(report),
    ...formatNotPlayed(report),
    ...formatNotes(report),
    ...formatStale(report),
    ...formatVersionTable(report),
    ...formatGrid(report),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function formatFacts(report: Report): string[] {
  const { kit, seed, client } = report;
  return [
    `- client: ${codeSpan(client.argv.join(' '))}`,
    `- axon-backup-kit ${formatProse(kit.version)}, ${formatProse(formatVersions(report))}, seed ${seed}`,
    `- scenarios: ${formatScenarioCounts(report)}`,
    `- judgements: ${formatJudgements(report)}`,
    ...(report.exitCode === 0 ? [`- ${formatProof(report)}`] : []),
  ];
}

function formatScenarios(report: Report): string[] {
  if (report.scenarios.length === 0) return [];
  if (report.serverVersion === 'all') return ['### Scenarios', '', ...formatScenarioTable(report), ''];
  const rows = report.scenarios.map((scenario, place) => [
    String(place + 1),
    codeSpan(scenario.id, { inTable: true }),
    formatProse(scenario.title, { inTable: true }),
    formatStatus(isKnown(report, scenario) ? 'expected' : scenario.status),
    String(scenario.runs.length),
    scenario.loss.map((loss) => codeSpan(formatLoss(loss), { inTable: true })).join('<br>') || 'nothing',
  ]);
  return [
    '### Scenarios',
    '',
    ...markdownTable(['#', 'scenario', 'situation', 'verdict', 'runs', 'a restore loses'], rows),
    '',
  ];
}

/** Failures, warnings and the kit's own faults, as many as fit. */
function formatFailures(report: Report, ruleOf: RuleLookup): string[] {
  const sections = report.scenarios
    .map((scenario) => formatFailure(report, scenario, ruleOf))
    .filter((lines) => lines.length > 0);
  if (sections.length === 0) return [];
  const lines = ['### Failures', ''];
  let room = MOST_CHARACTERS;
  let left = 0;
  for (const section of sections) {
    room -= section.join('\n').length;
    // The first is shown however long it is: without any, the summary would say nothing.
    if (room > 0 || lines.length === 2) lines.push(...section);
    else left++;
  }
  if (left > 0) lines.push(`… and ${left} more of the scenarios above; the other reports have them all.`, '');
  return lines;
}

/** What the restore took of the backup, where it is in question. */
function formatRestored(scenario: ScenarioResult): string[] {
  const [first, ...parts] = restoredInQuestion(scenario);
  if (first === undefined) return [];
  return [`Restored: ${codeSpan(first)}`, '', ...parts.map((part) => `- ${codeSpan(part)}`), ''];
}

function formatFailure(report: Report, scenario: ScenarioResult, ruleOf: RuleLookup): string[] {
  const failed = scenario.rules.filter(({ status }) => status === 'fail' || status === 'warn' || status === 'error');
  if (failed.length === 0 && scenario.status !== 'fail' && scenario.status !== 'error') return [];
  return [
    `#### ${formatStatus(isKnown(report, scenario) ? 'expected' : scenario.status)} ${codeSpan(nameOf(scenario, report))}`,
    '',
    ...(scenario.message === null ? [] : [...codeBlock(messageLines(scenario.message), 'text'), '']),
    ...failed.flatMap((rule) => formatRule(rule, isExpectedFailure(report, scenario, rule), ruleOf)),
    ...formatLastWords(scenario),
    ...formatRestored(scenario),
    ...scenario.loss.map((loss) => `A restore loses ${codeSpan(formatLoss(loss))}.\n`),
    'Repeat with:',
    '',
    ...codeBlock([printable(scenario.repro)], 'sh'),
    '',
  ];
}

/** What the client said in runs that ended badly. */
function formatLastWords({ runs }: ScenarioResult): string[] {
  return runs.flatMap(({ run, stderrTail = [] }) =>
    stderrTail.length === 0
      ? []
      : [`The end of stderr of run ${run}:`, '', ...codeBlock(stderrTail.map(printable), 'text'), ''],
  );
}

function formatRule(rule: RuleResult, isExpected: boolean, ruleOf: RuleLookup): string[] {
  const known = ruleOf(rule.id);
  const note = isExpected ? `${rule.level}, expected to fail` : rule.level;
  const head = `**${formatStatus(isExpected ? 'expected' : rule.status)}** ${codeSpan(rule.id)} (${note})`;
  const details = rule.evidence.length === 0 ? [printable(rule.message)] : formatFindings(rule.evidence, MOST_FINDINGS);
  return [
    known === undefined ? head : `${head}: ${formatProse(known.requirement)}`,
    '',
    ...codeBlock(details, 'text'),
    '',
    ...(known === undefined ? [] : [`What to do: ${formatProse(known.remedy)}`, '']),
  ];
}

function formatUnproved(report: Report): string[] {
  const lines = report.scenarios.flatMap((scenario) => {
    const id = codeSpan(nameOf(scenario, report));
    const open = scenario.rules.filter(({ status }) => status === 'inconclusive');
    const reasons = [
      ...unreachedHazards(scenario).map((hazard) => `hazard ${codeSpan(hazard)} was not reached`),
      ...open.map((rule) => `${codeSpan(rule.id)}: ${codeSpan(rule.message)}`),
    ];
    if (reasons.length > 0) return reasons.map((reason) => `- ${id}: ${reason}`);
    if (scenario.status !== 'inconclusive') return [];
    return [`- ${id}: ${codeSpan(scenario.message ?? 'no rule was judged')}`];
  });
  if (lines.length === 0) return [];
  const left = lines.length - MOST_UNPROVED;
  const rest = left > 0 ? [`- … and ${left} more; the other reports have them all`] : [];
  return ['### Not proved', '', ...lines.slice(0, MOST_UNPROVED), ...rest, ''];
}

/** Scenarios that a version cannot play, and those that were left when the check ended. */
function formatNotPlayed(report: Report): string[] {
  const unfit = report.scenarios.flatMap((scenario) => {
    const reason = reasonNotPlayed(scenario);
    return reason === null ? [] : [`- ${codeSpan(scenario.id)}: ${formatProse(reason)}`];
  });
  const left = (report.incomplete?.notPlayed ?? []).map((each) => codeSpan(nameOf(each, report)));
  const more = left.length > MOST_UNPROVED ? ` and ${left.length - MOST_UNPROVED} more` : '';
  const lack = formatIncomplete(report) ?? '';
  const lines = left.length === 0 ? unfit : [...unfit, `- ${lack}: ${left.slice(0, MOST_UNPROVED).join(', ')}${more}`];
  return lines.length === 0 ? [] : ['### Not played, and not counted as passed', '', ...lines, ''];
}

/** What no rule is about. */
function formatNotes(report: Report): string[] {
  const lines = report.scenarios.flatMap((scenario) =>
    (scenario.notes ?? []).map((note) => `- ${codeSpan(nameOf(scenario, report))}: ${codeSpan(note)}`),
  );
  const left = lines.length - MOST_UNPROVED;
  const rest = left > 0 ? [`- … and ${left} more; the other reports have them all`] : [];
  return lines.length === 0 ? [] : ['### Noted', '', ...lines.slice(0, MOST_UNPROVED), ...rest, ''];
}

function formatStale(report: Report): string[] {
  const lines = staleEntries(report).map((entry) => `- ${codeSpan(entry)}`);
  return lines.length === 0 ? [] : ['### Expected to fail, and no longer does', '', ...lines, ''];
}

/** Rules against scenarios, which stand as numbers of the table above; of several versions the gravest is shown. */
function formatGrid(report: Report): string[] {
  if (report.rules.length === 0) return [];
  const legend = verdicts.map((verdict) => `${statusTexts[verdict].symbol} ${statusTexts[verdict].word}`).join(', ');
  const scenarios = byScenario(report);
  const head = ['rule', 'level', ...scenarios.map((_scenario, place) => String(place + 1))];
  const rows = report.rules.map(({ id, level }) => [
    codeSpan(id, { inTable: true }),
    level,
    ...scenarios.map(([, results]) => {
      const statuses = results.flatMap(({ rules }) =>
        rules.filter((rule) => rule.id === id).map(({ status }) => status),
      );
      return statuses.length === 0 ? ' ' : statusTexts[worst(statuses)].symbol;
    }),
  ]);
  return [
    '<details><summary>Rules and scenarios</summary>',
    '',
    ...markdownTable(head, rows),
    '',
    `${legend}; blank: not judged there${report.serverVersion === 'all' ? '; the gravest of all versions' : ''}`,
    '',
    '</details>',
  ];
}
