/**
 * Log cleaning, the server's own rule (docs/backup-endpoints.md, section 4): every hour on each node for itself, with
 * no regard for followers or backups.
 */
export const CLEANING_INTERVAL_MS = 60 * 60 * 1000;

/** `log-retention-hours` is 1 unless configured. */
export const LOG_RETENTION_MS = 60 * 60 * 1000;

export interface CleaningCandidate {
  readonly firstIndex: number;
  readonly modifiedAtMs: number;
}

/**
 * The closed segments that a cleaning at `nowMs` deletes: those below the closed segment that holds the applied index,
 * and not modified since `retentionMs` ago. `closed` ascends.
 */
export function segmentsToClean<Segment extends CleaningCandidate>(
  closed: readonly Segment[],
  appliedIndex: number,
  nowMs: number,
  retentionMs: number,
): Segment[] {
  const holdsApplied = closed.findLast(({ firstIndex }) => firstIndex <= appliedIndex)?.firstIndex ?? 1;
  return closed.filter(
    ({ firstIndex, modifiedAtMs }) => firstIndex < holdsApplied && modifiedAtMs <= nowMs - retentionMs,
  );
}
