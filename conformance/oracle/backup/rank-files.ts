import type { FileHistory } from './file-history.ts';

/** What tells which of two copies is newer. */
export interface RankedFile {
  readonly path: string;
  readonly container: string;
  readonly history: FileHistory;
  /** Of the file itself, or of the archive that it is in. */
  readonly changedNs: bigint;
  readonly modifiedNs: bigint;
}

const states = { kept: 0, doubtful: 1, new: 2 } as const;

/**
 * Ranks files that were read after a run, from 1 for the oldest: by run; what has only kept its bytes before what is new,
 * in its old order; and what is new by time of modification, time of change (which goes on when a file is but sealed), and
 * then as it stands in the folder.
 */
export function rankByRun(files: readonly RankedFile[], runs: readonly number[]): number[] {
  return ranksOf(files, (a, b, placeOfA, placeOfB) => {
    const byRun = (runs[placeOfA] ?? 0) - (runs[placeOfB] ?? 0) || states[a.history.state] - states[b.history.state];
    if (byRun !== 0) return byRun;
    if (a.history.state !== 'new' && b.history.state !== 'new') return a.history.recency - b.history.recency;
    return compare(a.modifiedNs, b.modifiedNs) || compare(a.changedNs, b.changedNs);
  });
}

/**
 * Ranks the files of a finished backup, which may have been copied anywhere in any order, so the time of change tells
 * nothing: by time of modification, which is the server's where the client has kept it; of equal ones by the newest file
 * in the same folder, and then by name, numbers in it by their value.
 */
export function rankByModification(files: readonly RankedFile[]): number[] {
  const newestIn = new Map<string, bigint>();
  for (const { container, modifiedNs } of files) {
    if (modifiedNs > (newestIn.get(container) ?? -1n)) newestIn.set(container, modifiedNs);
  }
  const names = new Intl.Collator('en', { numeric: true });
  return ranksOf(files, (a, b) => {
    const byTime = compare(a.modifiedNs, b.modifiedNs);
    if (byTime !== 0) return byTime;
    return compare(newestIn.get(a.container) ?? 0n, newestIn.get(b.container) ?? 0n) || names.compare(a.path, b.path);
  });
}

type Compare = (a: RankedFile, b: RankedFile, placeOfA: number, placeOfB: number) => number;

function ranksOf(files: readonly RankedFile[], order: Compare): number[] {
  const placed = files.map((file, place) => ({ file, place }));
  const sorted = placed.toSorted((a, b) => order(a.file, b.file, a.place, b.place) || a.place - b.place);
  const ranks: number[] = [];
  for (const [position, { place }] of sorted.entries()) ranks[place] = position + 1;
  return ranks;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
