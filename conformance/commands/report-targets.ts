import * as fs from 'node:fs';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { formatConsoleReport } from '../reporters/console.ts';
import { formatHtml } from '../reporters/html.ts';
import type { PageTexts } from '../reporters/html/texts.ts';
import { formatJson } from '../reporters/json.ts';
import { formatJunit } from '../reporters/junit.ts';
import { formatMarkdown } from '../reporters/markdown.ts';
import { createReporterStyle } from '../reporters/style.ts';
import type { Report } from '../verdict/report.ts';
import type { ScenarioJournal } from '../verdict/scenario-journal.ts';
import type { OutputFile } from './output-files.ts';

/** `--report KIND=FILE`. */
export interface ReportTarget {
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
    .option('--report <kind=file>', 'json=, junit=, html= or markdown=; repeatable', collectReports, [])
    .addOption(new Option('--quiet', 'the verdict alone').default(false).conflicts('verbose'))
    .option('--verbose', 'every finding of every scenario', false);
}

function collectReports(value: string, before: readonly ReportTarget[]): ReportTarget[] {
  const [kind = '', ...rest] = value.split('=');
  const file = rest.join('=');
  if (!Object.hasOwn(formats, kind) || file === '') {
    throw new InvalidArgumentError(`Write KIND=FILE with one of ${Object.keys(formats).join(', ')}.`);
  }
  return [...before, { kind: kind as keyof typeof formats, file }];
}

/** The files that reports go to, by the option that names each. */
export function filesOf(targets: readonly ReportTarget[]): OutputFile[] {
  return targets.map(({ kind, file }) => ({ option: `--report ${kind}`, file }));
}

/** Prints what a check came to, and writes all reports that can be written; returns what is wrong with the others, a line each. */
export function publish(
  report: Report,
  { report: targets, quiet, verbose }: ReportFlags,
  material: ReportMaterial,
): string[] {
  const view = {
    detail: quiet ? ('quiet' as const) : verbose ? ('verbose' as const) : ('usual' as const),
    reports: targets.map(({ kind, file }) => `${kind}=${file}`),
  };
  const style = createReporterStyle(process.stdout, process.env);
  process.stdout.write(formatConsoleReport(report, style, material.ruleOf, view));
  return targets.flatMap(({ kind, file }) => writeText(`the ${kind} report`, file, formats[kind](report, material)));
}

/** Writes a file; returns a line of what is wrong, or nothing. */
export function writeText(what: string, file: string, text: string): string[] {
  try {
    fs.writeFileSync(file, text);
    return [];
  } catch (error) {
    return [`${what} cannot be written: ${error instanceof Error ? error.message : String(error)}`];
  }
}
