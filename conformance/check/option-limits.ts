import { AxonError } from '../../server/index.ts';

/** Node's timers hold no more than 2^31 - 1 ms, and go off at once where they are told to wait longer. */
export const LONGEST_TIMEOUT_MS = 24 * 86_400_000;

/** Scenarios side by side. */
export const MOST_JOBS = 256;

export function isTimeout(timeoutMs: number): boolean {
  return timeoutMs >= 1 && timeoutMs <= LONGEST_TIMEOUT_MS;
}

export function isJobs(jobs: number): boolean {
  return Number.isInteger(jobs) && jobs >= 1 && jobs <= MOST_JOBS;
}

/** Fails with `bad-option` where a number cannot be what it is given for. */
export function requireLimits({ timeoutMs, jobs }: { readonly timeoutMs?: number; readonly jobs?: number }): void {
  if (timeoutMs !== undefined && !isTimeout(timeoutMs)) {
    const range = `1 to ${LONGEST_TIMEOUT_MS} (24 days) are possible`;
    throw new AxonError('bad-option', `a run cannot have ${timeoutMs} ms: ${range}`);
  }
  if (jobs !== undefined && !isJobs(jobs)) {
    throw new AxonError('bad-option', `${jobs} scenarios cannot go on side by side: 1 to ${MOST_JOBS} can`);
  }
}
