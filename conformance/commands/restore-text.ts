import { alignColumns, count, paragraph } from '../reporters/layout.ts';
import { printable } from '../reporters/printable.ts';
import type { Style } from '../reporters/style.ts';
import type { RestoreResult } from '../restore/restore-backup.ts';

/** So many rows of a table are shown; JSON has them all. */
const MOST_ROWS = 30;

/** A restore as people read it: what went where, what stayed where it is and why, and what comes of it. */
export function formatRestore(result: RestoreResult, isDryRun: boolean, style: Style): string {
  const { to, isWritten, verdict, why, database, files, leftOut, problems } = result;
  const placed = [
    ...(database === null ? [] : [[database.to, sizeText(database.sizeBytes), `the database in ${database.from}`]]),
    ...files.map((file) => [file.to, sizeText(file.sizeBytes), file.from]),
  ];
  const sections = [
    [style.bold('Taken'), ...paragraph(printable(why), 2), ''],
    table('Where it goes', ['file of the node', 'bytes', 'from'], placed, style),
    table(
      'Left out',
      ['file of the backup', 'why'],
      leftOut.map(({ path, reason }) => [path, reason]),
      style,
    ),
    problems.length === 0
      ? []
      : [
          style.bold('Problems'),
          ...problems.flatMap(({ where, message }) => paragraph(printable(`${where}: ${message}`), 2)),
          '',
        ],
    [style.bold(verdictText({ to, isWritten, verdict, isDryRun, files: placed.length })), ''],
  ];
  return `\n${sections.flat().join('\n')}`;
}

function verdictText({
  to,
  isWritten,
  verdict,
  isDryRun,
  files,
}: Pick<RestoreResult, 'to' | 'isWritten' | 'verdict'> & {
  readonly isDryRun: boolean;
  readonly files: number;
}): string {
  if (verdict === 'nothing-to-verify')
    return 'NOTHING TO RESTORE: no segments, no logs, no control database backups were found';
  if (isWritten) {
    const word = verdict === 'consistent' ? 'RESTORED' : 'LAID OUT, AND NOT CONSISTENT';
    return `${word}: ${count(files, 'file')} in ${printable(to)}`;
  }
  if (verdict === 'inconsistent') return 'NOT CONSISTENT: nothing was written; --force lays it out all the same';
  return isDryRun ? `CONSISTENT: ${count(files, 'file')} would go to ${printable(to)}` : 'NOTHING WRITTEN';
}

function table(title: string, head: readonly string[], rows: ReadonlyArray<readonly string[]>, style: Style): string[] {
  if (rows.length === 0) return [];
  const shown = rows.slice(0, MOST_ROWS).map((row) => row.map(printable));
  const [first = '', ...body] = alignColumns([head, ...shown]).map((line) => `  ${line}`);
  const more = rows.length > MOST_ROWS ? [style.dim(`  and ${rows.length - MOST_ROWS} more: --json has them all`)] : [];
  return [style.bold(title), style.dim(first), ...body, ...more, ''];
}

function sizeText(bytes: number): string {
  return bytes.toLocaleString('en-US');
}
