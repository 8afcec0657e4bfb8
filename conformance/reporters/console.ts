import { restoredInQuestion } from './restored-text.ts';
import type { Finding } from '../rules/rule.ts';
import type { Report, RuleResult, ScenarioResult } from '../verdict/report.ts';
import { formatDuration, formatLoss, formatMoment, formatRest, type RuleLookup } from './evidence-text.ts';
import { formatVersionTable } from './console-versions.ts';
import { count, labelled, paragraph } from './layout.ts';
import { messageLines, printable } from './printable.ts';
import {
  countScenarios,
  explainExit,
  formatJudgements,
  formatProof,
  formatSummary,
  isExpectedFailure,
  reasonNotPlayed,
  staleEntries,
  unreachedHazards,
} from './report-facts.ts';
import { formatVersions, nameOf, versionsIn } from './scenario-name.ts';
import { formatStatus, formatStatusColumn, statusTexts } from './status-text.ts';
import type { Style } from './style.ts';

/** Findings of a rule where it fails first; wherever it fails again, one is enough to recognise it. */
const MOST_FINDINGS = 5;
const MOST_REPEATED_FINDINGS = 1;

/** Rules that one line of progress names. */
const MOST_NAMED = 3;

const LABEL_WIDTH = 'not reached'.length;

/**
 * One line for a scenario that is done: `✗ fail  log/cleaned  log/replaced, log/all-groups  1.2s`. It begins with the
 * version where a check has them all.
 */
export function formatScenarioLine(
  result: ScenarioResult,
  style: Style,
  check: Pick<Report, 'serverVersion'> = result,
): string {
  const seconds = formatDuration(result.wallClock.totalMs / 1000);
  const detail = summarise(result);
  return [
    formatStatusColumn(result.status, style),
    printable(nameOf(result, check)),
    ...(detail === '' ? [] : [detail]),
    style.dim(seconds),
  ].join('  ');
}

/** What a reader of the progress wants to know at once: which rules, or why. */
function summarise(result: ScenarioResult): string {
  const culprits = result.rules.filter(({ status }) => status === result.status).map(({ id }) => id);
  switch (result.status) {
    case 'pass':
      return count(culprits.length, 'rule');
    case 'not-applicable':
      return printable(result.message ?? '');
    case 'error':
      return messageLines(result.message ?? '')[0] ?? '';
    default: {
      const named = culprits.slice(0, MOST_NAMED).join(', ');
      const more = culprits.length > MOST_NAMED ? ` and ${culprits.length - MOST_NAMED} more` : '';
      return printable(named === '' ? (result.message ?? 'no rule was judged') : `${named}${more}`);
    }
  }
}

/**
 * What went wrong and what to do about it, scenario by scenario; then what was not proved, and how the versions compare; then
 * the totals, and what the exit code means. The lookup gives the remedies.
 */
export function formatConsoleReport(report: Report, style: Style, ruleOf: RuleLookup = () => undefined): string {
  const seen = new Set<string>();
  const lines = [
    ...report.scenarios.flatMap((scenario) => formatTrouble(report, scenario, { style, ruleOf, seen })),
    ...formatUnproved(report, style),
    ...formatVersionTable(report, style),
    ...formatNotApplicable(report, style),
    ...formatNotes(report, style),
    ...formatStale(report, style),
    ...formatTotals(report, style),
  ];
  return `${lines.join('\n')}\n`;
}

interface Context {
  readonly style: Style;
  readonly ruleOf: RuleLookup;
  /** Rules that were shown in full already. */
  readonly seen: Set<string>;
}

/** A scenario in which a rule failed or the kit did; nothing for any other. */
function formatTrouble(report: Report, scenario: ScenarioResult, context: Context): string[] {
  const { style } = context;
  const troubled = scenario.rules.filter(({ status }) => status === 'fail' || status === 'warn' || status === 'error');
  if (troubled.length === 0 && scenario.status !== 'fail' && scenario.status !== 'error') return [];
  const { colour } = statusTexts[scenario.status];
  return [
    '',
    `${style[colour](formatStatus(scenario.status))}  ${style.bold(printable(nameOf(scenario, report)))}`,
    ...paragraph(printable(scenario.title), 2),
    ...(scenario.message === null ? [] : messageLines(scenario.message).map((line) => `  ${line}`)),
    ...troubled.flatMap((rule) => ['', ...formatRule(rule, isExpectedFailure(report, scenario, rule), context)]),
    '',
    ...closingOf(scenario, style),
  ];
}

function formatRule(rule: RuleResult, isExpected: boolean, { style, ruleOf, seen }: Context): string[] {
  const known = ruleOf(rule.id);
  const most = seen.has(rule.id) ? MOST_REPEATED_FINDINGS : MOST_FINDINGS;
  const advice = seen.has(rule.id) ? 'as above' : known?.remedy;
  seen.add(rule.id);
  const { colour } = statusTexts[rule.status];
  const note = isExpected ? `${rule.level}, expected to fail` : rule.level;
  const left = rule.evidence.length - most;
  // The message repeats the first finding, so it is for rules without findings, or without anything better.
  const headline = rule.evidence.length > 0 ? (known?.requirement ?? rule.message) : rule.message;
  return [
    `  ${style[colour](formatStatus(rule.status))}  ${style.bold(printable(rule.id))}  ${style.dim(`(${note})`)}`,
    ...paragraph(printable(headline), 4),
    ...rule.evidence.slice(0, most).flatMap((finding) => formatFinding(finding, style)),
    ...(left > 0 ? paragraph(formatRest(left), 4) : []),
    ...(known === undefined || advice === undefined ? [] : label('what to do', printable(advice), style, 4)),
  ];
}

