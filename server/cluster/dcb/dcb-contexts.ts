import { AxonError } from '../../errors.ts';
import type { EventType } from '../../formats/log-entry-data.ts';
import type { VirtualClock } from '../../time-and-chance/clock.ts';
import type { RandomStream } from '../../time-and-chance/random.ts';
import { realPathOf, resolveBackupFolders } from '../../stores/backup-place.ts';
import type { DataDir } from '../../stores/data-dir.ts';
import type { Announce } from '../terms/cluster-event.ts';
import { DcbBackups } from './dcb-backups.ts';
import type { HostedEventStore } from '../member/hosted-event-store.ts';
import type { ClusterNode } from '../node/node.ts';
import type { ReplicationGroup } from '../group/replication-group.ts';

export interface DcbContextsOptions {
  readonly dataDir: DataDir;
  readonly announce: Announce;
  /** Those that begin as such; the others that become such are added. */
  readonly dcbContexts?: Set<string>;
  readonly migratesToDcb?: boolean;
  /** Folders below which backups of such contexts may be written; nowhere unless given. */
  readonly dcbBackupFolders?: readonly string[];
  readonly clock: VirtualClock;
  readonly ids: RandomStream;
  readonly nodes: ReadonlyMap<string, ClusterNode>;
  /** Fails with `context-not-found`. */
  readonly groupOfContext: (context: string) => ReplicationGroup;
}

/** Which contexts have a dynamic consistency boundary, how a plain one becomes such, and their backups. */
export class DcbContexts {
  readonly backups: DcbBackups;
  readonly #options: DcbContextsOptions;

  constructor(options: DcbContextsOptions) {
    this.#options = options;
    // As they are now: what somebody makes of their names later leads nowhere.
    const allowed = resolveBackupFolders(options.dcbBackupFolders ?? []);
    this.backups = new DcbBackups({
      ...options,
      places: { allowed, own: realPathOf(options.dataDir.root) },
      storeOf: (node, context) => this.#storeOf(node, context),
    });
  }

  get names(): readonly string[] {
    return [...(this.#options.dcbContexts ?? [])].toSorted();
  }

  has(context: string): boolean {
    return this.#options.dcbContexts?.has(context) === true;
  }

  /** Fails with `conflict` where the context has no snapshots, and something is to be done with them. */
  requireType(context: string, type: EventType): void {
    if (type === 'EVENT' || !this.has(context)) return;
    throw new AxonError('conflict', `${context} has a dynamic consistency boundary, and no snapshots`);
  }

  /** Fails with `conflict` where the context is no plain one; `what` needs one. */
  requirePlain(context: string, what: string): void {
    if (this.has(context))
      throw new AxonError('conflict', `${context} has a dynamic consistency boundary, and no ${what}`);
  }

  /**
   * Makes a plain context one with a dynamic consistency boundary, on all nodes; its snapshots go. `beforeChanging` notes that it is
   * one from here on. Fails with `conflict` where the release does not, it is one already, or not all of its nodes have
   * followed; with `no-leader` where the group has none.
   */
  migrate(context: string, beforeChanging: () => void): void {
    const { migratesToDcb = false, dcbContexts, nodes } = this.#options;
    const group = this.#options.groupOfContext(context);
    if (!migratesToDcb || dcbContexts === undefined) {
      throw new AxonError('conflict', 'this release has no migration to a dynamic consistency boundary; 2026.0 has it');
    }
    if (dcbContexts.has(context))
      throw new AxonError('conflict', `${context} has a dynamic consistency boundary already`);
    if (group.leader === null) throw new AxonError('no-leader', `No leader for ${group.name}`);
    const { lastIndex } = group.leader.log;
    const late = group.plan.members.find(({ nodeName }) => group.member(nodeName)?.appliedIndex !== lastIndex);
    if (late !== undefined) {
      const way = 'start it, and advance the clock';
      throw new AxonError('conflict', `${late.nodeName} has not applied all of ${group.name} yet: ${way}`);
    }
    dcbContexts.add(context);
    beforeChanging();
    for (const { nodeName } of group.plan.members) nodes.get(nodeName)?.migrateToDcb(group.name, context);
  }

  #storeOf(node: string, context: string): HostedEventStore | 'plain' | null {
    for (const { contexts, dcbContexts } of this.#options.nodes.get(node)?.members.values() ?? []) {
      const hosted = dcbContexts.get(context);
      if (hosted !== undefined) return hosted;
      if (contexts.has(context)) return 'plain';
    }
    return null;
  }
}
