import { isSegmentIndex } from '../../server/formats/segment-index.ts';
import type { BackupFile } from '../journal/inventory.ts';
import type { Companion } from '../oracle/boot/laid-files.ts';
import { piecesOfFile } from '../oracle/backup/remembered-backup.ts';
import type { SelectedStore } from '../oracle/examination/select-backup.ts';

/** What of the files beside its segments a store gets, and why the others stay away. */
export interface KeptIndexes {
  readonly kept: readonly Companion[];
  readonly leftOut: ReadonlyArray<{ readonly file: BackupFile; readonly reason: string }>;
}

const STAND_IN =
  'it is the stand-in of a simulated server: real ones do not start with it, or throw it away; they build their own';

/**
 * All of them, or none: a server believes every index below the newest good one, and builds all where there is none
 * (docs/event-segment-format.md, section 8.3). `problem` says what it would make of those that lie there; null where nothing is wrong.
 */
export function decideIndexes({ segments }: SelectedStore, problem: string | null): KeptIndexes {
  const all = segments.flatMap(({ segment, companions }) =>
    companions.flatMap((file): Companion[] =>
      file.what.kind === 'index' ? [{ segment, suffix: file.what.suffix, file }] : [],
    ),
  );
  const leaveOut = (reason: string): KeptIndexes => ({ kept: [], leftOut: all.map(({ file }) => ({ file, reason })) });
  if (problem !== null) return leaveOut(`with those that are there a server would read less: ${problem}`);
  return all.some(({ file }) => isStandIn(file)) ? leaveOut(STAND_IN) : { kept: all, leftOut: [] };
}

function isStandIn(file: BackupFile): boolean {
  for (const piece of piecesOfFile(file)) return isSegmentIndex(piece);
  return false;
}
