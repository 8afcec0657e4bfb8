import type { Counted, Triage } from '../triage/triage.ts';
import type { Report } from '../verdict/report.ts';
import { asOneLine } from './console-triage.ts';
import { formatNotApplicable, formatNotes } from './console-findings.ts';
import { count } from './layout.ts';
import { expiredEntries, staleEntries, unreachedHazards } from './report-facts.ts';
import { nameOf } from './scenario-name.ts';
import type { Style } from './style.ts';

/** Lines of one section where there is a cause, which is what its reader has to see to first, and where there is none. */
const FEW = 3;
const MANY = 6;

/** What stands behind the causes: warnings, what is known, what is open, what does not apply; each in a few lines. */
export function formatRest(triage: Triage, report: Report, style: Style, isVerbose: boolean): string[] {
  const most = triage.causes.length > 0 ? FEW : MANY;
  const section = (title: string, lines: readonly string[]): string[] => sectionOf(title, lines, { most, style });
  const isClear = triage.causes.length === 0;
  return [
    ...section('Warnings, of SHOULD rules', triage.warnings.map(lineOf)),
    ...section('Known, and not counted', triage.expected.map(lineOf)),
    ...section('On the list of known failures, and no longer true: take it off', staleEntries(report)),
    ...section('On the list of known failures, and past its date', expiredEntries(report)),
    // In full, what is open and what does not apply stands above.
    ...(isVerbose ? [] : section('Not proved', openLines(triage, report))),
    ...(isVerbose ? [] : section(...lastWordsOf(triage, report))),
    ...(isVerbose ? [] : limited(formatNotApplicable(report, style), isClear ? most : 1)),
    ...(isVerbose || !isClear ? [] : limited(formatNotes(report, style), most)),
  ];
}

function openLines({ open, unreached }: Triage, report: Report): string[] {
  return [
    ...open.map(lineOf),
    ...unreached.map((scenario) => {
      const missed = unreachedHazards(scenario);
      const unexplained = missed.length > 0 ? `not reached: ${missed.join(', ')}` : 'no rule was judged';
      const reason = scenario.message ?? unexplained;
      return `${nameOf(scenario, report)}: ${reason}`;
    }),
  ];
}

/** What was found, rather than where: the line may be cut at its end. */
function lineOf({ rule, scenarios, result }: Counted): string {
  return `${rule}  (${count(scenarios.length, 'scenario')}): ${result.evidence[0]?.actual ?? result.message}`;
}

/** What the client said in the first run that came to nothing, where nothing is proved and nothing else tells why. */
function lastWordsOf({ causes, open }: Triage, report: Report): [title: string, lines: readonly string[]] {
  const scenario =
    causes.length > 0 || open.length === 0
      ? undefined
      : report.scenarios.find(({ status }) => status === 'inconclusive');
  const run = scenario?.runs.find(({ exitCode, stderrTail = [] }) => exitCode !== 0 && stderrTail.length > 0);
  if (scenario === undefined || run === undefined) return ['', []];
  const end = run.exitCode === null ? 'was ended' : `ended with ${run.exitCode}`;
  return [`Run ${run.run} of ${nameOf(scenario, report)} ${end}, and said`, run.stderrTail ?? []];
}

function sectionOf(
  title: string,
  lines: readonly string[],
  { most, style }: { readonly most: number; readonly style: Style },
): string[] {
  return lines.length === 0
    ? []
    : limited(['', style.bold(title), ...lines.map((line) => asOneLine(line, 2, style))], most);
}

/** A blank line, a title, and so many lines more. */
function limited(lines: readonly string[], most: number): string[] {
  const left = lines.length - 2 - most;
  return left <= 0 ? [...lines] : [...lines.slice(0, 2 + most), `  … and ${left} more; --verbose has them all`];
}
