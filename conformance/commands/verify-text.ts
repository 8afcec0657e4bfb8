import type { Style } from '../reporters/style.ts';
import type { BackupVerification, RestoreOutlook } from '../oracle/verification/verification.ts';
import { alignColumns, paragraph } from '../reporters/layout.ts';
import { printable } from '../reporters/printable.ts';
import { outlookOf, tablesOf, type Rows } from './verification-tables.ts';
import { formatAnswer } from './verify-answer.ts';

const verdictTexts: Readonly<Record<BackupVerification['verdict'], string>> = {
  consistent: 'CONSISTENT: what is there fits together',
  inconsistent: 'NOT CONSISTENT',
  'nothing-to-verify': 'NOTHING TO VERIFY: no segments, no logs, no control database backups were found',
};

/** What a verification comes to, in words. */
export function verdictText({ verdict, isQuick }: Pick<BackupVerification, 'verdict' | 'isQuick'>): string {
  return isQuick && verdict === 'consistent'
    ? 'CONSISTENT, as far as a quick look tells: checksums were left out'
    : verdictTexts[verdict];
}

/** A verification as people read it: tables of what was found, what is wrong, and what a restore would hold. */
export function formatVerification(verification: BackupVerification, style: Style): string {
  const { problems, notes, notLookedAt, restored } = verification;
  const sections = [
    formatAnswer(verification, style),
    ...tablesOf(verification).map(({ title, rows }) => table(title, rows, style)),
    restored === null ? [] : outlook(restored, style),
    list('Notes', notes, style),
    list('Not looked at, as --quick was asked for', notLookedAt, style),
    list(
      'Problems',
      problems.map(({ kind, where, message }) => `${kind}  ${where}: ${message}`),
      style,
    ),
    [style.bold(verdictText(verification)), ''],
  ];
  return `\n${sections.flat().join('\n')}`;
}

function table(title: string, rows: Rows, style: Style): string[] {
  const [head = '', ...body] = alignColumns(rows.map((row) => row.map(printable))).map((line) => `  ${line}`);
  return [style.bold(title), style.dim(head), ...body, ''];
}

function outlook(restored: RestoreOutlook, style: Style): string[] {
  const { sentence, rows, lines } = outlookOf(restored);
  return [
    style.bold('Restored'),
    `  ${sentence}`,
    ...alignColumns(rows.map((row) => row.map(printable))).map((line) => `  ${line}`),
    ...lines.flatMap((line) => paragraph(printable(line), 2, style.columns)),
    '',
  ];
}

function list(title: string, items: readonly string[], style: Style): string[] {
  if (items.length === 0) return [];
  return [style.bold(title), ...items.flatMap((item) => paragraph(printable(item), 2, style.columns)), ''];
}
