import type { Report } from '../verdict/report.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { paragraph, widthOf } from './layout.ts';
import { printable } from './printable.ts';
import { versionsIn } from './scenario-name.ts';
import { statusTexts, verdicts } from './status-text.ts';
import type { Style } from './style.ts';

type Cell = Verdict | null;

/** Rules by versions, as symbols with a legend; nothing where there is one version. */
export function formatVersionTable(report: Report, style: Style): string[] {
  return formatRows(report, report.rules, style);
}

/** No more than so many rows of it, failed rules before the others. */
export function formatWorstVersions(report: Report, style: Style, mostRows: number): string[] {
  const isFailed = ({ status }: Report['rules'][number]): boolean => status === 'fail';
  const rules = report.rules.toSorted((a, b) => Number(isFailed(b)) - Number(isFailed(a)));
  return formatRows(report, rules.slice(0, mostRows), style);
}

function formatRows(report: Report, rules: Report['rules'], style: Style): string[] {
  const versions = versionsIn(report);
  if (versions.length < 2 || rules.length === 0) return [];
  const results = rules.map((rule): Cell[] =>
    versions.map((version) => rule.versions.find((each) => each.version === version)?.status ?? null),
  );
  const names = rules.map(({ id }) => printable(id));
  const nameWidth = Math.max(...names.map(widthOf));
  const pad = (name: string): string => `${name}${' '.repeat(nameWidth - widthOf(name))}`;
  return [
    '',
    style.bold('Rules by server version'),
    `  ${pad('')}  ${style.dim(versions.join('  '))}`,
    ...names.map((name, place) => {
      const cells = versions.map((version, column) => formatCell(results[place]?.[column] ?? null, version, style));
      return `  ${pad(name)}  ${cells.join('  ')}`.trimEnd();
    }),
    ...paragraph(legendOf(new Set(results.flat())), 2, style.columns).map(style.dim),
  ];
}

/** A symbol under the name of its version; the colour comes last, as it has no width. */
function formatCell(status: Cell, version: string, style: Style): string {
  if (status === null) return ' '.repeat(version.length);
  const { symbol, colour } = statusTexts[status];
  return `${style[colour](symbol)}${' '.repeat(version.length - 1)}`;
}

/** Of what stands in the table alone. */
function legendOf(seen: ReadonlySet<Cell>): string {
  const words = verdicts
    .filter((verdict) => seen.has(verdict))
    .map((verdict) => `${statusTexts[verdict].symbol} ${statusTexts[verdict].word}`);
  return [...words, ...(seen.has(null) ? ['blank: not judged there'] : [])].join(', ');
}
