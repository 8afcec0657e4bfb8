import type { BehaviourCell, Certainty } from './behaviour-row.ts';
import { versionsOf, type BehaviourRow, type ServerVersion } from './behaviours.ts';
import type { Difference } from './differences.ts';

type Row = BehaviourRow<string | boolean>;

/** What each release does, and in what the fake cluster is none of them, as a page of Markdown. Pure. */
export function formatVersionsPage(
  table: Readonly<Record<string, Row>>,
  versions: readonly ServerVersion[],
  differences: readonly Difference[],
): string {
  const rows = Object.values(table);
  const ofStandard = versionsOf('standard');
  const openCells = rows.flatMap(({ title, cells }) =>
    versions.filter((version) => cells[version].certainty === 'unknown').map((version) => `- ${version}: ${title}`),
  );
  return `# Server versions

This page is made from [server/versions/behaviours.ts](../server/versions/behaviours.ts) and
[server/versions/differences.ts](../server/versions/differences.ts): \`npm run docs\`.

\`serve --server-version V\` and \`check --server-version V\` show the behaviour of one release: Enterprise 4.2, 4.5 (4.5.16),
4.6, the unified 2023.2, and 2024.2, 2025.2 and 2026.0, of which no source is public. \`documented\`, which is what you get unless you say otherwise, is what the manual promises, and
4.6 where it says nothing. \`check --server-version all\` plays every scenario on each.

## What each version does

The letter behind a value says how it is known: ${legend}.

${formatTable(
  ['behaviour', ...versions],
  rows.map(({ title, cells }) => [title, ...versions.map((version) => formatCell(cells[version]))]),
)}

## The standard edition

\`serve --edition standard\` is one node with the context \`default\`, of the same versions; only what differs stands here. It is
held against the answers of four real servers ([fixtures/recorded](../fixtures/recorded/README.md)). Standard 4.5.16 answers
as standard 4.6 does, while a cluster of 4.5 still answers as one of 4.2: take \`--edition standard --server-version 4.5\` or
\`4.6\` for the one, \`--server-version 4.5\` for the other.

${formatTable(
  ['behaviour', ...ofStandard],
  rows
    .filter(({ cells, standard }) => ofStandard.some((version) => cells[version].value !== standard[version].value))
    .map(({ title, standard }) => [title, ...ofStandard.map((version) => formatCell(standard[version]))]),
)}

### Where that is written

${rows.map((row) => `- ${row.title}: ${sourcesOf(row, versions)}`).join('\n')}

### Chosen where nobody outside knows

${openCells.join('\n')}

## What is no real server

${formatTable(
  ['subject', 'here', 'a real Axon Server', 'kind', 'source'],
  differences.map(({ subject, here, real, kind, source }) => [subject, here, real, kind, linkPages(source ?? '–')]),
)}
`;
}

const marks: Readonly<Record<Certainty, readonly [letter: string, meaning: string]>> = {
  recorded: ['R', 'recorded of a real server'],
  source: ['S', 'read in source'],
  database: ['B', 'read in a database that a real server wrote'],
  manual: ['D', 'said by manual or release notes, or for `documented` what this page promises'],
  inferred: ['I', 'inferred'],
  unknown: ['?', 'nobody outside knows: the plain behaviour, from 2024.2 on that of 2023.2'],
};

const legend = Object.values(marks)
  .map(([letter, meaning]) => `**${letter}** ${meaning}`)
  .join(' · ');

function formatCell({ value, certainty }: BehaviourCell<string | boolean>): string {
  return `${formatValue(value)} ${marks[certainty][0]}`;
}

function formatValue(value: string | boolean): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value;
}

/** Each source once, with the versions that rest on it; then those of the standard edition, where it has some of its own. */
function sourcesOf({ cells, standard }: Row, versions: readonly ServerVersion[]): string {
  const own = versionsOf('standard').filter((version) => standard[version].source !== cells[version].source);
  const enterprise = groupSources(cells, versions);
  return own.length === 0 ? enterprise : `${enterprise}; standard edition: ${groupSources(standard, own)}`;
}

function groupSources(cells: Row['cells'], versions: readonly ServerVersion[]): string {
  const bySource = new Map<string, ServerVersion[]>();
  for (const version of versions) {
    const { source } = cells[version];
    bySource.set(source, [...(bySource.get(source) ?? []), version]);
  }
  if (bySource.size === 1) return linkPages([...bySource.keys()].join(''));
  return [...bySource].map(([source, of]) => `${linkPages(source)} (${of.join(', ')})`).join('; ');
}

function formatTable(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Pages beside this one, of which a source names a section. */
function linkPages(text: string): string {
  return text.replaceAll(/docs\/(?<page>[a-z-]+\.md)/g, '[docs/$<page>]($<page>)');
}
