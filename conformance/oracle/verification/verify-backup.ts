import os from 'node:os';
import type { BackupFile, BackupInventory } from '../../journal/inventory.ts';
import { concludeVerification, type Concluded } from './conclude-verification.ts';
import type { ControlDbContent } from '../backup/control-db-content.ts';
import { examineBackup, type ExaminedControlDb } from '../examination/examine-backup.ts';
import { findLaterLogs } from './later-logs.ts';
import { lookAtBackup, openedControlDb, type LookedBackup } from './looked-backup.ts';
import { startNode } from './node-outcome.ts';
import { ReadingBudget, type ReadingLimits } from '../archives/reading-budget.ts';
import { SegmentScans } from '../examination/segment-scans.ts';
import type { SelectedBackup } from '../examination/select-backup.ts';
import type { BackupVerification } from './verification.ts';

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
export interface VerifiedSelection extends Concluded {
  readonly inventory: BackupInventory;
  readonly selected: SelectedBackup;
  /** The control database that goes with it; null where none opens. */
  readonly controlDb: ControlDbContent | null;
}

/** Verifies as `verifyBackup` does, and gives what it has read for a restore to go on with. */
export async function verifyAndSelect(file: string, options: VerifyOptions = {}): Promise<VerifiedSelection> {
  const budget = new ReadingBudget({ ...options, realTimeMs: () => performance.now() });
  const looked = await lookAtBackup(file, budget, options.node);
  const scans = scansFor(looked, budget, options);
  return verifyLooked(file, looked, scans, budget, options.isQuick ?? false);
}

/** What reads the segments of a backup, and tells how far it has come. */
export function scansFor({ inventory }: LookedBackup, budget: ReadingBudget, options: VerifyOptions): SegmentScans {
  const { isQuick = false, jobs = os.availableParallelism(), onProgress } = options;
  const allBytes = inventory.files.reduce(
    (sum, { what, sizeBytes }) => (what.kind === 'segment' || what.kind === 'log' ? sum + sizeBytes : sum),
    0,
  );
  let doneBytes = 0;
  const onBytes = (bytes: number): void => onProgress?.((doneBytes += bytes), allBytes);
  return new SegmentScans({ budget, keepsAll: false, jobs, isQuick, onBytes });
}

async function verifyLooked(
  path: string,
  looked: LookedBackup,
  scans: SegmentScans,
  budget: ReadingBudget,
  isQuick: boolean,
): Promise<VerifiedSelection> {
  const { inventory, contexts, groups } = looked;
  const openControlDb = async (zip: BackupFile | null): Promise<ExaminedControlDb> => openedControlDb(looked, zip);
  const backup = await examineBackup(inventory, { contexts, groups, openControlDb, scans });
  const later = await findLaterLogs(inventory, backup, scans);
  const node = await startNode(backup, looked, budget.limits, isQuick);
  const concluded = concludeVerification({ path, looked, backup, scans, later, node, isQuick });
  const { controlDb, selected } = backup;
  return { ...concluded, inventory, selected, controlDb: controlDb.state === 'open' ? controlDb.content : null };
}
