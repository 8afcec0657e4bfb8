import { formatDuration } from '../reporters/evidence-text.ts';
import type { ProgressLine } from './progress-line.ts';

const MEBIBYTE = 1024 ** 2;
/** Before so much time has gone by nobody can tell how long it takes. */
const LEAST_MS = 3000;
const STEP_MS = 100;

/** Shows on a line how far reading has come, ten times a second at most. `now` is in milliseconds since whenever. */
export function showReading(line: ProgressLine, now: () => number): (doneBytes: number, allBytes: number) => void {
  const startMs = now();
  let shownMs = Number.NEGATIVE_INFINITY;
  return (doneBytes, allBytes) => {
    const nowMs = now();
    if (nowMs - shownMs < STEP_MS) return;
    shownMs = nowMs;
    line.show(formatReading(doneBytes, allBytes, nowMs - startMs));
  };
}

/**
 * How far the reading of a backup has come, and how long it still takes at the same speed: `read 1,200 of 51,200 MiB, about
 * 95 s to go`. Bytes, milliseconds; of 0 bytes nobody
 * knows how many there are.
 */
export function formatReading(doneBytes: number, allBytes: number, elapsedMs: number): string {
  const figure = (bytes: number): string => Math.floor(bytes / MEBIBYTE).toLocaleString('en-US');
  if (allBytes === 0) return `read ${figure(doneBytes)} MiB`;
  const done = Math.min(doneBytes, allBytes);
  const text = `read ${figure(done)} of ${figure(allBytes)} MiB`;
  if (elapsedMs < LEAST_MS || done === 0) return text;
  const leftMs = (elapsedMs / done) * (allBytes - done);
  return `${text}, about ${formatDuration(Math.ceil(leftMs / 1000))} to go`;
}
