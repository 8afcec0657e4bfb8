import type { Surroundings } from './judge.ts';

/** Those of a process in which nothing goes wrong: what is to go wrong is given. */
export function quietSurroundings(others: Partial<Surroundings> = {}): Surroundings {
  return {
    nowMs: () => 0,
    peakBytes: () => 0,
    runsDry: () => new Promise(() => undefined),
    takeStrays: () => [],
    ...others,
  };
}
