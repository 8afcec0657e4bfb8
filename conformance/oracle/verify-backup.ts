import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { sweepAbandoned } from '../../folders/sweep.ts';
import { makeTemporaryFolder } from '../../folders/temporary-folder.ts';
import { AxonError, type RestoredNode } from '../../server/index.ts';
import type { BackupInventory } from '../journal/inventory.ts';
import { readInventory, type ReadBackup } from './backup-reader.ts';
import {
  checkPointers,
  checkTokens,
  examineBackup,
  groupsOf,
  neededToken,
  type ExaminedBackup,
} from './examine-backup.ts';
import { contextsOf, dcbContextsOf, type ControlDbContent } from './control-db-content.ts';
import { holdAgainstFiles } from './database-and-files.ts';
import type { CheckedIndex } from './index-check.ts';
import { SegmentScans } from './segment-scans.ts';
import { describeNotes, describeProblems, problemsOfNode } from './verification-problems.ts';
import { ReadingBudget, type ReadingLimits } from './reading-budget.ts';
import { describeControlDbs } from './verified-control-db.ts';
import { describeGlobalIndexes } from './global-indexes.ts';
import { describeDcb, setDcbFoldersApart } from './dcb-folders.ts';
import { judgeIndexes } from './index-coverage.ts';
import { findLaterLogs } from './later-logs.ts';
import { describeLog, describeOutlook, describeStore, indexedSegments } from './verified-parts.ts';
import { leftOutByQuickLook, type BackupVerification } from './verification.ts';
import { replayLogs } from './replayed-log.ts';
import type { SelectedBackup } from './select-backup.ts';
import { withRestoredNode } from './restored-folder.ts';

export type { BackupVerification } from './verification.ts';

export interface VerifyOptions {
  /** What reading the backup may take; as the README states them unless given. */
  readonly limits?: Partial<ReadingLimits>;
  /** Of a backup of several nodes, each in a folder of its own: nothing counts but what lies in one of that name. */
  readonly node?: string;
  /** Leaves checksums out, and says what else (`notLookedAt`). */
  readonly isQuick?: boolean;
  /** Told of the bytes of segments and logs that were gone over so far, and of all that lie there. */
  readonly onProgress?: (doneBytes: number, allBytes: number) => void;
  /** Threads that read large segments side by side; as many as there are processors unless given. What is found is the same. */
  readonly jobs?: number;
  /** Ends it. */
  readonly signal?: AbortSignal;
}

/**
 * Verifies a finished backup by itself, in a folder or an archive, of a simulated or a real Axon Server: all checksums,
 * whether segments and log segments join, whether they join the control database, and what a node restored from it
 * would hold. Fails with `bad-option` where there is no such file or folder, with `interrupted` where `signal` says so, and
 * with `time-over` where it takes longer than half an hour. What archives hold beyond `limits` is not read, and a problem.
 */
export async function verifyBackup(file: string, options: VerifyOptions = {}): Promise<BackupVerification> {
  return (await verifyAndSelect(file, options)).verification;
}

/** A backup that was verified, and what a restore takes of it. */
export interface VerifiedSelection {
  readonly verification: BackupVerification;
  readonly inventory: BackupInventory;
  readonly selected: SelectedBackup;
  /** The control database that goes with it; null where none opens. */
  readonly controlDb: ControlDbContent | null;
  /** How the files beside each segment look, by the path of the segment in the backup. */
  readonly indexes: ReadonlyMap<string, CheckedIndex>;
  /** By `context/type`: why a server would read less than there is with the index files that lie there. */
  readonly indexProblems: ReadonlyMap<string, string>;
}

