import type { BackupFile } from '../../journal/inventory.ts';
import { examineBackup, type ExaminedControlDb } from '../examination/examine-backup.ts';
import { examineStore } from '../examination/examine-events.ts';
import { examineLog } from '../examination/examine-log.ts';
import { lookAtBackup, openedControlDb, type LookedBackup } from './looked-backup.ts';
import { needsNode, startNode, type NodeOutcome } from './node-outcome.ts';
import { ReadingBudget } from '../archives/reading-budget.ts';
import { companionFinder } from '../examination/select-backup.ts';
import type { LogTask, SegmentScans, SegmentTask } from '../examination/segment-scans.ts';
import type { VerificationProblem } from './verification.ts';
import { encodePart, filesOfPart, fingerprintOf, type PartNumber, type VerificationPart } from './verification-part.ts';
import { scansFor, type VerifyOptions } from './verify-backup.ts';

/**
 * Reads a part of a backup's segments; `mergeParts` makes one verification of all parts. Fails as `verifyBackup` does. Where a
 * node has to be started, as on a simulated server's backup, the first part reads all of it.
 */
export async function verifyPart(
  file: string,
  shard: PartNumber,
  options: VerifyOptions = {},
): Promise<VerificationPart> {
  const budget = new ReadingBudget({ ...options, realTimeMs: () => performance.now() });
  const looked = await lookAtBackup(file, budget, options.node);
  const scans = scansFor(looked, budget, options);
  const { isQuick = false } = options;
  const files = filesOfPart(looked.inventory, shard);
  const segments = segmentTasks(looked, files);
  const logs = logTasks(looked, files);
  await scans.readLogs(logs);
  await scans.readSegments(segments);
  const node = shard.index === 1 ? await nodeOn(looked, scans, budget, isQuick) : null;
  const facts = {
    path: file,
    shard,
    isQuick,
    backup: fingerprintOf(looked.inventory),
    read: { files: files.length, bytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) },
    problems: [
      ...segments.flatMap((task) => problemsOf(task, scans)),
      ...logs.flatMap((task) => problemsIn(task, scans)),
    ],
  };
  return encodePart(facts, {
    segments: new Map(segments.map(({ selected: { data } }) => [data.path, scans.segmentOf(data)])),
    logs: new Map(logs.map((log) => [log.file.path, scans.logOf(log.file)?.scan ?? null])),
    looked: shard.index === 1 ? looked : null,
    node,
  });
}

function segmentTasks({ inventory }: LookedBackup, files: readonly BackupFile[]): SegmentTask[] {
  const companionsOf = companionFinder(inventory.files);
  return files.flatMap((data): SegmentTask[] => {
    const { what } = data;
    if (what.kind !== 'segment' || what.context === null) return [];
    return [{ selected: { segment: what.segment, data, companions: companionsOf(data) }, type: what.type }];
  });
}

/** Whichever database is taken in the end, no run lies across its applied index. */
function logTasks({ zips }: LookedBackup, files: readonly BackupFile[]): LogTask[] {
  return files.flatMap((file): LogTask[] => {
    const { what } = file;
    if (what.kind !== 'log' || what.group === null) return [];
    const { group, firstIndex } = what;
    const known = zips.flatMap(({ groups }) => groups.filter((each) => each.group === group));
    return [{ group, firstIndex, file, splitBehind: [0, ...known.map(({ appliedIndex }) => appliedIndex)] }];
  });
}

async function nodeOn(
  looked: LookedBackup,
  scans: SegmentScans,
  budget: ReadingBudget,
  isQuick: boolean,
): Promise<NodeOutcome | null> {
  // Which one is taken shows when all is read: that is done where one of them may need a node.
  if (isQuick || !looked.zips.some(({ engine }) => engine?.name === 'sqlite')) return null;
  const openControlDb = async (zip: BackupFile | null): Promise<ExaminedControlDb> => openedControlDb(looked, zip);
  const backup = await examineBackup(looked.inventory, { ...looked, openControlDb, scans });
  return needsNode(backup, isQuick) ? startNode(backup, looked, budget.limits, isQuick) : null;
}

function problemsOf({ selected, type }: SegmentTask, scans: SegmentScans): readonly VerificationProblem[] {
  const { what } = selected.data;
  const context = what.kind === 'segment' ? (what.context ?? '') : '';
  const scanOf = (): ReturnType<Parameters<typeof examineStore>[1]['scanOf']> =>
    scans.segmentOf(selected.data)?.scan ?? null;
  const alone = { context, type, segments: [selected] };
  const { problems, oddities } = examineStore(alone, { firstTokenOf: () => selected.segment, scanOf });
  return [...problems, ...oddities];
}

function problemsIn({ group, firstIndex, file }: LogTask, scans: SegmentScans): readonly VerificationProblem[] {
  const { problems, oddities } = examineLog({ group, segments: [{ firstIndex, file }] }, () => scans.logOf(file));
  return [...problems, ...oddities];
}
