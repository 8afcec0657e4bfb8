import { restoredInQuestion } from './restored-text.ts';
import type { Finding } from '../rules/rule.ts';
import type { Report, RuleResult, ScenarioResult } from '../verdict/report.ts';
import { formatLoss, formatMoment, formatRest, type RuleLookup } from './evidence-text.ts';
import { labelled, paragraph } from './layout.ts';
import { messageLines, printable } from './printable.ts';
import { isExpectedFailure, reasonNotPlayed, unreachedHazards } from './report-facts.ts';
import { nameOf, versionsIn } from './scenario-name.ts';
import { formatStatus, statusTexts } from './status-text.ts';
import type { Style } from './style.ts';

/** Findings of a rule where it fails first; wherever it fails again, one is enough to recognise it. */
const MOST_FINDINGS = 5;
const MOST_REPEATED_FINDINGS = 1;

const LABEL_WIDTH = 'not reached'.length;

/** Every scenario in which something went wrong, with all that is known of it. */
export function formatAllTrouble(report: Report, style: Style, ruleOf: RuleLookup): string[] {
  const seen = new Set<string>();
  return report.scenarios.flatMap((scenario) => formatTrouble(report, scenario, { style, ruleOf, seen }));
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
    ...paragraph(printable(scenario.title), 2, style.columns),
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
  const shown = isExpected ? 'expected' : rule.status;
  const { colour } = statusTexts[shown];
  const note = isExpected ? `${rule.level}, expected to fail` : rule.level;
  const left = rule.evidence.length - most;
  // The message repeats the first finding, so it is for rules without findings, or without anything better.
  const headline = rule.evidence.length > 0 ? (known?.requirement ?? rule.message) : rule.message;
  return [
    `  ${style[colour](formatStatus(shown))}  ${style.bold(printable(rule.id))}  ${style.dim(`(${note})`)}`,
    ...paragraph(printable(headline), 4, style.columns),
    ...rule.evidence.slice(0, most).flatMap((finding) => formatFinding(finding, style)),
    ...(left > 0 ? paragraph(formatRest(left), 4, style.columns) : []),
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
    ...scenario.loss.flatMap((loss) =>
      paragraph(`A restore of the last good run loses ${formatLoss(loss)}.`, 2, style.columns),
    ),
    ...formatLastWords(scenario, style),
    ...(scenario.artefacts === null ? [] : label('kept in', printable(scenario.artefacts.folder), style, 2)),
    // Unwrapped, so that it can be copied.
    `  ${style.dim('repeat with'.padEnd(LABEL_WIDTH))}  ${printable(scenario.repro)}`,
  ];
}

/** What the client said in runs that ended badly. */
function formatLastWords({ runs }: ScenarioResult, style: Style): string[] {
  return runs.flatMap(({ run, stderrTail = [] }) =>
    stderrTail.length === 0
      ? []
      : [
          `  ${style.dim(`stderr of run ${run}`)}`,
          // Unwrapped: it is what the client wrote.
          ...stderrTail.map((line) => `    ${printable(line)}`),
        ],
  );
}

function label(name: string, text: string, style: Style, indent: number): string[] {
  return labelled(name, text, { indent, labelWidth: LABEL_WIDTH, paint: style.dim, columns: style.columns });
}

/** Scenarios that leave something open, each with the reason. */
export function formatUnproved(report: Report, style: Style): string[] {
  const sections = report.scenarios.flatMap((scenario) => {
    const open = scenario.rules.filter(({ status }) => status === 'inconclusive');
    const unreached = unreachedHazards(scenario);
    const isOpen = open.length > 0 || unreached.length > 0 || scenario.status === 'inconclusive';
    if (!isOpen) return [];
    const isUnexplained = open.length === 0 && unreached.length === 0;
    return [
      `  ${style.yellow(formatStatus('inconclusive'))}  ${style.bold(printable(nameOf(scenario, report)))}`,
      ...unreached.flatMap((hazard) => paragraph(`hazard ${printable(hazard)}: not reached`, 4, style.columns)),
      ...open.flatMap(({ id, message }) => paragraph(`rule ${printable(id)}: ${printable(message)}`, 4, style.columns)),
      ...(isUnexplained ? paragraph(printable(scenario.message ?? 'no rule was judged'), 4, style.columns) : []),
      ...(scenario.status === 'inconclusive' ? formatLastWords(scenario, style) : []),
      `    ${style.dim('repeat with')}  ${printable(scenario.repro)}`,
    ];
  });
  return sections.length === 0 ? [] : ['', style.bold('Not proved'), ...sections];
}

/** Scenarios that a version cannot play, and rules that the client need not keep; each reason once, with its versions. */
export function formatNotApplicable(report: Report, style: Style): string[] {
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
  const lines = [...unplayed, ...waived].flatMap((reason) => paragraph(printable(reason), 2, style.columns));
  return lines.length === 0 ? [] : ['', style.bold('Not applicable, and not counted as passed'), ...lines];
}

/** What no rule is about; each once for each scenario. */
export function formatNotes(report: Report, style: Style): string[] {
  const lines = report.scenarios.flatMap((scenario) =>
    (scenario.notes ?? []).flatMap((note) =>
      paragraph(printable(`${nameOf(scenario, report)}: ${note}`), 2, style.columns),
    ),
  );
  return lines.length === 0 ? [] : ['', style.bold('Noted'), ...lines];
}
