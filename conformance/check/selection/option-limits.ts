import { AxonError } from '../../../server/index.ts';
import type { Shard } from '../../verdict/report.ts';

/** Node's timers hold no more than 2^31 - 1 ms, and go off at once where they are told to wait longer. */
export const LONGEST_TIMEOUT_MS = 24 * 86_400_000;

/** Scenarios side by side. */
export const MOST_JOBS = 256;

/** Parts of a check; far more than there are scenarios. */
export const MOST_SHARDS = 10_000;

interface LimitedOptions {
  readonly timeoutMs?: number;
  readonly jobs?: number;
  readonly shard?: Shard;
  readonly bail?: number;
}

export function isTimeout(timeoutMs: number): boolean {
  return timeoutMs >= 1 && timeoutMs <= LONGEST_TIMEOUT_MS;
}

export function isJobs(jobs: number): boolean {
  return Number.isInteger(jobs) && jobs >= 1 && jobs <= MOST_JOBS;
}

export function isShard({ index, count }: Shard): boolean {
  return Number.isInteger(index) && Number.isInteger(count) && index >= 1 && index <= count && count <= MOST_SHARDS;
}

export function isBail(bail: number): boolean {
  return Number.isInteger(bail) && bail >= 1;
}

/** Fails with `bad-option` where a number cannot be what it is given for. */
export function requireLimits({ timeoutMs, jobs, shard, bail }: LimitedOptions): void {
  if (timeoutMs !== undefined && !isTimeout(timeoutMs)) {
    const range = `1 to ${LONGEST_TIMEOUT_MS} (24 days) are possible`;
    throw new AxonError('bad-option', `a run cannot have ${timeoutMs} ms: ${range}`);
  }
  if (jobs !== undefined && !isJobs(jobs)) {
    throw new AxonError('bad-option', `${jobs} scenarios cannot go on side by side: 1 to ${MOST_JOBS} can`);
  }
  if (shard !== undefined && !isShard(shard)) {
    const way = `index is 1 to count, and count at most ${MOST_SHARDS}`;
    throw new AxonError('bad-option', `there is no shard ${shard.index} of ${shard.count}: ${way}`);
  }
  if (bail !== undefined && !isBail(bail)) {
    throw new AxonError('bad-option', `no check ends after ${bail} failed scenarios: 1 or more can be enough`);
  }
}
