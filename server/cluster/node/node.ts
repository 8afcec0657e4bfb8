import path from 'node:path';
import { AxonError } from '../../errors.ts';
import type { ControlDbTables } from '../../formats/control-db-tables.ts';
import { ControlDb, type SqlEngine } from '../../stores/control-db.ts';
import { ControlDbFile } from '../../stores/control-db-file.ts';
import { copyConfiguration, applyConfigurationChange, describeTopology } from './configuration.ts';
import type { CleaningAfterPost } from '../member/compaction.ts';
import { diskLimitReached } from '../terms/disk-limit.ts';
import type { GroupMember } from '../member/group-member.ts';
import { LogCleaning } from '../member/log-cleaning.ts';
import { placesTogether } from '../terms/node-places.ts';
import { openEventStore, openMembers, type NodeStorageOptions } from './node-storage.ts';
import { runAll } from '../terms/run-all.ts';
import type { Topology } from '../terms/topology.ts';

/** The server writes its pointers once a second, and only what has changed. */
const POINTER_FLUSH_MS = 1000;

export interface NodeOptions extends NodeStorageOptions {
  readonly sqlEngine: SqlEngine;
  /** What the data folder of all nodes may hold; a backup of the control database is refused from there on. */
  readonly maxDiskBytes: number;
  /** False for a node that is no member of a cluster: backups of its control database know of no groups. */
  readonly isClustered: boolean;
  /** Name of the file of the control database; that of releases before 2024.0 unless given. */
  readonly controlDbFile?: string;
  /** Tables of the control database; those that are found, or of releases before 2024.0, unless given. */
  readonly controlDbTables?: ControlDbTables;
  readonly cleaningAfterPost?: CleaningAfterPost;
}

/** Absolute paths of what a backup copies, and of where a restore puts it. */
export interface NodeFolders {
  readonly data: string;
  /** One folder for each context. */
  readonly events: string;
  /** The same folder, unless snapshots have a root of their own. */
  readonly snapshots: string;
  /** One folder for each replication group. */
  readonly log: string;
  readonly controlDb: string;
  readonly controlDbBackup: string;
}

interface Running {
  readonly controlDb: ControlDb;
  readonly topology: Topology;
  readonly members: ReadonlyMap<string, GroupMember>;
  readonly cleaning: LogCleaning;
}

/**
 * One node: its folders, and while it runs its control database and its part in each group. Start-up is the real
 * server's (docs/backup-endpoints.md, section 5).
 */
export class ClusterNode {
  readonly name: string;
  readonly folders: NodeFolders;
  readonly #options: NodeOptions;
  readonly #controlDbFile: ControlDbFile;
  #running: Running | null = null;
  /** True while the control database holds something that its file does not. */
  #isControlDbChanged = false;

