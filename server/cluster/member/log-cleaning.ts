import type { Timer, VirtualClock } from '../../time-and-chance/clock.ts';
import type { Announce } from '../terms/cluster-event.ts';
import { CLEANING_INTERVAL_MS, KEPT_AFTER_POST_MS, LOG_RETENTION_MS, segmentsToClean } from './compaction.ts';
import type { GroupBackupInfo } from '../../stores/control-db.ts';
import type { GroupMember } from './group-member.ts';

export interface LogCleaningOptions {
  readonly clock: VirtualClock;
  readonly announce: Announce;
  /** Stores how far the node has applied its logs. */
  readonly beforeDeleting: () => void;
  /** What the last control database backup has noted of a group; null where there was none, or nothing is noted. */
  readonly backupInfoOf: (group: string) => GroupBackupInfo | null;
}

/**
 * The cleaning jobs of one node, one for each group: the first run an hour after the start, each next one an hour after
 * the last. A control database backup postpones them all by an hour, on this node alone (docs/backup-endpoints.md,
 * section 4); from 2024 on it notes an index instead, above which nothing goes for a while (docs/newer-versions.md, section 2).
 */
export class LogCleaning {
  readonly #options: LogCleaningOptions;
  readonly #jobs = new Map<string, { readonly member: GroupMember; timer: Timer }>();

  constructor(options: LogCleaningOptions) {
    this.#options = options;
  }

  /** Plans the cleaning of a group's log on this node. */
  start(group: string, member: GroupMember): void {
    this.#jobs.set(group, { member, timer: this.#plan(group, member) });
  }

  /** Plans all cleanings anew, an hour from now. */
  postpone(): void {
    for (const [group, job] of this.#jobs) {
      job.timer.cancel();
      job.timer = this.#plan(group, job.member);
    }
  }

  /** When the group's log is cleaned next, in virtual milliseconds since 1970; null where the node has no such log. */
  nextAtMs(group: string): number | null {
    return this.#jobs.get(group)?.timer.atMs ?? null;
  }

  stop(): void {
    for (const { timer } of this.#jobs.values()) timer.cancel();
    this.#jobs.clear();
  }

  /** Cleans one log now by the server's rule; returns the first indexes of what was deleted. */
  clean(group: string, member: GroupMember, olderThanMs: number): number[] {
    const { log, appliedIndex, nodeName } = member;
    const { clock, announce, beforeDeleting } = this.#options;
    const kept = this.#keptAboveIndex(group);
    const toClean = segmentsToClean(log.closedSegments, appliedIndex, clock.nowMs, olderThanMs, kept);
    if (toClean.length === 0) return [];
    beforeDeleting();
    const removed = log.remove(toClean);
    const { firstIndex } = log;
    announce({ atMs: clock.nowMs, kind: 'log-cleaned', node: nodeName, group, removed, firstIndex });
    return removed;
  }

  #keptAboveIndex(group: string): number {
    const noted = this.#options.backupInfoOf(group);
    const isRecent = noted !== null && this.#options.clock.nowMs < noted.lastBackupMs + KEPT_AFTER_POST_MS;
    return isRecent ? noted.lastAppliedIndex : Number.POSITIVE_INFINITY;
  }

  #plan(group: string, member: GroupMember): Timer {
    return this.#options.clock.after(CLEANING_INTERVAL_MS, () => {
      // Planned first: a cleaning that fails, as on a full disk, is not the last one.
      this.#jobs.set(group, { member, timer: this.#plan(group, member) });
      this.clean(group, member, LOG_RETENTION_MS);
    });
  }
}
