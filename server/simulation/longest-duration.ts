import { AxonError } from '../errors.ts';
import { parseDuration } from '../quantities.ts';

/** Longest that one call may move the clock, make a node lag, or hold an answer back: a hundred days. */
export const LONGEST_DURATION_MS = 100 * 24 * 60 * 60 * 1000;

/** Milliseconds. Fails with `bad-request` above the longest; `name` is what the duration is for. */
export function parseLimitedDuration(text: string, name: string): number {
  const durationMs = parseDuration(text);
  if (durationMs <= LONGEST_DURATION_MS) return durationMs;
  throw new AxonError('bad-request', `${name} ${text.slice(0, 60)}: 100d at most`);
}
