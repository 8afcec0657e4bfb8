import type { RunRecord } from '../evidence.ts';
import { copiedZipsOf } from './control-db-in-backup.ts';

/**
 * Whether a restore would take the control database of one node and a log of another, from folders of which each has both:
 * a run has backed up several nodes, each for itself, and none of them has a log of every group. Which of them is to be
 * restored, the files alone do not say.
 */
export function isOfMixedNodes(run: RunRecord): boolean {
  const { controlDb, logs } = run.restoration.choice;
  const zips = copiedZipsOf(run);
  const taken = zips.find(({ file }) => file.path === controlDb);
  if (taken === undefined) return false;
  const others = zips.filter(
    ({ made, file }) => made.node !== taken.made.node && file.container !== taken.file.container,
  );
  return logs.some(({ from }) =>
    from.some(({ place }) => others.some(({ file }) => `${place}/`.startsWith(`${file.container}/`))),
  );
}
