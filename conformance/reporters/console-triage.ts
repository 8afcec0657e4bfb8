import type { Cause, Triage } from '../triage/triage.ts';
import type { Report, ScenarioResult } from '../verdict/report.ts';
import { adviceOn } from './advice.ts';
import { formatLoss, type RuleLookup } from './evidence-text.ts';
import { COLUMNS, count, labelled, paragraph } from './layout.ts';
import { messageLines, printable } from './printable.ts';
import { nameOf } from './scenario-name.ts';
import { formatStatus } from './status-text.ts';
import type { Style } from './style.ts';

/** Scenarios that a cause names. */
const MOST_NAMED = 3;
/** Lines of one text, of which the client may have written any part. */
const MOST_LINES = 2;
const MOST_LINES_OF_ADVICE = 3;
/** Lines of what the client said. */
const MOST_SAID = 4;
/** Kit failures that are shown; one is enough to report. */
const MOST_KIT_FAILURES = 2;

const INDENT = 3;
const LABEL_WIDTH = 'what to do'.length;

/**
 * The causes in no more than `room` lines (a few, at least): as many as fit in full, the first one always, the rest in two
 * lines, and what does not fit by name.
 */
export function formatCauses(
  { causes, kitFailures, consequences }: Triage,
  report: Report,
  { style, ruleOf, room }: { readonly style: Style; readonly ruleOf: RuleLookup; readonly room: number },
): string[] {
  const kit = kitFailures.slice(0, MOST_KIT_FAILURES).flatMap((scenario) => formatKitFailure(scenario, report, style));
  if (causes.length === 0) return kit;
  const failed = new Set(causes.flatMap(({ scenarios }) => scenarios)).size;
  const heading = `What is wrong: ${count(causes.length, 'cause')}, in ${failed} of ${count(report.scenarios.length, 'scenario')}`;
  const behind = formatConsequences(consequences, style);
  const lines = [...kit, '', style.bold(heading)];
  for (const [place, cause] of causes.entries()) {
    const full = formatCause(cause, place + 1, { report, style, ruleOf, isAlone: causes.length === 1 });
    const short = formatShortly(cause, place + 1, { report, style });
    // The others are to have two lines each, and what stands behind them its own.
    const left = room - lines.length - behind.length - 1;
    const wanted = (causes.length - place - 1) * short.length;
    if (place === 0 || full.length + wanted <= left) lines.push(...full);
    else if (short.length <= left) lines.push(...short);
    else {
      const rest = causes.slice(place).map(({ rule }) => rule);
      lines.push(asOneLine(`… and ${rest.length} more: ${rest.join(', ')}`, INDENT, style));
      break;
    }
  }
  return [...lines, ...behind];
}

interface Context {
  readonly report: Report;
  readonly style: Style;
}

function formatCause(
  cause: Cause,
  number: number,
  { report, style, ruleOf, isAlone }: Context & { readonly ruleOf: RuleLookup; readonly isAlone: boolean },
): string[] {
  const { result, scenarios, badRun, worstLoss, consequences } = cause;
  const known = ruleOf(cause.rule);
  const [finding] = result.evidence;
  const advice = adviceOn(cause, ruleOf);
  const label = (name: string, text: string, most = MOST_LINES): string[] =>
    clip(
      labelled(name, printable(text), {
        indent: INDENT,
        labelWidth: LABEL_WIDTH,
        paint: style.dim,
        columns: style.columns,
      }),
      most,
    );
  const first = scenarios[0];
  const where = first === undefined ? '' : nameOf(first, report);
  const run = finding?.run ?? null;
  return [
    '',
    headOf(cause, number, style),
    ...(known === undefined ? [] : clip(paragraph(printable(known.requirement), INDENT, style.columns), MOST_LINES)),
    ...label('seen in', `${where}${run === null ? '' : `, run ${run}`}: ${finding?.subject ?? result.message}`),
    ...(finding === undefined ? [] : [...label('expected', finding.expected), ...label('actual', finding.actual)]),
    ...(badRun === null ? [] : formatSaid(badRun.stderrTail ?? [], style)),
    ...(advice === undefined ? [] : label('what to do', advice, MOST_LINES_OF_ADVICE)),
    ...(worstLoss === null ? [] : label('at worst', `a restore loses ${formatLoss(worstLoss)}`, 1)),
    ...(scenarios.length < 2 ? [] : label('also in', namesOf(scenarios.slice(1), report), 1)),
    // With a single cause, what follows from it stands below.
    ...(consequences.length === 0 || isAlone ? [] : label('brings', consequences.join(', '))),
  ];
}

