/** One look at the process that is soaked. */
export interface Sample {
  /** Real milliseconds since the load began. */
  readonly atMs: number;
  /** Resident memory of the process. */
  readonly residentBytes: number;
  /** Requests that have been answered, or left, since the load began. */
  readonly requests: number;
  /** Processor time that the process has taken since it began, in milliseconds. */
  readonly processorMs: number;
}

export type MemoryVerdict =
  | { readonly verdict: 'too-short' }
  | {
      readonly verdict: 'flat' | 'grown';
      readonly beforeBytes: number;
      readonly afterBytes: number;
      readonly mostBytes: number;
    };

const MINUTE_MS = 60_000;

/** What the collector of garbage may leave lying for longer at one time than at another. */
const MOST_RATIO = 1.1;
const MOST_MORE_BYTES = 16 << 20;

/** The criterion, as it is printed. */
export const criterion =
  'flat: from the third minute on never more than 10% and 16 MiB above the most of the second minute';

/**
 * Whether memory was flat once the first minute was over, in which buffers fill up: the most of the second minute is held
 * against the most of all that follow. Too short is what has no third minute.
 */
export function judgeMemory(samples: readonly Sample[]): MemoryVerdict {
  const most = (fromMs: number, toMs: number): number =>
    Math.max(
      0,
      ...samples.filter(({ atMs }) => atMs >= fromMs && atMs < toMs).map(({ residentBytes }) => residentBytes),
    );
  const beforeBytes = most(MINUTE_MS, 2 * MINUTE_MS);
  const afterBytes = most(2 * MINUTE_MS, Number.POSITIVE_INFINITY);
  if (beforeBytes === 0 || afterBytes === 0) return { verdict: 'too-short' };
  const mostBytes = beforeBytes * MOST_RATIO + MOST_MORE_BYTES;
  return { verdict: afterBytes <= mostBytes ? 'flat' : 'grown', beforeBytes, afterBytes, mostBytes };
}
