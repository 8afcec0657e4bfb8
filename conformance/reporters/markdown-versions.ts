import type { Report } from '../verdict/report.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { codeSpan, formatProse, markdownTable } from './markdown-text.ts';
import { byScenario, versionsIn } from './scenario-name.ts';
import { formatStatus } from './status-text.ts';

/** Rules by versions, each cell in words; nothing where there is one version. */
export function formatVersionTable(report: Report): string[] {
  const versions = versionsIn(report);
  if (versions.length < 2 || report.rules.length === 0) return [];
  const rows = report.rules.map(({ id, level, versions: of }) => [
    codeSpan(id, { inTable: true }),
    level,
    ...versions.map((version) => formatCell(of.find((each) => each.version === version)?.status)),
  ]);
  return [
    '### Rules by server version',
    '',
    ...markdownTable(['rule', 'level', ...versions], rows),
    '',
    'The gravest of the scenarios of each version; blank: not judged there.',
    '',
  ];
}

/** Scenarios by versions, with the numbers that the grid has. */
export function formatScenarioTable(report: Report): string[] {
  const versions = versionsIn(report);
  const rows = byScenario(report).map(([id, results], place) => [
    String(place + 1),
    codeSpan(id, { inTable: true }),
    formatProse(results[0]?.title ?? '', { inTable: true }),
    ...versions.map((version) => formatCell(results.find((each) => each.serverVersion === version)?.status)),
  ]);
  return markdownTable(['#', 'scenario', 'situation', ...versions], rows);
}

function formatCell(status: Verdict | undefined): string {
  return status === undefined ? ' ' : formatStatus(status);
}
