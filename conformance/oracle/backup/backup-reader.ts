import * as fs from 'node:fs';
import type { BackupFileKind, BackupInventory } from '../../journal/inventory.ts';
import { NOT_LOOKED_INTO } from '../archives/archives.ts';
import { walkBackup, type FoundFile } from './backup-walk.ts';
import { classify, type PlacedFile } from './classify.ts';
import { contextsOf, readControlDbOrNull, type ControlDbContent } from './control-db-content.ts';
import { settleRuns } from './file-history.ts';
import { LiveFolders } from './live-folders.ts';
import { nameOfLeaf, placeLeaf, type PlacedLeaf } from './placed-leaf.ts';
import { rankByModification, rankByRun } from './rank-files.ts';
import { UnreadableFile } from './read-found.ts';
import { ReadingBudget } from '../archives/reading-budget.ts';
import type { Leaf, Leaves } from './leaf.ts';
import { readLeaves } from './read-leaves.ts';
import { withLaidDatabases } from './restore-record.ts';
import { RememberedBackup, type KnownFile } from './remembered-backup.ts';
import { namesInControlDbs, namesInData } from './told-names.ts';
import { finishedAmong, isSystemPart, unfinishedPartOf } from './unfinished.ts';

/** What a reader can be told beside the folder. */
export interface ReaderOptions {
  /** Names of the cluster, taken for the owner's where they are those of folders; no other folder's name counts. */
  readonly contexts?: readonly string[];
  readonly groups?: readonly string[];
  /** Names of its contexts with a dynamic consistency boundary, which are no owners of what lies in no folder of theirs. */
  readonly dcbContexts?: readonly string[];
  /** Where the server's own files lie: a link to one of them is no copy, and none to another name for one. */
  readonly liveFolders?: readonly string[];
  /** Names of nodes: a folder with one of them is a node's. */
  readonly nodes?: readonly string[];
  /** What the server calls the folders of its stores, absolute: copies may keep the whole path. */
  readonly serverPaths?: readonly string[];
  /**
   * True for a finished backup of which nothing but the files is known: they are ranked by what they tell, and the name of
   * a folder is taken for that of a context or group where nothing else tells it.
   */
  readonly isOffline?: boolean;
  /** What reading it may take; as `readingLimits` unless given. */
  readonly budget?: ReadingBudget;
}

/** An inventory, and what of the folder it passes over. */
export interface ReadBackup extends BackupInventory {
  /** Folders, archives and files that are marked as unfinished, with the number of files in each. */
  readonly unfinished: ReadonlyMap<string, number>;
  /** Those of `unreadable` that can hold nothing of a backup. */
  readonly passedOver: readonly string[];
}

/**
 * Reads a backup folder in any layout, or a single archive. What is marked as unfinished is left out. `previous` is the
 * inventory before the run: what has not changed since is not read again. A folder that is not there is empty; what cannot
 * be read is `unreadable`, and so are links that lead out of the backup.
 */
