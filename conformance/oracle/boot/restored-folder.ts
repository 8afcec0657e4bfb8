import * as fs from 'node:fs';
import path from 'node:path';
import { CONTROL_DB_FILE_NAME } from '../../../server/formats/control-db-archive.ts';
import { eventStoreSuffixes } from '../../../server/formats/segment-name.ts';
import { RESTORED_NODE, restoreNode, type RestoredNode } from '../../../server/restored-node.ts';
import type { BackupFile } from '../../journal/inventory.ts';
import { placeFiles, storageOf, strayNameIn, type Companion, type NodeFolders } from './laid-files.ts';
import { layFile } from './lay-file.ts';
import { UnreadableFile } from '../backup/read-found.ts';
import type { SelectedBackup, SelectedStore } from '../examination/select-backup.ts';

/** As a simulated node has them (server/README.md). */
const folders: NodeFolders = { controlDb: 'controldb', log: 'log', events: 'events' };

/** Sizes of new segments where the backup has none to go by. */
const SEGMENT_BYTES = 1024 ** 2;
const LOG_SEGMENT_BYTES = 256 * 1024;
/** Of what is preallocated behind the events so much is laid down: a node reads its newest segment whole. */
const MOST_REST_BYTES = 16 * 1024 ** 2;

export interface RestoreFolderOptions {
  readonly selected: SelectedBackup;
  /** The database out of the selected zip. */
  readonly image: Uint8Array;
  readonly contexts: readonly string[];
  readonly groups: readonly string[];
  readonly nodeName: string | null;
  readonly logEnds: ReadonlyMap<string, number>;
  /** Where stores of the cluster begin, by context. */
  readonly firstTokens: ReadonlyMap<string, bigint>;
  readonly nowMs: number;
  /** Where the node's folder is made, a new one each time; it stays for the caller to remove. */
  readonly workFolder: string;
  /** Folder of the node for its snapshots; that of events unless given. */
  readonly snapshotStorage?: string;
}

/** Puts the files of a backup where a node has them (server/README.md), starts one on them, and stops it after `use`. */
export async function withRestoredNode<Result>(
  options: RestoreFolderOptions,
  use: (node: RestoredNode) => Result,
): Promise<Result> {
  // Names may come from the backup, and become folders.
  const stray = strayNameIn([...options.contexts, ...options.groups]);
  if (stray !== null) return use({ state: 'refused', message: `"${stray}" cannot be the name of a folder` });
  fs.mkdirSync(options.workFolder, { recursive: true });
  const folder = fs.mkdtempSync(path.join(options.workFolder, 'restored-'));
  const sizes = layFiles(path.join(folder, RESTORED_NODE), options);
  const { contexts, groups, nodeName, logEnds, firstTokens, nowMs, snapshotStorage = folders.events } = options;
  const facts = { contexts, groups, nodeName, logEnds, firstTokens, nowMs, snapshotStorage };
  const node = await restoreNode({ folder, ...facts, ...sizes });
  try {
    return use(node);
  } finally {
    if (node.state === 'started') node.close();
  }
}

/** New segments get the size of the largest that there is, as on the server that made them. */
function layFiles(
  node: string,
  { selected, image, snapshotStorage = folders.events }: RestoreFolderOptions,
): { readonly segmentSizeBytes: number; readonly logSegmentSizeBytes: number } {
  const own = { ...folders, snapshots: snapshotStorage };
  for (const { context, type } of selected.stores) makeFolder(node, storageOf(own, type), context);
  for (const { group } of selected.logs) makeFolder(node, folders.log, group);
  for (const { to, file } of placeFiles(selected, own, neededCompanions)) layIfReadable(path.join(node, to), file);
  fs.writeFileSync(path.join(makeFolder(node, folders.controlDb), CONTROL_DB_FILE_NAME), image);
  const data = selected.stores.flatMap(({ segments }) => segments.map((segment) => segment.data));
  const logs = selected.logs.flatMap(({ segments }) => segments.map(({ file }) => file));
  return {
    segmentSizeBytes: largestOf(data) || SEGMENT_BYTES,
    logSegmentSizeBytes: largestOf(logs) || LOG_SEGMENT_BYTES,
  };
}

/** 0 where there is none. */
function largestOf(files: readonly BackupFile[]): number {
  return files.reduce((largest, { sizeBytes }) => Math.max(largest, Math.min(sizeBytes, MOST_REST_BYTES)), 0);
}

/** What cannot be read any more is not laid down: the node meets that. */
function layIfReadable(place: string, file: BackupFile): void {
  try {
    for (const _ of layFile(place, file, MOST_REST_BYTES));
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    fs.rmSync(place, { force: true });
  }
}

/**
 * Start-up looks at indexes from the newest segment down to the first good one (docs/event-segment-format.md, section
 * 8.3), and so many are put there: older ones change nothing for a restored node.
 */
function* neededCompanions({ type, segments }: SelectedStore): Generator<Companion> {
  const { index, bloom } = eventStoreSuffixes[type];
  for (const [place, { segment, companions }] of segments.toReversed().entries()) {
    let found = 0;
    for (const file of companions) {
      const suffix = file.what.kind === 'index' ? file.what.suffix : '';
      if (suffix !== index && suffix !== bloom) continue;
      found++;
      yield { segment, suffix, file };
    }
    if (place > 0 && found === 2) return;
  }
}

function makeFolder(node: string, ...names: readonly string[]): string {
  const folder = path.join(node, ...names);
  fs.mkdirSync(folder, { recursive: true });
  return folder;
}
