import * as fs from 'node:fs';
import path from 'node:path';
import { CONTROL_DB_FILE_NAME } from '../../server/formats/control-db-archive.ts';
import {
  eventStoreSuffixes,
  formatSegmentName,
  LOG_SUFFIX,
  type EventStoreSuffixes,
} from '../../server/formats/segment-name.ts';
import { RESTORED_NODE, restoreNode, type RestoredNode } from '../../server/index.ts';
import { readOrNull } from './examine-events.ts';
import type { BackupFile } from '../journal/inventory.ts';
import { versionOf, type SelectedBackup, type SelectedSegment } from './select-backup.ts';
import { endOfContent } from './without-rest.ts';

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
}

/** Puts the files of a backup where a node has them (server/README.md), starts one on them, and stops it after `use`. */
export async function withRestoredNode<Result>(
  options: RestoreFolderOptions,
  use: (node: RestoredNode) => Result,
): Promise<Result> {
  // Names may come from the backup, and become folders.
  const stray = [...options.contexts, ...options.groups].find((name) => !isFolderName(name));
  if (stray !== undefined) return use({ state: 'refused', message: `"${stray}" cannot be the name of a folder` });
  fs.mkdirSync(options.workFolder, { recursive: true });
  const folder = fs.mkdtempSync(path.join(options.workFolder, 'restored-'));
  const sizes = layFiles(path.join(folder, RESTORED_NODE), options);
  const { contexts, groups, nodeName, logEnds, firstTokens, nowMs } = options;
  const node = await restoreNode({ folder, contexts, groups, nodeName, logEnds, firstTokens, nowMs, ...sizes });
  try {
    return use(node);
  } finally {
    if (node.state === 'started') node.close();
  }
}

/** New segments get the size of the largest that there is, as on the server that made them. */
function layFiles(
  node: string,
  { selected, image }: RestoreFolderOptions,
): { readonly segmentSizeBytes: number; readonly logSegmentSizeBytes: number } {
  let segmentSizeBytes = 0;
  let logSegmentSizeBytes = 0;
  for (const { context, type, segments } of selected.stores) {
    const folder = makeFolder(node, 'events', context);
    const suffixes = eventStoreSuffixes[type];
    for (const { segment, data } of segments) {
      segmentSizeBytes = Math.max(segmentSizeBytes, Math.min(data.sizeBytes, MOST_REST_BYTES));
      layFile(folder, formatSegmentName(segment, suffixes.data, versionOf(data)), data);
    }
    for (const { segment, suffix, file } of neededCompanions(segments, suffixes)) {
      layFile(folder, formatSegmentName(segment, suffix, versionOf(file)), file);
    }
  }
  for (const { group, segments } of selected.logs) {
    const folder = makeFolder(node, 'log', group);
    for (const { firstIndex, file } of segments) {
      logSegmentSizeBytes = Math.max(logSegmentSizeBytes, Math.min(file.sizeBytes, MOST_REST_BYTES));
      layFile(folder, formatSegmentName(BigInt(firstIndex), LOG_SUFFIX), file);
    }
  }
  fs.writeFileSync(path.join(makeFolder(node, 'controldb'), CONTROL_DB_FILE_NAME), image);
  return {
    segmentSizeBytes: segmentSizeBytes === 0 ? SEGMENT_BYTES : segmentSizeBytes,
    logSegmentSizeBytes: logSegmentSizeBytes === 0 ? LOG_SEGMENT_BYTES : logSegmentSizeBytes,
  };
}

/**
 * Start-up looks at indexes from the newest segment down to the first good one (docs/event-segment-format.md, section
 * 8.3), and so many are put there: older ones change nothing for a restored node.
 */
function* neededCompanions(
  segments: readonly SelectedSegment[],
  { index, bloom }: EventStoreSuffixes,
): Generator<{ readonly segment: bigint; readonly suffix: string; readonly file: BackupFile }> {
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

/** What file systems take. */
const MOST_NAME_BYTES = 255;

function isFolderName(name: string): boolean {
  const isShort = Buffer.byteLength(name) <= MOST_NAME_BYTES;
  return isShort && name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name);
}

function makeFolder(node: string, ...names: readonly string[]): string {
  const folder = path.join(node, ...names);
  fs.mkdirSync(folder, { recursive: true });
  return folder;
}

/** Segments are preallocated and mostly zeros; what is not written stays a hole. */
function layFile(folder: string, name: string, file: BackupFile): void {
  const bytes = readOrNull(file);
  if (bytes === null) return;
  const end = endOfContent(bytes);
  const place = path.join(folder, name);
  fs.writeFileSync(place, bytes.subarray(0, end));
  const wholeBytes = Math.min(file.sizeBytes, end + MOST_REST_BYTES);
  if (end < wholeBytes) fs.truncateSync(place, wholeBytes);
}