/** Verifies as `verifyBackup` does, and gives what it has read for a restore to go on with. */
export async function verifyAndSelect(file: string, options: VerifyOptions = {}): Promise<VerifiedSelection> {
  const budget = new ReadingBudget({ ...options, realTimeMs: () => performance.now() });
  const { rest, dcb } = setDcbFoldersApart(await readBackup(file, budget));
  const inventory = options.node === undefined ? rest : onlyOfNode(rest, options.node);
  const owners = ownersIn(inventory, 'segment');
  const groups = ownersIn(inventory, 'log');
  const zips = await describeControlDbs(inventory, budget);
  // The newest knows all names, whichever is taken in the end.
  const newest = zips.find(({ isNewest }) => isNewest)?.content ?? null;
  for (const { group } of newest?.groups ?? []) if (!groups.includes(group)) groups.push(group);
  const dcbContexts = newest === null ? [] : dcbContextsOf(newest);
  const contexts = [...new Set([...owners, ...(newest === null ? [] : contextsOf(newest))])].filter(
    (context) => !dcbContexts.includes(context),
  );
  const pulled = owners.filter((context) => dcbContexts.includes(context));
  const ofDcb = describeDcb(dcb, dcbContexts, pulled);

  const { isQuick = false, jobs = os.availableParallelism(), onProgress } = options;
  const allBytes = inventory.files.reduce(
    (sum, { what, sizeBytes }) => (what.kind === 'segment' || what.kind === 'log' ? sum + sizeBytes : sum),
    0,
  );
  let doneBytes = 0;
  const onBytes = (bytes: number): void => onProgress?.((doneBytes += bytes), allBytes);
  const scans = new SegmentScans({ budget, keepsAll: false, jobs, isQuick, onBytes });
  const backup = await examineBackup(inventory, { contexts, groups, budget, scans });
  const { checked, lastEventMs } = besideSegments(backup, scans);
  const taken = backup.selected.controlDb?.path;
  const controlDbs = zips.map((zip) => ({ ...zip, isNewest: zip.file === taken }));
  const content = controlDbs.find(({ isNewest }) => isNewest)?.content ?? null;
  const stores = backup.stores
    .filter(({ segments }) => segments.length > 0)
    .map((store) => describeStore(store, checked, lastEventMs));
  const logs = backup.logs.filter(({ segments }) => segments.length > 0).map(describeLog);
  const isNothing = stores.length === 0 && logs.length === 0 && controlDbs.length === 0;
  const indexes = backup.stores.map((store) =>
    judgeIndexes(store.context, store.type, indexedSegments(store, checked)),
  );
  const beyond = beyondNode(backup, budget.limits, isQuick);
  const { outlook, nodeProblems } = await restore(backup, contexts, groups, beyond === null);
  const held = content?.engine === 'h2' ? holdAgainstFiles(content, backup, stores) : null;
  const problems = [
    ...describeProblems(inventory, backup, controlDbs),
    ...(await findLaterLogs(inventory, backup, scans)),
    ...ofDcb.problems,
    ...indexes.flatMap(({ problems: found }) => found),
    ...checkJoin(backup, contexts),
    ...(held?.problems ?? []),
    ...nodeProblems,
  ];
  const verdict = problems.length > 0 ? 'inconsistent' : isNothing ? 'nothing-to-verify' : 'consistent';
  const verification: BackupVerification = {
    path: file,
    verdict,
    isQuick,
    notLookedAt: isQuick ? leftOutByQuickLook : [],
    problems,
    notes: [
      ...describeNotes(inventory, backup, stores),
      ...indexes.flatMap(({ notes }) => notes),
      ...describeGlobalIndexes(inventory, backup.stores, stores),
      ...(held?.notes ?? []),
      ...ofDcb.notes,
      ...(beyond === null ? [] : [`no node was started on it: ${beyond}; files and log are counted instead`]),
    ],
    stores,
    logs,
    controlDbs: controlDbs.map(({ content: _content, ...described }) => described),
    restored: isNothing ? null : outlook,
  };
  return {
    verification,
    inventory,
    selected: backup.selected,
    controlDb: backup.controlDb.state === 'open' ? backup.controlDb.content : null,
    indexes: checked,
    indexProblems: new Map(
      backup.stores.flatMap(({ context, type }, place) => {
        const [problem] = indexes[place]?.problems ?? [];
        return problem === undefined ? [] : [[`${context}/${type}`, problem.message]];
      }),
    ),
  };
}

/** By the path of each data file: how what lies beside it looks, and when its last event happened. */
function besideSegments(
  { selected }: ExaminedBackup,
  scans: SegmentScans,
): { readonly checked: ReadonlyMap<string, CheckedIndex>; readonly lastEventMs: ReadonlyMap<string, number | null> } {
  const checked = new Map<string, CheckedIndex>();
  const lastEventMs = new Map<string, number | null>();
  for (const { data } of selected.stores.flatMap(({ segments }) => segments)) {
    const scanned = scans.segmentOf(data);
    if (scanned === null) continue;
    checked.set(data.path, scanned.index);
    lastEventMs.set(data.path, scanned.scan.lastEventMs);
  }
  return { checked, lastEventMs };
}

