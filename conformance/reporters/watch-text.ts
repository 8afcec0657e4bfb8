import { count } from './layout.ts';

/** `run 1 of 2, 14 requests`. */
export function formatWatchProgress({
  run,
  runs,
  requests,
}: {
  readonly run: number;
  readonly runs: number;
  readonly requests: number;
}): string {
  return `run ${run} of ${runs}, ${count(requests, 'request')}`;
}
