import type { BackupVerification } from '../oracle/verification/verification.ts';
import { badge, el, scrolling, table, type Content } from '../reporters/html/elements.ts';
import { page } from '../reporters/html/page.ts';
import type { Shown } from '../reporters/status-text.ts';
import { outlookOf, tablesOf, type Rows } from './verification-tables.ts';
import { answersOf } from './verify-answer.ts';
import { verdictText } from './verify-text.ts';

const shown: Readonly<Record<BackupVerification['verdict'], Shown>> = {
  consistent: 'pass',
  inconsistent: 'fail',
  'nothing-to-verify': 'inconclusive',
};

/**
 * A verification as one page that needs nothing else: the answer first, then what is wrong, what a restore would hold, what was
 * found. All that comes out of the backup shows itself, and does nothing else.
 */
export function formatVerificationPage(verification: BackupVerification): string {
  const { path, verdict, problems, notes, notLookedAt, restored } = verification;
  const result = verdictText(verification);
  const tables = tablesOf(verification).map(({ title, rows }) => section(title, tableOf(title, rows)));
  return page(`${result}: ${path}`, [
    el(
      'header',
      {},
      el('h1', {}, 'A backup of Axon Server, verified'),
      el('p', { class: `verdict ${shown[verdict]}` }, badge(shown[verdict]), result),
      el('dl', {}, ...[['backup', [path]] as const, ...answersOf(verification)].flatMap(answer)),
    ),
    el(
      'main',
      {},
      ...(problems.length === 0 ? [] : [section('Problems', problemTable(problems))]),
      ...(restored === null ? [] : [restoredSection(restored)]),
      ...tables,
      ...listSection('Notes', notes),
      ...listSection('Not looked at, as --quick was asked for', notLookedAt),
    ),
  ]);
}

function listSection(title: string, items: readonly string[]): Content[] {
  if (items.length === 0) return [];
  return [section(title, el('ul', {}, ...items.map((item) => el('li', {}, item))))];
}

function answer([label, lines]: readonly [label: string, lines: readonly string[]]): Content[] {
  return [el('dt', {}, label), ...lines.map((line) => el('dd', {}, line))];
}

function restoredSection(restored: NonNullable<BackupVerification['restored']>): Content {
  const { sentence, rows, lines } = outlookOf(restored);
  const held = [['context', 'type', 'tokens', 'from the log'], ...rows];
  return section(
    'Restored',
    el('p', {}, sentence),
    tableOf('Restored', held),
    ...lines.map((line) => el('p', {}, line)),
  );
}

function section(title: string, ...content: readonly Content[]): Content {
  return el('section', {}, el('h2', {}, title), ...content);
}

function problemTable(problems: BackupVerification['problems']): Content {
  const rows = problems.map(({ kind, where, message }) => [kind, where, message]);
  return scrolling('Problems', table(['kind', 'where', 'what'], rows));
}

/** Of names and numbers: what is wider than the window scrolls, and no word is broken. */
function tableOf(title: string, [head = [], ...rows]: Rows): Content {
  return scrolling(title, table(head, rows, 'nowrap'));
}
