import type { RunRecord } from '../evidence.ts';

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
