import type { TimelineJournal, TimelineRequest } from '../timeline-journal.ts';
import { stepAt, valueAt, type LogCourse } from './log-course.ts';
import type { ControlDbMoment, TimeSpan } from './windows.ts';

/**
 * What a control database backup needs of a log: it counts everything up to an index as applied, and a restored node goes
 * on behind that. So the log has to begin no later. The span ends when the log was listed for it, or is not any more.
 */
export interface LogNeed extends TimeSpan {
  readonly appliedIndex: number;
  /** Entries that were cleaned before the log was listed: they are nowhere in the backup. */
  readonly missing: MissingEntries | null;
}

export interface MissingEntries extends TimeSpan {
  readonly firstIndex: number;
  readonly lastIndex: number;
}

/** Of a journal with more backups, the latest count. */
const MOST_BACKUPS = 20;

export function logNeedsOf(
  journal: TimelineJournal,
  backups: readonly ControlDbMoment[],
  course: LogCourse,
  copies: readonly TimelineRequest[],
): LogNeed[] {
  const latest = backups.slice(-MOST_BACKUPS);
  return latest.flatMap(({ atMs: fromMs }, place) => {
    const applied = valueAt(course.applied, fromMs);
    if (applied === null) return [];
    const nextMs = latest[place + 1]?.atMs ?? journal.toMs;
    const run = journal.runs.find(({ startMs, endMs }) => startMs <= fromMs && endMs >= fromMs);
    const listing = copies.find(({ atMs, node }) => node === journal.node && atMs >= fromMs && atMs < nextMs);
    const appliedIndex = Math.round(applied);
    return [
      {
        fromMs,
        toMs: listing?.atMs ?? Math.min(nextMs, run?.endMs ?? nextMs),
        appliedIndex,
        missing: listing === undefined ? null : missingOf(course, listing, appliedIndex),
      },
    ];
  });
}

function missingOf(
  { floor }: LogCourse,
  { atMs, copiedUntilMs }: TimelineRequest,
  appliedIndex: number,
): MissingEntries | null {
  const beginsAt = stepAt(floor, atMs);
  if (beginsAt === null || beginsAt <= appliedIndex + 1) return null;
  return { fromMs: atMs, toMs: copiedUntilMs, firstIndex: appliedIndex + 1, lastIndex: beginsAt - 1 };
}
