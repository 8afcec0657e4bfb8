import * as fs from 'node:fs';
import path from 'node:path';
import { AxonError, type Simulator } from '../../../server/index.ts';
import type { Unpack } from '../../driver/restore-command.ts';
import { refusalOf } from '../../driver/restore-refusal.ts';
import type { LogSample, OrderedEvent, RunRecord } from '../../journal/evidence.ts';
import { logReachedIn } from '../../journal/recording/log-samples.ts';
import { emptyInventory, type BackupFile, type BackupInventory } from '../../journal/inventory.ts';
import { demandedOf, problemsOfPushed, type DemandedPush } from '../../journal/inference/pushed-backups.ts';
import { isWhole } from '../../journal/inference/restore-shortfall.ts';
import type { Restoration, RestoreProblem } from '../../journal/restoration.ts';
import { readInventory, type ReadBackup } from '../../oracle/backup/backup-reader.ts';
import { setDcbCopiesApart } from '../../oracle/backup/dcb-copies.ts';
import { nextTokenOf } from '../../oracle/backup/remembered-backup.ts';
import { whatStandsFor } from '../../oracle/backup/stand-in.ts';
import { inodeOf } from '../../oracle/backup/live-folders.ts';
import { remainsOf } from '../../oracle/backup/remains.ts';
import { ReadingBudget } from '../../oracle/archives/reading-budget.ts';
import { assessRestore } from '../../oracle/boot/restore.ts';
import { filesOfSelection, selectBackup, type SelectedBackup } from '../../oracle/examination/select-backup.ts';
import { unmarkedHalfIn } from '../../oracle/backup/unmarked-half.ts';
import { factsOf, namesIn, serverPathsIn, type ServerUnderTest } from './cluster-facts.ts';
import { linkedFolderIn } from './linked-folder.ts';

/** Real milliseconds that reading and restoring the backup of one run may take; the kit's own scenarios take a second. */
const JUDGING_MS = 60_000;

/** What a run that ends with 0 promises. */
interface BackupPromise {
  /** All that was acknowledged by then, virtual milliseconds since 1970. */
  readonly beforeMs: number;
  /** The node that was backed up. */
  readonly nodeName: string;
  /** The last entry of each group that its log had by then. */
  readonly logReached: ReadonlyMap<string, number>;
  /** Of each context with a dynamic consistency boundary that the node has. */
  readonly pushed: readonly DemandedPush[];
}

/** How a run went: what its promise follows from. */
export interface Course extends Pick<
  RunRecord,
  'requests' | 'node' | 'startMs' | 'startSeq' | 'endSeq' | 'dcbContexts'
> {
  readonly samples: readonly LogSample[];
  /** Whether the scenario had it end by a signal that it could heed. */
  readonly wasAskedToEnd: boolean;
}

/** What a run has left, as evidence has it. */
export type Assessment = Pick<RunRecord, 'after' | 'restoration' | 'lastGoodAlone' | 'unmarkedHalf' | 'wasAskedToEnd'>;

export interface BackupUnderTestOptions extends ServerUnderTest {
  readonly simulator: Simulator;
  /** The client's: the backup lies in `backup`. */
  readonly folder: string;
  /** The kit's own, where restores are tried out: no client knows where that is. */
  readonly ownFolder: string;
  /** Where the cluster's files are: nothing of a backup may lead there. */
  readonly liveFolders: readonly string[];
  readonly capabilities: readonly string[];
  /** Turns a store that needs its own tool into plain files; null where the folder is read as it is. */
  readonly unpack: Unpack | null;
  /** Real milliseconds that it may take each time. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** What has happened in the cluster so far. */
  readonly events: readonly OrderedEvent[];
  /** The host's clock, for the judge's own time limit. */
  readonly realTimeMs: () => number;
}

