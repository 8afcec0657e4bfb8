import type { BehaviourRow, ServerVersion } from './behaviours.ts';
import type { Difference } from './differences.ts';

type Row = BehaviourRow<string | boolean>;

/** What each release does, and in what the fake cluster is none of them, as a page of Markdown. Pure. */
export function formatVersionsPage(
  table: Readonly<Record<string, Row>>,
  versions: readonly ServerVersion[],
  differences: readonly Difference[],
): string {
  const rows = Object.values(table);
  const openCells = rows.flatMap(({ title, cells }) =>
    versions.filter((version) => cells[version].isOpen).map((version) => `- ${version}: ${title}`),
  );
  return `# Server versions

This page is made from [server/behaviours.ts](../server/behaviours.ts) and
[server/differences.ts](../server/differences.ts): \`npm run docs\`.

\`serve --server-version V\` and \`check --server-version V\` show the behaviour of one release: Enterprise 4.2, 4.5 (4.5.16),
4.6, and the unified 2023.2. \`documented\`, which is what you get unless you say otherwise, is what the manual promises, and
4.6 where it says nothing. \`check --server-version all\` plays every scenario on each.

## What each version does

A value with \`?\` is the plain behaviour, chosen where nobody outside knows.

${formatTable(
  ['behaviour', ...versions],
  rows.map(({ title, cells }) => [
    title,
    ...versions.map((version) => formatValue(cells[version].value) + (cells[version].isOpen ? ' ?' : '')),
  ]),
)}

### Where that is written

${rows.map((row) => `- ${row.title}: ${sourcesOf(row, versions)}`).join('\n')}

### Chosen where nobody outside knows

${openCells.join('\n')}

## What is no real server

${formatTable(
  ['subject', 'here', 'a real Axon Server', 'kind', 'source'],
  differences.map(({ subject, here, real, kind, source }) => [subject, here, real, kind, source ?? '–']),
)}
`;
}

function formatValue(value: string | boolean): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value;
}

/** Each source once, with the versions that rest on it. */
function sourcesOf({ cells }: Row, versions: readonly ServerVersion[]): string {
  const bySource = new Map<string, ServerVersion[]>();
  for (const version of versions) {
    const { source } = cells[version];
    bySource.set(source, [...(bySource.get(source) ?? []), version]);
  }
  if (bySource.size === 1) return [...bySource.keys()].join('');
  return [...bySource].map(([source, of]) => `${source} (${of.join(', ')})`).join('; ');
}

function formatTable(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