async function readBackup(file: string, budget: ReadingBudget): Promise<ReadBackup> {
  if (!fs.existsSync(file)) throw new AxonError('bad-option', `there is no file or folder ${file}`);
  const target = fs.realpathSync(file);
  if (target === path.parse(target).root) {
    throw new AxonError('bad-option', `${file} is the whole disk: name the folder that holds the backup`);
  }
  return readInventory(file, null, 0, { isOffline: true, budget });
}

/** Where no folder has the name of a node, all of it may be that node's: its control database says whether. */
function onlyOfNode(backup: ReadBackup, node: string): ReadBackup {
  const files = backup.files.filter(({ path: place }) => place.split(/[/!]/).slice(0, -1).includes(node));
  return files.length === 0 ? backup : { ...backup, files };
}

function ownersIn({ files }: BackupInventory, kind: 'segment' | 'log'): string[] {
  const owners = new Set<string>();
  for (const { what } of files) {
    if (what.kind !== kind) continue;
    const owner = what.kind === 'segment' ? what.context : what.group;
    if (owner !== null) owners.add(owner);
  }
  return [...owners].toSorted();
}

/** Whether log and events join the control database, as far as the files tell. */
function checkJoin(backup: ExaminedBackup, contexts: readonly string[]): BackupVerification['problems'] {
  if (backup.controlDb.state !== 'open') return [];
  const known = groupsOf(backup, contexts);
  const behind = backup.stores.flatMap((store) => {
    const group = known.find((each) => each.contexts.includes(store.context));
    const appliedIndex = group?.appliedIndex ?? 0;
    const log = backup.logs.find((each) => each.group === group?.group);
    return checkTokens(store, appliedIndex, neededToken(store, log, appliedIndex, null)) ?? [];
  });
  return [...checkPointers(backup.logs, known), ...behind];
}

/** Starts a node on the backup where its control database is one of ours; where it is a real server's, the log is counted. */
async function restore(
  backup: ExaminedBackup,
  contexts: readonly string[],
  groups: readonly string[],
  canStart: boolean,
): Promise<Pick<Outcome, 'outlook' | 'nodeProblems'>> {
  const conclude = (node: RestoredNode | null): Outcome => ({
    outlook: describeOutlook(backup, node),
    nodeProblems: node === null ? [] : problemsOfNode(node, backup),
  });
  const { controlDb, selected } = backup;
  if (controlDb.state !== 'open') return conclude(null);
  if (controlDb.content.engine === 'h2' || !canStart) {
    const { outlook, problems } = replayLogs(backup, contexts);
    return { outlook, nodeProblems: problems };
  }
  sweepAbandoned(os.tmpdir());
  const workFolder = makeTemporaryFolder(os.tmpdir(), 'verify');
  try {
    const options = {
      selected,
      image: controlDb.content.image,
      contexts,
      groups,
      nodeName: null,
      logEnds: new Map(),
      firstTokens: new Map(),
      nowMs: 0,
    };
    return await withRestoredNode({ ...options, workFolder }, conclude);
  } finally {
    fs.rmSync(workFolder, { recursive: true, force: true });
  }
}

/** What a simulated node, which has its segments in memory as a whole, is not started on; null where it is. */
function beyondNode(
  { controlDb, logs, stores }: ExaminedBackup,
  limits: ReadingLimits,
  isQuick: boolean,
): string | null {
  if (controlDb.state !== 'open' || controlDb.content.engine !== 'sqlite') return null;
  if (isQuick) return 'this is a quick look';
  const entries = logs.flatMap(({ segments }) => segments.map((each) => each.lastIndex + 1 - each.firstIndex));
  const events = stores.flatMap(({ segments }) => segments.map((each) => Number(each.nextToken - each.segment)));
  if (events.some((count) => count > limits.events)) return `a segment holds more than ${limits.events} events`;
  if (entries.some((count) => count > limits.logEntriesAtOnce)) {
    return `a segment of a log holds more than ${limits.logEntriesAtOnce} entries`;
  }
  const all = entries.reduce((sum, count) => sum + count, 0);
  return all > limits.logEntries ? `its logs hold more than ${limits.logEntries} entries` : null;
}

interface Outcome {
  readonly outlook: NonNullable<BackupVerification['restored']>;
  readonly nodeProblems: BackupVerification['problems'];
}