function formatFinding(finding: Finding, style: Style): string[] {
  const moment = formatMoment(finding);
  return [
    ...label('seen at', printable(finding.subject), style, 4),
    ...(moment === '' ? [] : label('when', moment, style, 4)),
    ...label('expected', printable(finding.expected), style, 4),
    ...label('actual', printable(finding.actual), style, 4),
  ];
}

function closingOf(scenario: ScenarioResult, style: Style): string[] {
  const unreached = unreachedHazards(scenario);
  return [
    ...(unreached.length === 0 ? [] : label('not reached', unreached.map(printable).join(', '), style, 2)),
    ...restoredInQuestion(scenario).flatMap((line, place) =>
      label(place === 0 ? 'restored' : '', printable(line), style, 2),
    ),
    ...scenario.loss.flatMap((loss) => paragraph(`A restore of the last good run loses ${formatLoss(loss)}.`, 2)),
    ...(scenario.artefacts === null ? [] : label('kept in', printable(scenario.artefacts.folder), style, 2)),
    // Unwrapped, so that it can be copied.
    `  ${style.dim('repeat with'.padEnd(LABEL_WIDTH))}  ${printable(scenario.repro)}`,
  ];
}

function label(name: string, text: string, style: Style, indent: number): string[] {
  return labelled(name, text, { indent, labelWidth: LABEL_WIDTH, paint: style.dim });
}

/** Scenarios that leave something open, each with the reason. */
function formatUnproved(report: Report, style: Style): string[] {
  const sections = report.scenarios.flatMap((scenario) => {
    const open = scenario.rules.filter(({ status }) => status === 'inconclusive');
    const unreached = unreachedHazards(scenario);
    const isOpen = open.length > 0 || unreached.length > 0 || scenario.status === 'inconclusive';
    if (!isOpen) return [];
    const isUnexplained = open.length === 0 && unreached.length === 0;
    return [
      `  ${style.yellow(formatStatus('inconclusive'))}  ${style.bold(printable(nameOf(scenario, report)))}`,
      ...unreached.flatMap((hazard) => paragraph(`hazard ${printable(hazard)}: not reached`, 4)),
      ...open.flatMap(({ id, message }) => paragraph(`rule ${printable(id)}: ${printable(message)}`, 4)),
      ...(isUnexplained ? paragraph(printable(scenario.message ?? 'no rule was judged'), 4) : []),
      `    ${style.dim('repeat with')}  ${printable(scenario.repro)}`,
    ];
  });
  return sections.length === 0 ? [] : ['', style.bold('Not proved'), ...sections];
}

/** Scenarios that a version cannot play, and rules that the client need not keep; each reason once, with its versions. */
function formatNotApplicable(report: Report, style: Style): string[] {
  const versionsOf = new Map<string, string[]>();
  const unplayed = report.scenarios.flatMap((scenario) => {
    const reason = reasonNotPlayed(scenario);
    if (reason !== null) return [`${scenario.id}: ${reason}`];
    for (const { id, status, message } of scenario.rules) {
      const text = `${id}: ${message}`;
      if (status === 'not-applicable') versionsOf.set(text, [...(versionsOf.get(text) ?? []), scenario.serverVersion]);
    }
    return [];
  });
  const all = versionsIn(report).length;
  const waived = [...versionsOf].map(([text, versions]) => {
    const some = new Set(versions);
    return some.size < all ? `${text} (${[...some].join(', ')})` : text;
  });
  const lines = [...unplayed, ...waived].flatMap((reason) => paragraph(printable(reason), 2));
  return lines.length === 0 ? [] : ['', style.bold('Not applicable, and not counted as passed'), ...lines];
}

/** What no rule is about; each once for each scenario. */
function formatNotes(report: Report, style: Style): string[] {
  const lines = report.scenarios.flatMap((scenario) =>
    (scenario.notes ?? []).flatMap((note) => paragraph(printable(`${nameOf(scenario, report)}: ${note}`), 2)),
  );
  return lines.length === 0 ? [] : ['', style.bold('Noted'), ...lines];
}

function formatStale(report: Report, style: Style): string[] {
  const lines = staleEntries(report).flatMap((entry) => paragraph(printable(entry), 2));
  return lines.length === 0
    ? []
    : ['', style.bold('Expected to fail, and no longer does: take it off the list'), ...lines];
}

function formatTotals(report: Report, style: Style): string[] {
  const { kit, seed, client, exitCode, summary } = report;
  const expected = report.scenarios.flatMap((scenario) =>
    scenario.rules.filter((rule) => isExpectedFailure(report, scenario, rule)),
  );
  const judge = `axon-backup-kit ${kit.version}, ${formatVersions(report)}, seed ${seed}`;
  const isGreen = exitCode === 0 && expected.length === 0 && summary.warn === 0;
  const colour = exitCode === 0 ? 'green' : exitCode === 2 ? 'yellow' : 'red';
  const rows: ReadonlyArray<readonly [string, string]> = [
    ['client', client.argv.map(printable).join(' ')],
    ['judged by', printable(judge)],
    ['scenarios', formatSummary(countScenarios(report))],
    ['judgements', formatJudgements(report)],
    ...(expected.length === 0
      ? []
      : [['expected', `${count(expected.length, 'failure')} on the list of expected ones`] as const]),
    ...(exitCode === 0 && summary.warn > 0
      ? [['warnings', 'are SHOULD rules; --fail-on warn makes them count'] as const]
      : []),
    ...(isGreen ? [['proved', formatProof(report)] as const] : []),
  ];
  const exit = { indent: 0, labelWidth: LABEL_WIDTH, paint: (text: string) => style.bold(style[colour](text)) };
  return [
    '',
    ...rows.flatMap(([name, text]) => label(name, text, style, 0)),
    ...labelled(`exit ${exitCode}`, explainExit(report), exit),
  ];
}
