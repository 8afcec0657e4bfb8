import type { RunRecord } from '../evidence.ts';
import type { BackupFile } from '../inventory.ts';
import { controlDbBackupsOf, logListingsOf, type ControlDbBackup } from '../run-requests.ts';

/** A zip that a POST of this run was answered with, as it lies in the backup after the run. */
export interface CopiedZip {
  readonly made: ControlDbBackup;
  readonly file: BackupFile;
}

/**
 * The run's own zips in the backup, byte for byte and under any name, newest last. A link is no copy. Zips of equal
 * bytes hold the same state: they count as the one of their name, or else as the first. Of several that were copied
 * in one run, in whatever order, the newest is that with the latest time in its name.
 */
export function copiedZipsOf(run: RunRecord): CopiedZip[] {
  const made = controlDbBackupsOf(run);
  return run.after.files
    .filter(({ what, link }) => what.kind === 'control-db-zip' && link === 'none')
    .toSorted(compareAge)
    .flatMap((file) => {
      const equal = made.filter(({ answer }) => answer.file.checksum === file.checksum);
      const own = equal.find(({ answer }) => answer.file.name === file.name) ?? equal[0];
      return own === undefined ? [] : [{ made: own, file }];
    });
}

/**
 * The POST that a run's backup stands on, since a client may ask more than once: the one whose zip is the newest of
 * the run in the backup. Where none of them is there, the last before the first log listing, or the first.
 */
export function countingControlDbBackupOf(run: RunRecord): ControlDbBackup | null {
  const copied = copiedZipsOf(run).at(-1);
  if (copied !== undefined) return copied.made;
  const made = controlDbBackupsOf(run);
  const firstListing = logListingsOf(run)[0]?.ordinal ?? Infinity;
  return made.findLast(({ ordinal }) => ordinal < firstListing) ?? made[0] ?? null;
}

/**
 * The POST that stands behind what a run has copied from one node, where it backs up several, each for itself: the one on
 * that node whose zip is the newest of the node in the backup; null where it has none of the run's.
 */
export function controlDbBackupOn(run: RunRecord, node: string): ControlDbBackup | null {
  return copiedZipsOf(run).findLast(({ made }) => made.node === node)?.made ?? null;
}

/** As a restore chooses among them. */
function compareAge(a: BackupFile, b: BackupFile): number {
  if (a.writtenInRun !== b.writtenInRun) return a.writtenInRun - b.writtenInRun;
  const madeAt = millisIn(a.name);
  const otherMadeAt = millisIn(b.name);
  if (madeAt !== null && otherMadeAt !== null && madeAt !== otherMadeAt) return madeAt - otherMadeAt;
  return a.recency - b.recency;
}

function millisIn(name: string): number | null {
  const millis = /^controldb(?<millis>\d{1,15})\.zip$/.exec(name)?.groups?.['millis'];
  return millis === undefined ? null : Number(millis);
}
