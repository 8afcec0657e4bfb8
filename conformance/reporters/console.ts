import type { Report, ScenarioResult } from '../verdict/report.ts';
import { triage as sortOut } from '../triage/triage.ts';
import { formatAllTrouble, formatNotApplicable, formatNotes, formatUnproved } from './console-findings.ts';
import { formatRest } from './console-rest.ts';
import { clip, formatCauses } from './console-triage.ts';
import { formatVersionTable, formatWorstVersions } from './console-versions.ts';
import { formatDuration, type RuleLookup } from './evidence-text.ts';
import { count, labelled } from './layout.ts';
import { messageLines, printable } from './printable.ts';
import {
  explainExit,
  formatJudgements,
  formatProof,
  formatScenarioCounts,
  isExpectedFailure,
  isKnown,
} from './report-facts.ts';
import { formatVersions, nameOf } from './scenario-name.ts';
import { formatStatusColumn } from './status-text.ts';
import type { Style } from './style.ts';

/** Lines behind those of the scenarios, whatever a client has done: a screen or two. */
export const MOST_LINES = 60;

/** Rules that one line of progress names. */
const MOST_NAMED = 3;

const LABEL_WIDTH = 'not reached'.length;
/** Rules of the table of versions, where there are causes, which tell more; and what else there is where there are none. */
const ROWS_BESIDE_CAUSES = 8;
const LINES_AROUND_TABLE = 20;
/** Lines of the first note, and of the client's command. */
const MOST_LINES_OF_NOTE = 4;
const MOST_LINES_OF_CLIENT = 2;

/** How much a reader wants, and what lies elsewhere. */
export interface ConsoleView {
  /** `verbose` has every finding of every scenario, and no end. */
  readonly detail: 'quiet' | 'usual' | 'verbose';
  /** Reports that are written to files, each as `html=report.html`. */
  readonly reports: readonly string[];
}

const usual: ConsoleView = { detail: 'usual', reports: [] };

/**
 * One line for a scenario that is done: `3/45  ✗ fail  log/cleaned  log/replaced, log/all-groups  1.2s`. It begins with the
 * version where a check has them all; failures that are known are no cross.
 */
