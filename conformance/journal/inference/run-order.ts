import type { Evidence, RunRecord } from '../evidence.ts';
import type { BackupFile } from '../inventory.ts';

/* Runs are numbered as they end. Most often one begins when the one before it has ended; but two may overlap. */

/** Whether two runs were at work at one time: the one that ended last had begun when the other one ended. */
export function areBesideEachOther(a: RunRecord, b: RunRecord): boolean {
  const [first, last] = a.run < b.run ? [a, b] : [b, a];
  return first.run !== last.run && last.startSeq < first.endSeq;
}

/** Whether `earlier` was over when `run` began, so that this one could know of it. */
export function wasOverBefore(earlier: RunRecord, run: RunRecord): boolean {
  return earlier.run < run.run && !areBesideEachOther(earlier, run);
}

/**
 * Whether a run may have written a file as the backup has it. A file is seen when a run ends: what one that is still at work has
 * written by then goes by the number of the one that was over first.
 */
export function mayHaveWritten({ runs }: Evidence, run: RunRecord, { writtenInRun }: BackupFile): boolean {
  if (writtenInRun === run.run) return true;
  const seenBy = runs.find((other) => other.run === writtenInRun);
  return seenBy !== undefined && areBesideEachOther(seenBy, run);
}
