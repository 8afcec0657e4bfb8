import * as fs from 'node:fs';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { describeSystemFailure } from '../../server/index.ts';
import { formatConsoleReport } from '../reporters/console.ts';
import { formatGithubAnnotations } from '../reporters/github.ts';
import { formatHtml } from '../reporters/html.ts';
import type { PageTexts } from '../reporters/html/texts.ts';
import { formatJson } from '../reporters/json.ts';
import { formatJunit } from '../reporters/junit.ts';
import { formatMarkdown } from '../reporters/markdown.ts';
import { createReporterStyle } from '../reporters/style.ts';
import type { Report } from '../verdict/report.ts';
import type { ScenarioJournal } from '../verdict/scenario-journal.ts';
import type { OutputFile } from './output-files.ts';

/** `--report KIND=FILE`, or `--report github`, whose places are in variables that GitHub sets. */
export type ReportTarget = FileTarget | { readonly kind: 'github' };

interface FileTarget {
  readonly kind: keyof typeof formats;
  readonly file: string;
}

/** What some reports show beside the report itself. */
export interface ReportMaterial extends PageTexts {
  readonly journals: readonly ScenarioJournal[];
}

/** Which reports are wanted, and how much of the one for people. */
export interface ReportFlags {
  readonly report: readonly ReportTarget[];
  readonly quiet: boolean;
  readonly verbose: boolean;
}

const formats = {
  json: formatJson,
  junit: (report, { ruleOf }) => formatJunit(report, ruleOf),
  html: (report, material) => formatHtml(report, material.journals, material),
  markdown: (report, { ruleOf }) => formatMarkdown(report, ruleOf),
} as const satisfies Record<string, (report: Report, material: ReportMaterial) => string>;

/** What `check` and `merge` have in common. */
export function addReportOptions(command: Command): Command {
  return command
    .option(
      '--report <kind=file>',
      'json=, junit=, html= or markdown=; github: annotations and step summary there; repeatable',
      collectReports,
      [],
    )
    .addOption(new Option('--quiet', 'the verdict alone').default(false).conflicts('verbose'))
    .option('--verbose', 'every finding of every scenario', false);
}

/** The value of `--report`; the option may be given several times. */
export function collectReports(value: string, before: readonly ReportTarget[]): ReportTarget[] {
  if (value === 'github') return [...before, { kind: 'github' }];
  const [kind = '', ...rest] = value.split('=');
  const file = rest.join('=');
  if (!Object.hasOwn(formats, kind) || file === '') {
    throw new InvalidArgumentError(`Write KIND=FILE with one of ${Object.keys(formats).join(', ')}; or github.`);
  }
  if (file === '-') {
    throw new InvalidArgumentError(`Name a file: stdout has what the console shows.`);
  }
  return [...before, { kind: kind as keyof typeof formats, file }];
}

/** The files that reports go to, by the option that names each. */
export function filesOf(targets: readonly ReportTarget[]): OutputFile[] {
  return targets.filter(isFile).map(({ kind, file }) => ({ option: `--report ${kind}`, file }));
}

/** Prints what a check came to, and writes all reports that can be written; returns what is wrong with the others, a line each. */
export function publish(
  report: Report,
  { report: targets, quiet, verbose }: ReportFlags,
  material: ReportMaterial,
): string[] {
  const view = {
    detail: quiet ? ('quiet' as const) : verbose ? ('verbose' as const) : ('usual' as const),
    reports: targets.filter(isFile).map(({ kind, file }) => `${kind}=${file}`),
  };
  const style = createReporterStyle(process.stdout, process.env);
  process.stdout.write(formatConsoleReport(report, style, material.ruleOf, view));
  return writeReports(report, targets, material);
}

/** Writes all reports that can be written; returns what is wrong with the others, a line each. */
export function writeReports(report: Report, targets: readonly ReportTarget[], material: ReportMaterial): string[] {
  return targets.flatMap((target) => {
    if (target.kind === 'github') return annotate(report, material);
    return writeText(`the ${target.kind} report`, target.file, formats[target.kind](report, material));
  });
}

function isFile(target: ReportTarget): target is FileTarget {
  return target.kind !== 'github';
}

/** Annotations go to stdout, where GitHub reads them; elsewhere nothing is to be annotated. */
function annotate(report: Report, { ruleOf }: ReportMaterial): string[] {
  const { GITHUB_ACTIONS: isThere, GITHUB_STEP_SUMMARY: summary } = process.env;
  if (isThere === 'true') process.stdout.write(formatGithubAnnotations(report, ruleOf));
  if (summary === undefined || summary === '') return [];
  return tryToWrite("GitHub's step summary", () => fs.appendFileSync(summary, `${formatMarkdown(report, ruleOf)}\n`));
}

/** Writes a file; returns a line of what is wrong, or nothing. */
export function writeText(what: string, file: string, text: string): string[] {
  return tryToWrite(what, () => fs.writeFileSync(file, text));
}

function tryToWrite(what: string, write: () => void): string[] {
  try {
    write();
    return [];
  } catch (error) {
    return [`${what} cannot be written: ${describeSystemFailure(error)}`];
  }
}
