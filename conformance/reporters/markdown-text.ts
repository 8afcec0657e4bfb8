import { printable } from './printable.ts';

/** A cell of a table, where pipes need escaping in code too, or any other place, where they must not be escaped there. */
interface Place {
  readonly inTable: boolean;
}

const elsewhere: Place = { inTable: false };

/** One line of text in which `code` is code, and nothing else is markup. */
export function formatProse(text: string, place: Place = elsewhere): string {
  return printable(text)
    .split(/(`[^`]+`)/)
    .map((part, index) => (index % 2 === 1 ? codeSpan(part.slice(1, -1), place) : escapeMarkup(part)))
    .join('');
}

function escapeMarkup(text: string): string {
  return text
    .replaceAll(/[\\`*_[\]~|$]/g, (character) => `\\${character}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** A code span that holds any text: nothing in it is markup, and nobody is mentioned. */
export function codeSpan(text: string, { inTable }: Place = elsewhere): string {
  const shown = printable(text);
  if (shown.trim() === '') return '(empty)';
  const fence = '`'.repeat(longestRun(shown) + 1);
  const padding = shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  const span = `${fence}${padding}${shown}${padding}${fence}`;
  return inTable ? span.replaceAll('|', String.raw`\|`) : span;
}

/** A block whose lines are shown as they are. */
export function codeBlock(lines: readonly string[], language: string): string[] {
  const fence = '`'.repeat(Math.max(3, longestRun(lines.join('\n')) + 1));
  return [`${fence}${language}`, ...lines, fence];
}

/** A table; cells are Markdown already. */
export function markdownTable(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
