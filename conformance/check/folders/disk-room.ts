import * as fs from 'node:fs';
import { AxonError, isDiskFull } from '../../../server/index.ts';

/** What the largest of the kit's own scenarios takes. */
const ROOM_OF_EACH_BYTES = 40 * 1024 * 1024;
/** With less than that left, whatever failed in a scenario is not held against the client. */
const LEAST_BYTES = 1024 * 1024;

/** Bytes that are free for this user where a folder is; any number where the system does not tell. */
export type FreeBytes = (folder: string) => number;

export const freeBytes: FreeBytes = (folder) => {
  try {
    const { bavail, bsize } = fs.statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
};

/** Fails with `disk-full`, in one line, where `jobs` scenarios side by side would find no room in a place. */
export function requireRoom(place: string, jobs: number, free: FreeBytes = freeBytes): void {
  const [there, wanted] = [free(place), jobs * ROOM_OF_EACH_BYTES];
  if (there >= wanted) return;
  const need = `${jobs === 1 ? 'a scenario takes' : `${jobs} scenarios side by side take`} up to ${mebibytes(wanted)}`;
  const text = `no room to play in ${place}: ${mebibytes(there)} are free, and ${need} (TMPDIR names another place`;
  throw new AxonError('disk-full', `${text}${jobs === 1 ? ')' : ', --jobs has fewer of them)'}`);
}

/** Fails with `disk-full` where a scenario in `place` may have gone wrong for want of room, whoever noticed. */
export function requireRoomLeft(place: string, free: FreeBytes = freeBytes): void {
  if (free(place) < LEAST_BYTES) throw fullOf(place);
}

/** What a scenario has failed with, or `disk-full` where that, or something behind it, says that there was no room. */
export function asDiskFull(error: unknown, place: string): unknown {
  return isDiskFull(error) ? fullOf(place) : error;
}

function fullOf(place: string): AxonError {
  const text = `the disk with ${place} is full: no more is played (TMPDIR names another place, --jobs less at a time)`;
  return new AxonError('disk-full', text);
}

function mebibytes(bytes: number): string {
  return `${Math.floor(bytes / 1024 ** 2)} MiB`;
}
