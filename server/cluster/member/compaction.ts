/**
 * Log cleaning, the server's own rule (docs/backup-endpoints.md, section 4): every hour on each node for itself, with
 * no regard for followers or backups.
 */
export const CLEANING_INTERVAL_MS = 60 * 60 * 1000;

/** `log-retention-hours` is 1 unless configured. */
export const LOG_RETENTION_MS = 60 * 60 * 1000;

/** What a POST of a control database backup means to log cleaning, by release (docs/newer-versions.md, section 2). */
export type CleaningAfterPost =
  | 'rests for an hour'
  | 'keeps for an hour what is above the index noted in `RG_BACKUP_INFO`';

/**
 * How long from 2024 on a cleaning keeps what is above the index that the last POST has noted. That it keeps it for a while is
 * inferred, and how long is not public: an hour, as long as cleaning rests after a POST in the releases before.
 */
export const KEPT_AFTER_POST_MS = 60 * 60 * 1000;

export interface CleaningCandidate {
  readonly firstIndex: number;
  readonly modifiedAtMs: number;
}

/**
 * The closed segments that a cleaning at `nowMs` deletes: those below the closed segment that holds the applied index,
 * and not modified since `retentionMs` ago. Those that hold something above `keptAboveIndex` stay. `closed` ascends.
 */
export function segmentsToClean<Segment extends CleaningCandidate>(
  closed: readonly Segment[],
  appliedIndex: number,
  nowMs: number,
  retentionMs: number,
  keptAboveIndex = Number.POSITIVE_INFINITY,
): Segment[] {
  const holdsApplied = closed.findLast(({ firstIndex }) => firstIndex <= appliedIndex)?.firstIndex ?? 1;
  return closed.filter(({ firstIndex, modifiedAtMs }, place) => {
    const lastIndex = (closed[place + 1]?.firstIndex ?? Number.POSITIVE_INFINITY) - 1;
    return firstIndex < holdsApplied && modifiedAtMs <= nowMs - retentionMs && lastIndex <= keptAboveIndex;
  });
}
