import { AxonError } from '../../errors.ts';
import type { VirtualClock } from '../../time-and-chance/clock.ts';
import type { RandomStream } from '../../time-and-chance/random.ts';
import { BackupPlace, isLiveLocation, type BackupPlaceOptions } from '../../stores/backup-place.ts';
import type { DataDir } from '../../stores/data-dir.ts';
import type { Announce } from '../terms/cluster-event.ts';
import { DcbBackup, type DcbBackupState } from './dcb-backup.ts';
import type { HostedEventStore } from '../member/hosted-event-store.ts';

/** More at a time would wait for each other's disk; who asks for them is told to come again. */
const MOST_AT_ONCE = 8;
/** So many are remembered by a node; the oldest of them that have ended go first. */
const MOST_REMEMBERED = 1000;
/** Of what a caller gives, so much is told to others. */
const MOST_SHOWN = 300;

export interface DcbBackupsOptions {
  readonly dataDir: DataDir;
  readonly clock: VirtualClock;
  readonly announce: Announce;
  readonly ids: RandomStream;
  readonly places: BackupPlaceOptions;
  /** The store of a context on a node: null for one that is not there, `plain` for one without a dynamic consistency boundary. */
  readonly storeOf: (node: string, context: string) => HostedEventStore | 'plain' | null;
}

/**
 * Backups of contexts with a dynamic consistency boundary, as POST /v2/backup has nodes write them (docs/newer-versions.md,
 * section 3). A node remembers its own until it goes down: what was under way then is broken off, and nobody knows of it
 * afterwards, nor of what had ended. That is chosen; what a real one remembers is not public.
 */
export class DcbBackups {
  readonly #options: DcbBackupsOptions;
  readonly #byNode = new Map<string, Map<string, DcbBackup>>();

  constructor(options: DcbBackupsOptions) {
    this.#options = options;
  }

  /**
   * Begins one; its id. It goes on as time passes. Fails with `context-not-found`, with `backup-refused` where the context is a
   * plain one or nothing is to be written at the location, and with `busy`.
   */
  start(node: string, context: string, location: string): string {
    const { clock, announce, ids, places, dataDir } = this.#options;
    const shown = location.slice(0, MOST_SHOWN);
    try {
      const hosted = this.#requireStore(node, context);
      const running = [...this.#byNode.values()]
        .flatMap((all) => [...all.values()])
        .filter(({ isRunning }) => isRunning);
      if (running.length >= MOST_AT_ONCE) throw new AxonError('busy', `${MOST_AT_ONCE} backups are being written`);
      const place = new BackupPlace(location, context, places);
      if (running.some(({ folder }) => folder === place.folder)) {
        throw new AxonError('backup-refused', 'another backup is being written to that location');
      }
      const id = ids.uuid();
      const about = { node, context, location: shown, id };
      this.#remember(node, id, new DcbBackup({ dataDir, clock, announce, place, hosted, about }));
      announce({ atMs: clock.nowMs, kind: 'dcb-backup-started', ...about, message: '', isLive: false });
      return id;
    } catch (error) {
      if (!(error instanceof AxonError)) throw error;
      const isLive = isLiveLocation(location, places.own);
      const about = { node, context: context.slice(0, MOST_SHOWN), location: shown, id: '', isLive };
      announce({ atMs: clock.nowMs, kind: 'dcb-backup-refused', ...about, message: error.message });
      throw error;
    }
  }

  /** Null for one that the node does not know. */
  stateOf(node: string, id: string): DcbBackupState | null {
    return this.#byNode.get(node)?.get(id)?.state ?? null;
  }

  /** Of all that a node remembers, by their ids, in the order in which they began. */
  statesOn(node: string): ReadonlyMap<string, DcbBackupState> {
    return new Map([...(this.#byNode.get(node) ?? [])].map(([id, { state }]) => [id, state]));
  }

  /** The node goes down: what it was writing breaks off, and it forgets all. */
  forget(node: string): void {
    for (const backup of this.#byNode.get(node)?.values() ?? []) backup.breakOff('the node went down');
    this.#byNode.delete(node);
  }

  #requireStore(node: string, context: string): HostedEventStore {
    const hosted = this.#options.storeOf(node, context);
    if (hosted === null) throw new AxonError('context-not-found', `${context.slice(0, MOST_SHOWN)}: not found`);
    if (hosted !== 'plain') return hosted;
    const way = 'list and copy its files, by /v1/backup/eventstore';
    throw new AxonError('backup-refused', `${context} has no dynamic consistency boundary: ${way}`);
  }

  #remember(node: string, id: string, backup: DcbBackup): void {
    const known = this.#byNode.get(node) ?? new Map<string, DcbBackup>();
    this.#byNode.set(node, known.set(id, backup));
    const [oldest] = [...known].flatMap(([each, { isRunning }]) => (isRunning ? [] : [each]));
    if (known.size > MOST_REMEMBERED && oldest !== undefined) known.delete(oldest);
  }
}
