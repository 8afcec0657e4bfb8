import * as fs from 'node:fs';
import path from 'node:path';
import { AxonError, readControlDb, type ControlDbGroup } from '../../server/index.ts';
import { decodeControlDbArchive } from '../../server/formats/control-db-archive.ts';
import type { BackupFileKind, BackupInventory } from '../journal/inventory.ts';
import { walkBackup, type FoundFile } from './backup-walk.ts';
import { classify, type PlacedFile } from './classify.ts';
import { settleRuns } from './file-history.ts';
import { rankByModification, rankByRun } from './rank-files.ts';
import { readLeaves, type Leaf, type Leaves } from './read-leaves.ts';
import { finishedAmong, isUnfinished } from './unfinished.ts';
import { RememberedBackup, type KnownFile } from './remembered-backup.ts';

export { inodesIn } from './backup-walk.ts';

/** What a reader can be told beside the folder. */
export interface ReaderOptions {
  /** Names of the cluster, taken for the owner's where they are those of folders; no other folder's name counts. */
  readonly contexts?: readonly string[];
  readonly groups?: readonly string[];
  /** Inodes of the server's files, from `inodesIn`: a hard link to one is no copy. */
  readonly liveInodes?: ReadonlySet<string>;
  /**
   * True for a finished backup of which nothing but the files is known: they are ranked by what they tell, and the name of
   * a folder is taken for that of a context or group where nothing else tells it.
   */
  readonly isOffline?: boolean;
  /** What one archive may unpack to; a GiB unless given. */
  readonly mostUnpackedBytes?: number;
}

const MOST_UNPACKED_BYTES = 1 << 30;

interface Placed extends PlacedFile {
  readonly leaf: Leaf;
}

/**
 * Reads a backup folder in any layout, or a single archive. What is marked as unfinished is left out. `previous` is the inventory before the run: what has not
 * changed since is not read again. A folder that is not there is empty; a file that cannot be read is `unreadable`.
 */
export async function readInventory(
  folder: string,
  previous: BackupInventory | null,
  run: number,
  options: ReaderOptions = {},
): Promise<BackupInventory> {
  if (!fs.existsSync(folder)) return { files: [], unreadable: [] };
  const walk = walkBackup(folder);
  const before = new RememberedBackup(previous);
  const unreadable = [...walk.unreadable];
  const leaves: Leaf[] = [];
  for (const found of walk.files) {
    const known = before.leavesOf(found);
    if (known !== null) {
      leaves.push(...known);
      continue;
    }
    const read = await readOrSay(found, options.mostUnpackedBytes ?? MOST_UNPACKED_BYTES);
    leaves.push(...read.leaves);
    unreadable.push(...read.unreadable);
  }
  const found = leaves.map((leaf) => ({
    path: pathOf(leaf.source.path, leaf.within),
    container: containerOf(leaf),
    traits: leaf.traits,
    leaf,
  }));
  const names = [...(options.contexts ?? []), ...(options.groups ?? [])];
  const placed = finishedAmong(found, names, ({ traits }) => traits.kind !== 'other');
  const { runs, ranks, kinds } = await describe(placed, before, run, options);
  const files = placed.map((file, place): KnownFile => ({
    path: file.path,
    name: path.posix.basename(file.leaf.within.at(-1) ?? file.leaf.source.path),
    container: file.container,
    sizeBytes: file.leaf.sizeBytes,
    checksum: file.leaf.checksum,
    link: linkOf(file.leaf, options.liveInodes),
    writtenInRun: runs[place] ?? run,
    recency: ranks[place] ?? 0,
    what: kinds[place] ?? { kind: 'other' },
    readBytes: file.leaf.readBytes,
    leaf: file.leaf,
  }));
  const isLeftOut = placed.length < found.length;
  return {
    files,
    unreadable: unreadable.filter((line) => !isLeftOut || !isUnfinished(line.split(': ')[0] ?? '', new Set(names))),
  };
}

interface Description {
  readonly runs: readonly number[];
  readonly ranks: readonly number[];
  readonly kinds: readonly BackupFileKind[];
}

/** When each file was written, how new it is among its like, and what it is. */
async function describe(
  placed: readonly Placed[],
  before: RememberedBackup,
  run: number,
  options: ReaderOptions,
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
async function readOrSay(found: FoundFile, mostBytes: number): Promise<Leaves> {
  try {
    return await readLeaves(found, mostBytes);
  } catch (error) {
    if (!(error instanceof AxonError)) throw error;
    return { leaves: [], unreadable: [`${found.path}: ${error.message}`] };
  }
}

function pathOf(file: string, within: readonly string[]): string {
  return [file, ...within].join('!');
}

/** The folder of a file; in an archive the folder in it. What wraps a single file is no folder. */
function containerOf({ source, within, wrappings }: Leaf): string {
  let depth = within.length;
  while (depth > 0 && wrappings[depth - 1] === true) depth--;
  const inner = within[depth - 1];
  if (inner === undefined) return path.posix.dirname(source.path);
  const archive = pathOf(source.path, within.slice(0, depth - 1));
  const folder = path.posix.dirname(inner);
  return folder === '.' ? archive : `${archive}!${folder}`;
}

function linkOf({ source, within }: Leaf, liveInodes: ReadonlySet<string> | undefined): KnownFile['link'] {
  if (source.isElsewhere) return 'symbolic';
  const isLive = within.length === 0 && source.links > 1 && liveInodes?.has(source.inode) === true;
  return isLive ? 'hard' : 'none';
}

/** Where entries alone do not tell whose log they are, the newest control database knows the ids in them. */
async function findKinds(
  files: readonly Placed[],
  ranks: readonly number[],
  { contexts = [], groups = [], isOffline = false }: ReaderOptions,
): Promise<BackupFileKind[]> {
  const isTold = files.every(({ traits }) => traits.kind !== 'log' || traits.log.group !== null);
  const controlDbGroups = isTold ? [] : await readControlDbGroups(files, ranks);
  return classify(files, { contexts, groups, guessesFromFolders: isOffline, controlDbGroups });
}

async function readControlDbGroups(
  files: readonly Placed[],
  ranks: readonly number[],
): Promise<readonly ControlDbGroup[]> {
  const newestFirst = [...files.entries()]
    .filter(([, { traits }]) => traits.kind === 'control-db-zip')
    .toSorted(([a], [b]) => (ranks[b] ?? 0) - (ranks[a] ?? 0));
  for (const [, { leaf }] of newestFirst) {
    try {
      return (await readControlDb(decodeControlDbArchive(leaf.readBytes()))).groups;
    } catch (error) {
      // One that is damaged, or a real server's, tells nothing here; that it is damaged is told elsewhere.
      if (!(error instanceof AxonError)) throw error;
    }
  }
  return [];
}