/** The folder that a client backs up to, as it is read after each run. */
export class BackupUnderTest {
  readonly folder: string;
  readonly #options: BackupUnderTestOptions;
  readonly #home: string;
  #inventory: BackupInventory = emptyInventory;
  /** The same, with what belongs to contexts with a dynamic consistency boundary among the rest. */
  #wholeInventory: BackupInventory = emptyInventory;
  #lastGood: {
    readonly promise: BackupPromise;
    readonly inventory: BackupInventory;
    /** All that lay there, what is not of that backup too. */
    readonly whole: BackupInventory;
    readonly linked: string | null;
  } | null = null;

  constructor(options: BackupUnderTestOptions) {
    this.#options = options;
    this.folder = path.join(options.folder, 'backup');
    this.#home = identityOf(options.folder) ?? '';
    fs.mkdirSync(this.folder, { recursive: true });
    fs.mkdirSync(path.join(options.ownFolder, 'restore'));
  }

  /** As it was read last. */
  get inventory(): BackupInventory {
    return this.#inventory;
  }

  /**
   * Reads what a run has left, and restores it: against its own promise, or where it made none, against the last one. Of a run
   * that was asked to end, what it has left says whether it had finished.
   */
  async assess(run: number, result: RunRecord['result'], course: Course): Promise<Assessment> {
    const { signal, realTimeMs } = this.#options;
    const budget = new ReadingBudget({ limits: { timeMs: JUDGING_MS }, signal, realTimeMs });
    const assessment = await this.#assess(run, result.exitCode === 0, course, budget);
    requireRead(budget, assessment.restoration);
    return assessment;
  }

  async #assess(run: number, claims: boolean, course: Course, budget: ReadingBudget): Promise<Assessment> {
    const { after, refusal } = await this.#read(run, budget);
    this.#inventory = after;
    const own = this.#promiseOf(course, after);
    // Who was asked to end may claim a backup that is not there: of one that is, the zip is.
    const isGood = claims && (!course.wasAskedToEnd || hasOwnZip(course, after));
    const wasAskedToEnd = course.wasAskedToEnd ? ({ wasAskedToEnd: isGood ? 'finished' : 'unfinished' } as const) : {};
    const last = isGood ? null : this.#lastGood;
    // A link that points to another folder than after the last good run says that this is the backup now, half as it is.
    const linked = this.#options.unpack === null ? linkedFolderIn(this.folder) : null;
    const isPublished = last !== null && linked !== null && linked !== last.linked;
    const restored = await this.#restore(isPublished ? within(after, linked) : after, last?.promise ?? own, budget);
    const restoration = refusal === null ? restored : { ...restored, problems: [refusal] };
    if (isGood) this.#lastGood = { promise: own, inventory: this.#ownFilesOf(after), whole: after, linked };
    if (last === null || isPublished || isWhole(restoration))
      return { after, restoration, lastGoodAlone: null, ...wasAskedToEnd };
    // Whoever restores takes the newest: half of a new backup does no harm where something tells it from a whole one.
    const isNamed = this.#options.unpack !== null || (linked !== null && linked === last.linked);
    const half = isNamed ? null : unmarkedHalfIn({ good: last.inventory.files, before: last.whole, now: after });
    if (half !== null) return { after, restoration, lastGoodAlone: null, unmarkedHalf: half, ...wasAskedToEnd };
    const remains = remainsOf(last.inventory, after);
    const lastGoodAlone = { after: remains, restoration: await this.#restore(remains, last.promise, budget) };
    return { after, restoration, lastGoodAlone, ...wasAskedToEnd };
  }

  /**
   * What a run promises: all that there was at its last POST, or where it made none, at its beginning. Of a run that backs up
   * several nodes, each for itself, the node counts that is restored.
   */
  #promiseOf({ samples, node, ...run }: Course, after: BackupInventory): BackupPromise {
    const posts = run.requests.flatMap(({ answer, node: asked, atMs }) =>
      answer.kind === 'control-db-backup' ? [{ node: asked, atMs, checksum: answer.file.checksum }] : [],
    );
    const zip = new Set(posts.map((post) => post.node)).size > 1 ? this.#select(after).controlDb : null;
    const restored = posts.find(({ checksum }) => checksum !== null && checksum === zip?.checksum);
    const posted = posts.findLast((post) => restored === undefined || post.node === restored.node);
    const promise = { beforeMs: posted?.atMs ?? run.startMs, nodeName: posted?.node ?? node };
    const { asksForLog } = factsOf(this.#options);
    const pushed = demandedOf(this.#options.events, { dcbContexts: [], ...run });
    return { ...promise, logReached: logReachedIn(samples, promise, asksForLog), pushed };
  }

  /** What a good run is restored from: what older backups beside it hold is not of it, and may come to anything. */
  #ownFilesOf(after: BackupInventory): BackupInventory {
    const selected = this.#select(after);
    const ofDcb = after.ofDcb === undefined ? {} : { ofDcb: after.ofDcb };
    return { files: filesOfSelection(selected), ...ofDcb, unreadable: after.unreadable };
  }

  #select(after: BackupInventory): SelectedBackup {
    return selectBackup(after, { ...namesIn(this.#options.simulator), endOf: nextTokenOf });
  }

  async #restore(inventory: BackupInventory, promise: BackupPromise, budget: ReadingBudget): Promise<Restoration> {
    const { simulator, ownFolder, capabilities } = this.#options;
    const restoration = await assessRestore({
      inventory,
      budget,
      ledger: simulator.ledger,
      ...namesIn(simulator),
      ...promise,
      needsLog: factsOf(this.#options).asksForLog,
      includesOpenSegments: !capabilities.includes('no-open-segment'),
      workFolder: path.join(ownFolder, 'restore'),
      ...snapshotStorageOf(simulator),
    });
    const problems = [...restoration.problems, ...problemsOfPushed(promise.pushed, inventory)];
    return { ...restoration, problems };
  }

  /** What belongs to contexts with a dynamic consistency boundary is no store of segments. */
  #setDcbApart(read: ReadBackup): ReadBackup {
    this.#wholeInventory = read;
    const { simulator, events } = this.#options;
    const pushed = events.flatMap((event) => (event.kind === 'dcb-backup-finished' ? event.files : []));
    return setDcbCopiesApart(read, { contexts: simulator.dcbContexts, pushed });
  }

  async #read(
    run: number,
    budget: ReadingBudget,
  ): Promise<{ readonly after: BackupInventory; readonly refusal: RestoreProblem | null }> {
    const { simulator, ownFolder, unpack, liveFolders, timeoutMs, signal } = this.#options;
    const known = {
      ...namesIn(simulator),
      dcbContexts: simulator.dcbContexts,
      nodes: simulator.nodes.map(({ name }) => name),
      serverPaths: serverPathsIn(simulator),
      liveFolders,
    };
    if (identityOf(this.#options.folder) !== this.#home) {
      const replacedBy = 'another folder, or a link, where the folder around it was,';
      return { after: { files: [], unreadable: ['.: it is another one'], replacedBy }, refusal: null };
    }
    if (unpack === null) {
      const read = await readInventory(this.folder, this.#wholeInventory, run, { ...known, budget });
      return { after: this.#setDcbApart(read), refusal: null };
    }
    // What a tool unpacks must not come from the live server either: it is given a folder, or nothing.
    const standIn = whatStandsFor(this.folder, liveFolders);
    if (standIn !== null) {
      const refusal = {
        kind: 'not-unpacked',
        where: 'the store',
        message: 'BACKUP_DIR is no folder of its own',
      } as const;
      return { after: standIn, refusal };
    }
    const restoreDir = path.join(ownFolder, `unpacked-${run}`);
    fs.mkdirSync(restoreDir);
    const reason = await refusalOf(unpack, this.folder, restoreDir, { timeoutMs, signal });
    if (reason === null) {
      const read = await readInventory(restoreDir, this.#wholeInventory, run, { ...known, budget });
      return { after: this.#setDcbApart(read), refusal: null };
    }
    // Of what a tool had unpacked before it gave up nobody knows whether it is whole: whoever restores has nothing.
    const refusal = { kind: 'not-unpacked', where: 'the store', message: reason } as const;
    return { after: { files: [], unreadable: [`.: ${reason}`] }, refusal };
  }
}

/** Of what was not read nobody can say that it is missing. Fails with `too-large`. */
function requireRead({ refused }: ReadingBudget, restoration: Restoration): void {
  if (refused.length === 0 || isWhole(restoration)) return;
  const more = refused.length > 1 ? `, and ${refused.length - 1} more beside it` : '';
  throw new AxonError('too-large', `the backup is not judged, for it was not read: ${refused[0]}${more}`);
}

function within({ files, ofDcb, unreadable }: BackupInventory, folder: string): BackupInventory {
  const isWithin = (file: BackupFile): boolean => file.path.startsWith(`${folder}/`);
  const dcb = ofDcb === undefined ? {} : { ofDcb: ofDcb.filter(isWithin) };
  return { files: files.filter(isWithin), ...dcb, unreadable };
}

/** How the disk knows a folder that is no link; null where there is none. */
function identityOf(folder: string): string | null {
  const stat = fs.lstatSync(folder, { bigint: true, throwIfNoEntry: false });
  return stat?.isDirectory() === true ? inodeOf(stat) : null;
}

/** A cluster with two roots for its stores has a backup restored to two. */
function snapshotStorageOf({ nodes }: Simulator): { readonly snapshotStorage?: string } {
  const folder = nodes[0]?.snapshotsDir;
  return folder === undefined ? {} : { snapshotStorage: path.basename(folder) };
}

/** Whether the control database that a run asked for last lies in the backup. */
function hasOwnZip({ requests }: Course, { files }: BackupInventory): boolean {
  const asked = requests.findLast(({ answer }) => answer.kind === 'control-db-backup')?.answer;
  if (asked?.kind !== 'control-db-backup' || asked.file.checksum === null) return false;
  return files.some(({ checksum }) => checksum === asked.file.checksum);
}
