import * as fs from 'node:fs';
import os from 'node:os';
import { sweepAbandoned } from '../../../folders/sweep.ts';
import { makeTemporaryFolder } from '../../../folders/temporary-folder.ts';
import type { RestoredNode } from '../../../server/index.ts';
import type { ExaminedBackup } from '../examination/examine-backup.ts';
import type { LookedBackup } from './looked-backup.ts';
import type { ReadingLimits } from '../archives/reading-budget.ts';
import { replayLogs } from './replayed-log.ts';
import { withRestoredNode } from '../boot/restored-folder.ts';
import type { BackupVerification } from './verification.ts';
import { problemsOfNode } from './verification-problems.ts';
import { describeOutlook } from './verified-parts.ts';

/** Why a quick look starts none. */
export const QUICK = 'this is a quick look';

/** What a node comes to that starts on a backup; plain data. */
export interface NodeOutcome {
  readonly outlook: NonNullable<BackupVerification['restored']>;
  readonly problems: BackupVerification['problems'];
  readonly notes: readonly string[];
}

/** Whether it takes a start of a node to tell: where the control database is one of ours, and segments are not too large. */
export function needsNode({ controlDb }: Pick<ExaminedBackup, 'controlDb'>, isQuick: boolean): boolean {
  return !isQuick && controlDb.state === 'open' && controlDb.content.engine === 'sqlite';
}

/** Starts a node on the backup where it takes that, and counts files and log where none is started. */
export async function startNode(
  backup: ExaminedBackup,
  { contexts, groups }: Pick<LookedBackup, 'contexts' | 'groups'>,
  limits: ReadingLimits,
  isQuick: boolean,
): Promise<NodeOutcome> {
  const { controlDb, selected } = backup;
  if (controlDb.state !== 'open' || !needsNode(backup, isQuick) || beyondNode(backup, limits) !== null) {
    return countedOutcome(backup, contexts, isQuick ? QUICK : beyondNode(backup, limits));
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
    return await withRestoredNode({ ...options, workFolder }, (node) => outcomeOf(node, backup));
  } finally {
    fs.rmSync(workFolder, { recursive: true, force: true });
  }
}

/** The same without a node, by files and log; `reason` says why one that could be started was not. */
export function countedOutcome(
  backup: ExaminedBackup,
  contexts: readonly string[],
  reason: string | null,
): NodeOutcome {
  const { controlDb } = backup;
  if (controlDb.state !== 'open') return outcomeOf(null, backup);
  const isNoted = controlDb.content.engine === 'sqlite' && reason !== null;
  const notes = isNoted ? [`no node was started on it: ${reason}; files and log are counted instead`] : [];
  return { ...replayLogs(backup, contexts), notes };
}

function outcomeOf(node: RestoredNode | null, backup: ExaminedBackup): NodeOutcome {
  const problems = node === null ? [] : problemsOfNode(node, backup);
  return { outlook: describeOutlook(backup, node), problems, notes: [] };
}

/** What a simulated node, which has its segments in memory as a whole, is not started on; null where it is. */
export function beyondNode({ logs, stores }: ExaminedBackup, limits: ReadingLimits): string | null {
  const entries = logs.flatMap(({ segments }) => segments.map((each) => each.lastIndex + 1 - each.firstIndex));
  const events = stores.flatMap(({ segments }) => segments.map((each) => Number(each.nextToken - each.segment)));
  if (events.some((count) => count > limits.events)) return `a segment holds more than ${limits.events} events`;
  if (entries.some((count) => count > limits.logEntriesAtOnce)) {
    return `a segment of a log holds more than ${limits.logEntriesAtOnce} entries`;
  }
  const all = entries.reduce((sum, count) => sum + count, 0);
  return all > limits.logEntries ? `its logs hold more than ${limits.logEntries} entries` : null;
}
