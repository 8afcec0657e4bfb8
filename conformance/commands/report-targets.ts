import * as fs from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { formatHtml } from '../reporters/html.ts';
import type { PageTexts } from '../reporters/html/texts.ts';
import { formatJson } from '../reporters/json.ts';
import { formatJunit } from '../reporters/junit.ts';
import { formatMarkdown } from '../reporters/markdown.ts';
import type { Report } from '../verdict/report.ts';
import type { ScenarioJournal } from '../verdict/scenario-journal.ts';

/** `--report KIND=FILE`. */
export interface ReportTarget {
  readonly kind: keyof typeof formats;
  readonly file: string;
}

/** What some reports show beside the report itself. */
export interface ReportMaterial extends PageTexts {
  readonly journals: readonly ScenarioJournal[];
}

const formats = {
  json: formatJson,
  junit: (report, { ruleOf }) => formatJunit(report, ruleOf),
  html: (report, material) => formatHtml(report, material.journals, material),
  markdown: (report, { ruleOf }) => formatMarkdown(report, ruleOf),
} as const satisfies Record<string, (report: Report, material: ReportMaterial) => string>;

export function collectReports(value: string, before: readonly ReportTarget[]): ReportTarget[] {
  const [kind = '', ...rest] = value.split('=');
  const file = rest.join('=');
  if (!Object.hasOwn(formats, kind) || file === '') {
    throw new InvalidArgumentError(`Write KIND=FILE with one of ${Object.keys(formats).join(', ')}.`);
  }
  return [...before, { kind: kind as keyof typeof formats, file }];
}

/** Writes what can be written; returns what is wrong with the others, a line each. */
export function writeReports(targets: readonly ReportTarget[], report: Report, material: ReportMaterial): string[] {
  return targets.flatMap(({ kind, file }) => {
    return writeText(`the ${kind} report`, file, formats[kind](report, material));
  });
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
