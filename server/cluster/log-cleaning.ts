import type { Timer, VirtualClock } from '../sim/clock.ts';
import type { Announce } from './cluster-event.ts';
import { CLEANING_INTERVAL_MS, LOG_RETENTION_MS, segmentsToClean } from './compaction.ts';
import type { GroupMember } from './group-member.ts';

/**
 * The cleaning jobs of one node, one for each group: the first run an hour after the start, each next one an hour after
 * the last. A control database backup postpones them all by an hour, on this node alone (docs/backup-endpoints.md,
 * section 4).
 */
export class LogCleaning {
  readonly #clock: VirtualClock;
  readonly #announce: Announce;
  readonly #beforeDeleting: () => void;
  readonly #jobs = new Map<string, { readonly member: GroupMember; timer: Timer }>();

  /** `beforeDeleting` stores how far the node has applied its logs. */
  constructor(clock: VirtualClock, announce: Announce, beforeDeleting: () => void) {
    this.#clock = clock;
    this.#announce = announce;
    this.#beforeDeleting = beforeDeleting;
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
    const toClean = segmentsToClean(log.closedSegments, appliedIndex, this.#clock.nowMs, olderThanMs);
    if (toClean.length === 0) return [];
    this.#beforeDeleting();
    const removed = log.remove(toClean);
    const { firstIndex } = log;
    this.#announce({ atMs: this.#clock.nowMs, kind: 'log-cleaned', node: nodeName, group, removed, firstIndex });
    return removed;
  }

  #plan(group: string, member: GroupMember): Timer {
    return this.#clock.after(CLEANING_INTERVAL_MS, () => {
      // Planned first: a cleaning that fails, as on a full disk, is not the last one.
      this.#jobs.set(group, { member, timer: this.#plan(group, member) });
      this.clean(group, member, LOG_RETENTION_MS);
    });
  }
}
