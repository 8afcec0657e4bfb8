import * as fs from 'node:fs';
import os from 'node:os';
import type { Readable } from 'node:stream';
import { sweepAbandoned } from '../../../folders/sweep.ts';
import { makeTemporaryFolder } from '../../../folders/temporary-folder.ts';
import type { BackupFile } from '../../journal/inventory.ts';
import { concludeVerification } from './conclude-verification.ts';
import { examineBackup, type ExaminedControlDb } from '../examination/examine-backup.ts';
import { checkIndex, glanceAtIndex, type CheckedIndex } from '../segments/index-check.ts';
import { findLaterLogs } from './later-logs.ts';
import { lookAtBackup, openedControlDb, type LookedBackup } from './looked-backup.ts';
import { countedOutcome, QUICK } from './node-outcome.ts';
import { interrupted, ReadingBudget } from '../archives/reading-budget.ts';
import type { ScannedSegment } from '../segments/scan-segment.ts';
import { companionFinder } from '../examination/select-backup.ts';
import { companionOf, SegmentScans } from '../examination/segment-scans.ts';
import { spoolTar, type SpooledTar } from './spooled-tar.ts';
import type { BackupVerification } from './verification.ts';
import type { VerifyOptions } from './verify-backup.ts';

/** What a stream is called where a file would be named. */
export const STANDARD_INPUT = '-';

const STREAMED = 'it comes from standard input';
const UNCHECKED =
  'indexes that stand far from their segments in the tar are looked at by themselves: sort it by name, and they are held against them';

/**
 * Verifies a tar or tar.gz that comes by once, as `verifyBackup` does a file of it, in constant memory: events are read as they pass,
 * and everything else is laid down in a temporary folder. No node is started. Fails as `verifyBackup` and `spoolTar` do.
 */
export async function verifyStream(input: Readable, options: VerifyOptions = {}): Promise<BackupVerification> {
  const { isQuick = false, onProgress } = options;
  const budget = new ReadingBudget({ ...options, realTimeMs: () => performance.now() });
  // Where nothing comes, nobody would ask the budget.
  const stop = (): void => void input.destroy(interrupted());
  options.signal?.addEventListener('abort', stop);
  sweepAbandoned(os.tmpdir());
  const folder = makeTemporaryFolder(os.tmpdir(), 'verify');
  try {
    const onBytes = (bytes: number): void => onProgress?.(bytes, 0);
    const spooled = await spoolTar(input, { folder, budget, isQuick, onBytes });
    const found = await lookAtBackup(folder, budget, options.node);
    const { inventory } = found;
    const looked = {
      ...found,
      inventory: { ...inventory, unreadable: [...spooled.unreadable, ...inventory.unreadable] },
    };
    const segments = scannedIn(looked, spooled, isQuick);
    const scans = SegmentScans.of(segments, new Map(), budget);
    const openControlDb = async (zip: BackupFile | null): Promise<ExaminedControlDb> => openedControlDb(looked, zip);
    const backup = await examineBackup(looked.inventory, { ...looked, openControlDb, scans });
    const later = await findLaterLogs(looked.inventory, backup, scans);
    const counted = countedOutcome(backup, looked.contexts, isQuick ? QUICK : STREAMED);
    const isUnchecked = !isQuick && [...segments.values()].some((each) => each !== null && isOpenQuestion(each));
    const node = { ...counted, notes: isUnchecked ? [...counted.notes, UNCHECKED] : counted.notes };
    return concludeVerification({ path: STANDARD_INPUT, looked, backup, scans, later, node, isQuick }).verification;
  } finally {
    options.signal?.removeEventListener('abort', stop);
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function scannedIn(
  { inventory }: LookedBackup,
  { scans, places, checked, links }: SpooledTar,
  isQuick: boolean,
): ReadonlyMap<BackupFile, ScannedSegment | null> {
  const companionsOf = companionFinder(inventory.files);
  return new Map(
    inventory.files.flatMap((file): Array<readonly [BackupFile, ScannedSegment]> => {
      const scan = scans.get(file.path);
      if (file.what.kind !== 'segment' || scan === undefined) return [];
      const { type } = file.what;
      const companions = companionsOf(file);
      const beside = companions.flatMap(companionOf);
      // A link to a segment, with links to what lay beside that.
      const path = companions.every((each) => links.has(each.path)) ? (links.get(file.path) ?? file.path) : file.path;
      const isSound = scan.end !== 'broken' && scan.badChecksums.length === 0;
      if (isQuick) return [[file, { scan, index: glanceAtIndex(beside, type) }]];
      const index = checkIndex(beside, type, isSound ? places.of(path) : null);
      return [[file, { scan, index: asSeenBefore(index, checked.get(path)) }]];
    }),
  );
}

/** What was held against the events when those came by, is known. */
function asSeenBefore(index: CheckedIndex, before: CheckedIndex | undefined): CheckedIndex {
  if (before === undefined) return index;
  return {
    ...index,
    bloom: index.bloom === 'unchecked' && before.bloom !== 'missing' ? before.bloom : index.bloom,
    index: index.index === 'unchecked' && before.index !== 'missing' ? before.index : index.index,
  };
}

/** Sound events, and what lies beside them was not held against them. */
function isOpenQuestion({ scan, index }: ScannedSegment): boolean {
  const isSound = scan.end !== 'broken' && scan.badChecksums.length === 0;
  return isSound && (index.bloom === 'unchecked' || index.index === 'unchecked');
}
