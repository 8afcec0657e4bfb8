import type { BackupFile } from '../../journal/inventory.ts';

/**
 * The newest zip of those that the last run has written. Of several that were copied in one run, in whatever order, it
 * is that with the latest time in its name; one whose name tells nothing is it where it was copied after all of those.
 */
export function newestControlDb(files: readonly BackupFile[]): BackupFile | null {
  const zips = files.filter(({ what }) => what.kind === 'control-db-zip');
  const lastRun = zips.reduce((last, { writtenInRun }) => Math.max(last, writtenInRun), 0);
  const ofLastRun = zips.filter(({ writtenInRun }) => writtenInRun === lastRun);
  const named = ofLastRun.filter(({ name }) => millisIn(name) !== null);
  const lastCopied = best(ofLastRun, ({ recency }) => recency);
  if (lastCopied === null || !named.includes(lastCopied)) return lastCopied;
  const latest = named.reduce((last, { name }) => Math.max(last, millisIn(name) ?? 0), 0);
  return best(
    named.filter(({ name }) => millisIn(name) === latest),
    ({ recency }) => recency,
  );
}

function best(files: readonly BackupFile[], worth: (file: BackupFile) => number): BackupFile | null {
  let found: BackupFile | null = null;
  for (const file of files) if (found === null || worth(file) > worth(found)) found = file;
  return found;
}

function millisIn(name: string): number | null {
  const millis = /^controldb(?<millis>\d{1,15})\.zip$/.exec(name)?.groups?.['millis'];
  return millis === undefined ? null : Number(millis);
}
