import { AxonError } from '../../../server/index.ts';
import type { ScenarioResult } from '../../verdict/report.ts';

/** What proves nothing: a backup that is not read, for its size or the time that it takes, and a step that cannot be. */
const undecided: ReadonlySet<string> = new Set(['time-over', 'too-large', 'step-refused']);

/** Everything else is the kit's own fault. */
export function describeFailure(error: unknown): Pick<ScenarioResult, 'status' | 'message'> {
  if (error instanceof AxonError && undecided.has(error.kind))
    return { status: 'inconclusive', message: error.message };
  return { status: 'error', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

/**
 * A client that cannot be started is the user's mistake, and the same in every scenario; a full disk fails them all; and who
 * interrupts wants no more of them.
 */
const ends: ReadonlySet<string> = new Set(['bad-option', 'interrupted', 'disk-full']);

export function endsTheCheck(error: unknown): boolean {
  return error instanceof AxonError && ends.has(error.kind);
}