export async function readInventory(
  folder: string,
  previous: BackupInventory | null,
  run: number,
  options: ReaderOptions = {},
): Promise<ReadBackup> {
  const { liveFolders = [], isOffline = false, serverPaths = [] } = options;
  const isThere = fs.lstatSync(folder, { throwIfNoEntry: false }) !== undefined;
  if (!isThere) return { files: [], unreadable: [], unfinished: new Map(), passedOver: [] };
  const live = new LiveFolders(liveFolders);
  const walk = walkBackup(folder, { links: isOffline ? 'by-owner' : 'within', live });
  const before = new RememberedBackup(previous);
  const unreadable = [...walk.unreadable, ...walk.passedOver];
  const leaves: Leaf[] = [];
  const budget = options.budget ?? new ReadingBudget({ realTimeMs: () => performance.now() });
  // The time of a check is for what a client has written under its eyes.
  if (isOffline) budget.allowFor(walk.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  for (const found of walk.files) {
    await budget.turn();
    const known = before.leavesOf(found);
    if (known !== null) {
      leaves.push(...known);
      continue;
    }
    const read = await readOrSay(found, budget, isOffline);
    leaves.push(...read.leaves);
    unreadable.push(...read.unreadable);
  }
  const all = leaves.map(placeLeaf);
  const found = isOffline ? withLaidDatabases(all) : all;
  const noMarks = { names: await findNames(found, { ...options, budget }), serverPaths };
  const placed = finishedAmong(found, noMarks, partOfBackup, isOffline);
  const { runs, ranks, kinds } = await describe(placed, before, run, { ...options, budget });
  const files = placed.map((file, place): KnownFile => ({
    path: file.path,
    name: nameOfLeaf(file.leaf),
    container: file.container,
    sizeBytes: file.leaf.sizeBytes,
    checksum: file.leaf.checksum,
    link: linkOf(file.leaf, live),
    writtenInRun: runs[place] ?? run,
    recency: ranks[place] ?? 0,
    what: kinds[place] ?? { kind: 'other' },
    readBytes: file.leaf.readBytes,
    leaf: file.leaf,
  }));
  const unfinished = new Map<string, number>();
  const taken = new Set(placed);
  for (const file of placed.length < found.length ? found : []) {
    const part = taken.has(file) ? null : unfinishedPartOf(file.path, noMarks);
    if (part !== null) unfinished.set(part, (unfinished.get(part) ?? 0) + 1);
  }
  // Whose it is nobody knows: what a backup lacks without it shows by itself.
  const passedOver = [...walk.passedOver, ...unreadable.filter((line) => line.endsWith(`: ${NOT_LOOKED_INTO}`))];
  // Of what cannot be read nobody knows whether it is unfinished, unless something was; what the system has there is no matter.
  const isLeftOut = (line: string): boolean => {
    const part = unfinishedPartOf(line.split(': ')[0] ?? '', noMarks);
    return part !== null && (unfinished.size > 0 || isSystemPart(part));
  };
  return {
    files,
    unreadable: unreadable.filter((line) => !isLeftOut(line)),
    unfinished,
    passedOver: passedOver.filter((line) => !isLeftOut(line)),
    linksOut: walk.linksOut,
    ...(walk.replacedBy === null ? {} : { replacedBy: walk.replacedBy }),
  };
}

type BudgetedOptions = ReaderOptions & { readonly budget: ReadingBudget };

/** Which part of a backup a file belongs to; null for none. */
function partOfBackup({ traits }: PlacedLeaf): string | null {
  switch (traits.kind) {
    case 'other':
      return null;
    case 'data':
    case 'companion':
      return 'segments';
    case 'log':
    case 'log-index':
      return 'log';
    case 'control-db-zip':
    case 'control-db-live':
      return 'control-db';
  }
}

/** Names that contexts, groups and nodes have, whatever else they may mean. */
async function findNames(found: readonly PlacedLeaf[], options: BudgetedOptions): Promise<ReadonlySet<string>> {
  const { contexts = [], groups = [], nodes = [], isOffline = false, budget } = options;
  const told = new Set([...contexts, ...groups, ...nodes, ...(isOffline ? namesInData(found) : [])]);
  const isInQuestion = isOffline && found.some(({ path: file }) => unfinishedPartOf(file, { names: told }) !== null);
  return isInQuestion ? new Set([...told, ...(await namesInControlDbs(found, budget))]) : told;
}

interface Description {
  readonly runs: readonly number[];
  readonly ranks: readonly number[];
  readonly kinds: readonly BackupFileKind[];
}

/** When each file was written, how new it is among its like, and what it is. */
async function describe(
  placed: readonly PlacedLeaf[],
  before: RememberedBackup,
  run: number,
  options: BudgetedOptions,
): Promise<Description> {
  const files = placed.map(({ path: file, container, leaf }) => ({
    path: file,
    container,
    history: before.historyOf(file, leaf),
    changedNs: leaf.source.changedNs,
    modifiedNs: leaf.modifiedNs,
  }));
  const rank = (runs: readonly number[]): number[] =>
    options.isOffline === true ? rankByModification(files) : rankByRun(files, runs);
  // What a file is tells when it was written; for that the control database that is likely to be the newest will do.
  const likely = files.map(({ history }) => (history.state === 'kept' ? history.writtenInRun : run));
  const kinds = await findKinds(placed, rank(likely), options);
  const described = files.map((file, place) => ({ ...file, what: kinds[place] ?? ({ kind: 'other' } as const) }));
  const runs = settleRuns(described, run);
  return { runs, ranks: rank(runs), kinds };
}

/** Somebody may still be at work in the folder: what goes or changes while it is read is unreadable. */
async function readOrSay(found: FoundFile, budget: ReadingBudget, isLazy: boolean): Promise<Leaves> {
  try {
    return await readLeaves(found, budget, isLazy);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return { leaves: [], unreadable: [`${found.path}: it ${error.reason}`] };
  }
}

function linkOf({ source, within }: Leaf, live: LiveFolders): KnownFile['link'] {
  if (source.isElsewhere) return 'symbolic';
  // A file that is mounted over another has no second link, and is the server's all the same.
  return within.length === 0 && live.hasFile(source.inode) ? 'hard' : 'none';
}

/**
 * Where bytes alone do not tell whose log or events they are, the newest control database knows the ids in the log, and
 * offline the contexts that there are. That of a real server tells more: its events may well say something of a context,
 * by which their authors meant another thing.
 */
async function findKinds(
  files: readonly PlacedLeaf[],
  ranks: readonly number[],
  { contexts = [], dcbContexts = [], groups = [], isOffline = false, budget }: BudgetedOptions,
): Promise<BackupFileKind[]> {
  const isTold = !isOffline && files.every(({ traits }) => traits.kind !== 'log' || traits.log.group !== null);
  const content = isTold ? null : await readNewestControlDb(files, ranks, budget);
  return classify(content?.engine === 'h2' ? files.map(withoutOwnWord) : files, {
    contexts,
    dcbContexts,
    groups,
    guessesFromFolders: isOffline,
    controlDbGroups: content?.groups ?? [],
    controlDbContexts: content === null || !isOffline ? [] : contextsOf(content),
  });
}

/** As if its events said nothing of whose they are. */
function withoutOwnWord(file: PlacedFile): PlacedFile {
  const { traits } = file;
  if (traits.kind === 'data') return { ...file, traits: { ...traits, context: null } };
  return traits.kind === 'log' ? { ...file, traits: { ...traits, log: { ...traits.log, group: null } } } : file;
}

async function readNewestControlDb(
  files: readonly PlacedLeaf[],
  ranks: readonly number[],
  budget: ReadingBudget,
): Promise<ControlDbContent | null> {
  const newestFirst = [...files.entries()]
    .filter(([, { traits }]) => traits.kind === 'control-db-zip')
    .toSorted(([a], [b]) => (ranks[b] ?? 0) - (ranks[a] ?? 0));
  for (const [, { leaf }] of newestFirst) {
    await budget.turn();
    const content = await readControlDbOrNull(leaf.readBytes, budget);
    if (content !== null) return content;
  }
  return null;
}
