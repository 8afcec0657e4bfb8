import type { LogSample, TimelineEvent } from '../timeline-journal.ts';

/** A stretch of virtual time. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** For how long after a control database backup the manual lets a client copy the logs. */
const LOG_WINDOW_MS = 30 * 60_000;

/** When a control database backup was made on the node. */
export interface ControlDbMoment {
  readonly atMs: number;
  readonly file: string | null;
}

export function controlDbBackupsOf(events: readonly TimelineEvent[], node: string): ControlDbMoment[] {
  return events.flatMap((event) =>
    event.kind === 'control-db-backup' && event.node === node
      ? [{ atMs: event.atMs, file: event.file === undefined ? null : lastPart(event.file) }]
      : [],
  );
}

/** The half hours after the backups; those that overlap are one. */
export function logWindowsOf(backups: readonly ControlDbMoment[]): TimeSpan[] {
  const windows: TimeSpan[] = [];
  for (const { atMs } of backups) {
    const last = windows.at(-1);
    const toMs = atMs + LOG_WINDOW_MS;
    if (last !== undefined && atMs <= last.toMs) windows.splice(-1, 1, { fromMs: last.fromMs, toMs });
    else windows.push({ fromMs: atMs, toMs });
  }
  return windows;
}

/** A cleaning that the node had planned: known from a sample on, until it was due or planned anew. */
export interface PlannedCleaning {
  readonly fromMs: number;
  /** When it stopped being the next one: when it came, when a backup postponed it, or never in this journal. */
  readonly untilMs: number;
  readonly dueMs: number;
  readonly wasPostponed: boolean;
}

/** The next cleaning as samples have it: the earliest of all logs, for a young group can have a plan of its own. */
export function plannedCleaningsOf(samples: readonly LogSample[], endMs: number): PlannedCleaning[] {
  const nextByMoment = new Map<number, number>();
  for (const { atMs, nextCleaningMs } of samples) {
    if (nextCleaningMs !== null) {
      nextByMoment.set(atMs, Math.min(nextByMoment.get(atMs) ?? Infinity, nextCleaningMs));
    }
  }
  const seen = [...nextByMoment].map(([fromMs, dueMs]) => ({ fromMs, dueMs }));
  const plans = seen.filter(({ dueMs }, place) => dueMs !== seen[place - 1]?.dueMs);
  return plans.map(({ fromMs, dueMs }, place) => {
    const supersededMs = plans[place + 1]?.fromMs ?? Math.max(endMs, fromMs);
    const wasPostponed = place + 1 < plans.length && supersededMs < dueMs;
    return { fromMs, dueMs, untilMs: Math.min(dueMs, supersededMs), wasPostponed };
  });
}

/** When the node was down. */
export function outagesOf(events: readonly TimelineEvent[], node: string, endMs: number): TimeSpan[] {
  const outages: TimeSpan[] = [];
  let downSinceMs: number | null = null;
  for (const { atMs, kind, node: of } of events) {
    if (of !== node) continue;
    if (kind === 'node-stopped' || kind === 'node-crashed') downSinceMs ??= atMs;
    if (kind === 'node-started' && downSinceMs !== null) {
      outages.push({ fromMs: downSinceMs, toMs: atMs });
      downSinceMs = null;
    }
  }
  if (downSinceMs !== null && downSinceMs < endMs) outages.push({ fromMs: downSinceMs, toMs: endMs });
  return outages;
}

function lastPart(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}
