import type { Evidence, RunRecord } from '../evidence.ts';

/**
 * How a run ended. Exit 0 is a claim: "this backup is good". A run that `failed` ended by itself
 * and says so; one that was `killed` or `timed-out` says nothing. One that was asked to end counts as killed, unless it has
 * finished: that it says something else is one thing, which is not to be said again for all that it has not copied.
 */
export type Ending = 'claimed-good' | 'failed' | 'killed' | 'timed-out';

export function endingOf({ result, wasKilled, wasAskedToEnd }: RunRecord): Ending {
  if (result.hasTimedOut) return 'timed-out';
  if (result.exitCode === 0 && wasAskedToEnd !== 'unfinished') return 'claimed-good';
  return wasKilled ? 'killed' : 'failed';
}

/** The runs that claim a good backup, in order: what a backup must have is asked of these alone. */
export function claimedRunsOf({ runs }: Evidence): readonly RunRecord[] {
  return runs.filter((run) => endingOf(run) === 'claimed-good');
}

/** `exited with 3`, `was killed by SIGKILL`. */
export function describeEnding(run: RunRecord): string {
  const { exitCode, signal } = run.result;
  const by = signal === null ? '' : ` by ${signal}`;
  switch (endingOf(run)) {
    case 'timed-out':
      return `did not end in time and was ended${by === '' ? ` with exit code ${exitCode}` : by}`;
    case 'killed':
      if (run.wasAskedToEnd === undefined) return `was killed${by}`;
      return `was asked to end, and ended ${signal === null ? `with ${exitCode}` : `by ${signal}`}`;
    default:
      return exitCode === null ? `was ended${by}` : `exited with ${exitCode}`;
  }
}