export function formatScenarioLine(
  result: ScenarioResult,
  style: Style,
  check: Pick<Report, 'serverVersion' | 'expectedFailures'> = { ...result, expectedFailures: [] },
  progress: { readonly done: number; readonly total: number } | null = null,
): string {
  const seconds = formatDuration(result.wallClock.totalMs / 1000);
  const detail = summarise(result);
  const total = String(progress?.total ?? '');
  return [
    ...(progress === null ? [] : [style.dim(`${String(progress.done).padStart(total.length)}/${total}`)]),
    formatStatusColumn(isKnown(check, result) ? 'expected' : result.status, style),
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
 * What a check came to, in at most `MOST_LINES` lines: causes before what follows from them, then warnings and what is open,
 * then the totals and what the exit code means, where more lies, and with which command to start. `verbose` puts every
 * finding of every scenario before that; `quiet` leaves the verdict alone. The lookup gives remedies, and what follows from what.
 */
export function formatConsoleReport(
  report: Report,
  style: Style,
  ruleOf: RuleLookup = () => undefined,
  { detail, reports }: ConsoleView = usual,
): string {
  if (detail === 'quiet') return `${formatExit(report, style).join('\n')}\n`;
  const sorted = sortOut(report, ruleOf);
  const verbose =
    detail === 'usual'
      ? []
      : [
          ...formatAllTrouble(report, style, ruleOf),
          ...formatUnproved(report, style),
          ...formatVersionTable(report, style),
          ...formatNotApplicable(report, style),
          ...formatNotes(report, style),
        ];
  const hasCauses = sorted.causes.length > 0;
  const rest = formatRest(sorted, report, style, detail === 'verbose');
  const rows = hasCauses ? ROWS_BESIDE_CAUSES : MOST_LINES - rest.length - LINES_AROUND_TABLE;
  const behind = [
    ...(detail === 'verbose' ? [] : formatWorstVersions(report, style, rows)),
    ...rest,
    ...formatTotals(report, style),
    ...(detail === 'verbose' ? [] : formatFirstNote(report, style)),
    ...formatWhereabouts(report, reports, style),
    ...(sorted.startWith === null ? [] : formatStart(sorted.startWith, style)),
  ];
  const causes = formatCauses(sorted, report, { style, ruleOf, room: MOST_LINES - behind.length });
  return `${[...verbose, ...causes, ...behind].map(asText).join('\n')}\n`;
}

/**
 * A line that no CI takes for a command: those of GitHub, Azure and TeamCity begin a line, behind blanks, and a client's words
 * may well come to stand there.
 */
function asText(line: string): string {
  // oxlint-disable-next-line no-control-regex
  return line.replace(/^(?:\s|\u001B\[[\d;]*m)*(?=::|##)/, '$&| ');
}

/** Of what no rule is about the first, and how much more there is: `--verbose` has it all. */
function formatFirstNote({ scenarios }: Report, style: Style): string[] {
  const notes = [...new Set(scenarios.flatMap(({ notes: told = [] }) => told))];
  const [first] = notes;
  if (first === undefined) return [];
  const text = `${first}${notes.length > 1 ? ` (and ${count(notes.length - 1, 'note')} more: --verbose)` : ''}`;
  const lines = labelled('noted', printable(text), {
    indent: 0,
    labelWidth: LABEL_WIDTH,
    paint: style.dim,
    columns: style.columns,
  });
  return clip(lines, MOST_LINES_OF_NOTE);
}

/** Reports, and folders of what was kept. */
function formatWhereabouts({ scenarios }: Report, reports: readonly string[], style: Style): string[] {
  const folders = scenarios.flatMap(({ artefacts }) => (artefacts === null ? [] : [artefacts.folder]));
  const label = (name: string, text: string): string[] =>
    clip(
      labelled(name, printable(text), { indent: 0, labelWidth: LABEL_WIDTH, paint: style.dim, columns: style.columns }),
      MOST_LINES_OF_CLIENT,
    );
  return [
    ...(reports.length === 0 ? [] : label('reports', reports.join(' '))),
    ...(folders.length === 0 ? [] : label('kept in', folderAround(folders))),
  ];
}

/** The folder that all others lie in; of a single one that one. */
function folderAround(folders: readonly string[]): string {
  const [first = ''] = folders;
  if (folders.length === 1) return first;
  const parts = first.split('/');
  while (parts.length > 0 && !folders.every((each) => each.startsWith(`${parts.join('/')}/`))) parts.pop();
  return parts.length === 0 ? first : parts.join('/');
}

/** Unwrapped, so that it can be copied. */
function formatStart({ repro }: ScenarioResult, style: Style): string[] {
  return ['', `${style.bold('start here'.padEnd(LABEL_WIDTH))}  ${printable(repro)}`];
}

function formatExit(report: Report, style: Style): string[] {
  const { exitCode } = report;
  const colour = exitCode === 0 ? 'green' : exitCode === 2 ? 'yellow' : 'red';
  const exit = {
    indent: 0,
    labelWidth: LABEL_WIDTH,
    columns: style.columns,
    paint: (text: string) => style.bold(style[colour](text)),
  };
  return labelled(`exit ${exitCode}`, explainExit(report), exit);
}

function formatTotals(report: Report, style: Style): string[] {
  const { kit, seed, client, exitCode, summary } = report;
  const expected = report.scenarios.flatMap((scenario) =>
    scenario.rules.filter((rule) => isExpectedFailure(report, scenario, rule)),
  );
  const judge = `axon-backup-kit ${kit.version}, ${formatVersions(report)}, seed ${seed}`;
  const isGreen = exitCode === 0 && expected.length === 0 && summary.warn === 0;
  const rows: ReadonlyArray<readonly [string, string]> = [
    ['client', client.argv.map(printable).join(' ')],
    ['judged by', printable(judge)],
    ['scenarios', formatScenarioCounts(report)],
    ['judgements', formatJudgements(report)],
    ...(expected.length === 0
      ? []
      : [['expected', `${count(expected.length, 'failure')} on the list of expected ones`] as const]),
    ...(exitCode === 0 && summary.warn > 0
      ? [['warnings', 'are SHOULD rules; --fail-on warn makes them count'] as const]
      : []),
    ...(isGreen ? [['proved', formatProof(report)] as const] : []),
  ];
  return [
    '',
    ...rows.flatMap(([name, text]) =>
      clip(
        labelled(name, text, { indent: 0, labelWidth: LABEL_WIDTH, paint: style.dim, columns: style.columns }),
        MOST_LINES_OF_CLIENT,
      ),
    ),
    ...formatExit(report, style),
  ];
}