function formatShortly({ result, ...cause }: Cause, number: number, { report, style }: Context): string[] {
  const [first] = cause.scenarios;
  const actual = result.evidence[0]?.actual ?? result.message;
  return [
    headOf(cause, number, style),
    asOneLine(`${first === undefined ? '' : nameOf(first, report)}: ${actual}`, INDENT, style),
  ];
}

function headOf(
  { rule, scenarios, elsewhere }: Pick<Cause, 'rule' | 'scenarios' | 'elsewhere'>,
  number: number,
  style: Style,
): string {
  const others = elsewhere === 0 ? '' : `, and behind another cause in ${elsewhere} more`;
  const many = `(${count(scenarios.length, 'scenario')}${others})`;
  return `${style.red(`${number}.`)} ${style.bold(printable(rule))}  ${style.dim(many)}`;
}

/** What the client said last, as it wrote it. */
function formatSaid(lines: readonly string[], style: Style): string[] {
  return lines.slice(-MOST_SAID).map((line, place) => {
    const name = place === 0 ? 'stderr' : '';
    return `${' '.repeat(INDENT)}${style.dim(name.padEnd(LABEL_WIDTH))}  ${cut(printable(line))}`.trimEnd();
  });
}

function formatConsequences(consequences: Triage['consequences'], style: Style): string[] {
  if (consequences.length === 0) return [];
  const names = consequences.map(({ rule, scenarios }) => `${rule} (${scenarios.length})`).join(', ');
  return [
    '',
    ...clip(
      paragraph(`${style.dim('These follow, and go with their causes:')} ${printable(names)}`, 0, style.columns),
      MOST_LINES,
    ),
  ];
}

function formatKitFailure(scenario: ScenarioResult, report: Report, style: Style): string[] {
  const [message = ''] = messageLines(scenario.message ?? '');
  return [
    '',
    `${style.red(formatStatus('error'))}  ${style.bold(printable(nameOf(scenario, report)))}`,
    ...clip(
      paragraph(`the kit itself failed, which is no fault of the client: ${message}`, INDENT, style.columns),
      MOST_LINES,
    ),
  ];
}

/** `a, b, c and 40 more`. */
function namesOf(scenarios: readonly ScenarioResult[], report: Report): string {
  const names = scenarios.slice(0, MOST_NAMED).map((scenario) => nameOf(scenario, report));
  const more = scenarios.length - names.length;
  return `${names.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}

/** No more than so many lines, the last of which says that there is more. */
export function clip(lines: readonly string[], most: number): string[] {
  const shown = lines.slice(0, most).map(cut);
  const last = shown.at(-1);
  return lines.length <= most || last === undefined ? shown : [...shown.slice(0, -1), `${last} …`];
}

/** A text on one line of a terminal, however long it is. */
export function asOneLine(text: string, indent: number, { columns }: Pick<Style, 'columns'>): string {
  const shown = printable(text);
  const room = columns - indent;
  return `${' '.repeat(indent)}${shown.length <= room ? shown : `${shown.slice(0, room - 1)}…`}`;
}

/** A line that no word of a client's makes longer than two of a terminal's. */
function cut(line: string): string {
  return line.length <= 2 * COLUMNS ? line : `${line.slice(0, 2 * COLUMNS)}…`;
}