  constructor(options: NodeOptions) {
    this.#options = options;
    this.name = options.node;
    const { dataDir, node, places = placesTogether(options.node, options.snapshotStorage) } = options;
    this.folders = {
      data: dataDir.folder(...places.data),
      events: dataDir.folder(...places.events),
      snapshots: dataDir.folder(...places.snapshots),
      log: dataDir.folder(...places.log),
      controlDb: dataDir.folder(...places.controlDb),
      controlDbBackup: path.join(dataDir.root, ...places.controlDbBackup),
    };
    this.#controlDbFile = new ControlDbFile({
      dataDir,
      folder: this.folders.controlDb,
      backupFolder: this.folders.controlDbBackup,
      redoFolder: dataDir.folder('simulator', node),
      ...(options.controlDbFile === undefined ? {} : { fileName: options.controlDbFile }),
      ...(options.controlDbTables === undefined ? {} : { tables: options.controlDbTables }),
    });
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /** This node's part in each group, by the group's name; empty while the node does not run. */
  get members(): ReadonlyMap<string, GroupMember> {
    return this.#running?.members ?? new Map();
  }

  /** Null while the node does not run. */
  get controlDb(): ControlDb | null {
    return this.#running?.controlDb ?? null;
  }

  /** The control database as it lies on disk, or null where there is none. Fails with `control-db-unreadable`. */
  loadControlDb(): ControlDb | null {
    return this.#controlDbFile.load(this.#options.sqlEngine);
  }

  /**
   * Starts on what lies in the folders. Where the real process would exit, this fails with the same message and the
   * node stays stopped; where the real node would run without a group, so does this one.
   */
  start(topology: Topology): void {
    const { clock, announce, dataDir, node } = this.#options;
    const controlDb = this.loadControlDb() ?? this.#createControlDb(topology);
    const wasCrashed = dataDir.exists(this.#pidFile);
    dataDir.write(this.#pidFile, Buffer.from(`${node}\n`), clock.nowMs);
    // As a backup of the standard edition has it, which knows of none.
    if (controlDb.replicationGroups().length === 0) this.#describe(controlDb, topology);
    const pointers = controlDb.readPointers();
    const members = openMembers(this.#options, topology.groups, pointers, wasCrashed, (change) => {
      const { indexFormats, dcbContexts } = this.#options;
      applyConfigurationChange(controlDb, change, indexFormats?.get(change.name), dcbContexts?.has(change.name));
      this.#isControlDbChanged = true;
    });
    const cleaning = new LogCleaning({
      clock,
      announce,
      beforeDeleting: () => this.persist(),
      backupInfoOf: (group) => (this.#notesIndex ? controlDb.backupInfoOf(group) : null),
    });
    for (const [group, member] of members) cleaning.start(group, member);
    this.#running = { controlDb, topology, members, cleaning };
    this.#isControlDbChanged = true;
    this.#planPointerFlush(this.#running);
    announce({ atMs: clock.nowMs, kind: 'node-started', node });
  }

  /** A clean stop; pointers stay as last flushed (section 2.4), so a restart applies up to a second of entries again. */
  stop(): void {
    const { clock, announce, dataDir, node } = this.#options;
    const running = this.#take();
    runAll(running.members.values(), (member) => member.close());
    this.#controlDbFile.saveClean(running.controlDb, clock.nowMs);
    running.controlDb.close();
    dataDir.remove(this.#pidFile);
    announce({ atMs: clock.nowMs, kind: 'node-stopped', node });
  }

  /** The process dies: the last writes break off, the control database's file is caught half-written. */
  crash(): void {
    const { clock, announce, node } = this.#options;
    const running = this.#take();
    runAll(running.members.values(), (member) => member.crash());
    this.#controlDbFile.save(running.controlDb, clock.nowMs);
    running.controlDb.close();
    announce({ atMs: clock.nowMs, kind: 'node-crashed', node });
  }

  /** Brings all files up to date. */
  settle(): void {
    if (this.#running === null) return;
    for (const member of this.#running.members.values()) member.settle();
    if (!this.#isControlDbChanged) return;
    this.#controlDbFile.save(this.#running.controlDb, this.#options.clock.nowMs);
    this.#isControlDbChanged = false;
  }

  /**
   * Stores everything at once, the pointers included, before something is deleted that the stored ones still need: were
   * the process killed in between, its logs would begin behind what the control database counts as applied.
   */
  persist(): void {
    if (this.#running === null) return;
    for (const group of this.#running.members.keys()) this.#options.flushLogs(group);
    this.#flushPointers(this.#running);
    this.settle();
  }

  /**
   * What `POST createControlDbBackup` does: a zip of the control database, with the pointers as last flushed, and an
   * hour's rest for log cleaning, also where the zip could not be written; from 2024 on a note of what the zip counts as
   * applied, instead of the rest. Returns the zip's absolute path. Fails with
   * `disk-limit` where the data folder is full: nobody removes the zips, and whoever asks again and again gets many.
   */
  createControlDbBackup(): string {
    const running = this.#requireRunning();
    const { clock, announce, dataDir, maxDiskBytes, node } = this.#options;
    try {
      if (dataDir.usedBytes >= maxDiskBytes) {
        throw diskLimitReached(maxDiskBytes, 'the control database was not backed up');
      }
      const file = this.#controlDbFile.backup(running.controlDb, clock.nowMs, this.#options.isClustered);
      this.#noteBackup(running);
      announce({ atMs: clock.nowMs, kind: 'control-db-backup', node, file });
      return file;
    } finally {
      if (!this.#notesIndex) running.cleaning.postpone();
    }
  }

  /** Cleans the log of one group now; returns the first indexes of the deleted segments, null where there is no log. */
  cleanLog(group: string, olderThanMs: number): number[] | null {
    const { members, cleaning } = this.#requireRunning();
    const member = members.get(group);
    return member === undefined ? null : cleaning.clean(group, member, olderThanMs);
  }

  /** Slows down what reaches this node from its leaders. */
  delayReplication(lagMs: number): void {
    for (const member of this.members.values()) member.extraLagMs = lagMs;
  }

  /** Has this node apply nothing of what reaches it for so long. */
  stallApply(forMs: number): void {
    for (const member of this.members.values()) member.stallApply(forMs);
  }

  nextCleaningAtMs(group: string): number | null {
    return this.#running?.cleaning.nextAtMs(group) ?? null;
  }

  /** Goes on with a plain context, which the options name by now, as one with a dynamic consistency boundary. */
  migrateToDcb(group: string, context: string): void {
    const { controlDb, members } = this.#requireRunning();
    members.get(group)?.migrateToDcb(context, () => openEventStore(this.#options, group, context, 'EVENT', false));
    const known = controlDb.contexts().find(({ name }) => name === context);
    if (known !== undefined) controlDb.putContext({ ...known, isDcb: true });
    this.#isControlDbChanged = true;
  }

  /** Takes over the configuration of another node, as an installed snapshot of `_admin` does. */
  takeConfiguration(from: ControlDb): void {
    copyConfiguration(from, this.#requireRunning().controlDb);
    this.#isControlDbChanged = true;
  }

  /** Whether cleaning goes by what backups have noted, rather than to rest after each. */
  get #notesIndex(): boolean {
    return (this.#options.cleaningAfterPost ?? 'rests for an hour') !== 'rests for an hour';
  }

  #noteBackup({ controlDb, topology, members }: Running): void {
    if (!this.#notesIndex) return;
    const pointers = controlDb.readPointers();
    for (const { id, name } of topology.groups) {
      if (!members.has(name)) continue;
      const lastAppliedIndex = pointers.get(id)?.lastAppliedIndex ?? 0;
      controlDb.noteBackup(name, { lastAppliedIndex, lastBackupMs: this.#options.clock.nowMs });
    }
    this.#isControlDbChanged = true;
  }

  get #pidFile(): string {
    return `${this.folders.data}/AxonIQ.pid`;
  }

  #createControlDb(topology: Topology): ControlDb {
    const controlDb = ControlDb.create(this.#options.sqlEngine, this.#options.controlDbTables);
    this.#describe(controlDb, topology);
    return controlDb;
  }

  #describe(controlDb: ControlDb, topology: Topology): void {
    describeTopology(controlDb, topology, this.name, this.#options);
  }

  /** Section 2.4: the pointers of all groups are written with a fixed delay, not when they change. */
  #planPointerFlush(running: Running): void {
    this.#options.clock.after(POINTER_FLUSH_MS, () => {
      if (this.#running !== running) return;
      this.#flushPointers(running);
      this.#planPointerFlush(running);
    });
  }

  #flushPointers(running: Running): void {
    for (const { id, name } of running.topology.groups) {
      const member = running.members.get(name);
      if (member === undefined || !running.controlDb.writePointers(id, member.pointers)) continue;
      this.#isControlDbChanged = true;
    }
  }

  #requireRunning(): Running {
    if (this.#running === null) throw new AxonError('conflict', `${this.name} is not running`);
    return this.#running;
  }

  #take(): Running {
    const running = this.#requireRunning();
    this.#running = null;
    running.cleaning.stop();
    return running;
  }
}
