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
import { checkIndex, type CheckedIndex } from './index-check.ts';
import { describeNotes, describeProblems, problemsOfNode } from './verification-problems.ts';
import { ReadingBudget, type ReadingLimits } from './reading-budget.ts';
import { describeControlDbs, describeLog, describeOutlook, describeStore } from './verified-parts.ts';
import type { BackupVerification } from './verification.ts';
import { withRestoredNode } from './restored-folder.ts';

export type { BackupVerification } from './verification.ts';

export interface VerifyOptions {
  /** What reading the backup may take; as the README states them unless given. */
  readonly limits?: Partial<ReadingLimits>;
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
  const budget = new ReadingBudget({ ...options, realTimeMs: () => performance.now() });
  const inventory = await readBackup(file, budget);
  const contexts = ownersIn(inventory, 'segment');
  const groups = ownersIn(inventory, 'log');
  const controlDbs = await describeControlDbs(inventory, budget);
  const newest = controlDbs.find(({ isNewest }) => isNewest)?.opened ?? null;
  for (const { group } of newest?.groups ?? []) if (!groups.includes(group)) groups.push(group);
  for (const context of newest?.configuration.contexts ?? []) if (!contexts.includes(context)) contexts.push(context);

  const checked = new Map<string, CheckedIndex>();
  const backup = await examineBackup(inventory, {
    contexts,
    groups,
    budget,
    keepsBlocks: false,
    visit: (segment, transactions, isSound) => {
      const { what, path: place } = segment.data;
      if (what.kind === 'segment') checked.set(place, checkIndex(segment, what.type, isSound ? transactions : null));
    },
  });
  const stores = backup.stores
    .filter(({ segments }) => segments.length > 0)
    .map((store) => describeStore(store, checked));
  const logs = backup.logs.filter(({ segments }) => segments.length > 0).map(describeLog);
  const isNothing = stores.length === 0 && logs.length === 0 && controlDbs.length === 0;
  const { outlook, nodeProblems } = await restore(backup, contexts, groups);
  const problems = [
    ...describeProblems(inventory, backup, stores, controlDbs),
    ...checkJoin(backup, contexts),
    ...nodeProblems,
  ];
  const verdict = problems.length > 0 ? 'inconsistent' : isNothing ? 'nothing-to-verify' : 'consistent';
  return {
    path: file,
    verdict,
    problems,
    notes: describeNotes(inventory, backup, stores),
    stores,
    logs,
    controlDbs: controlDbs.map(({ opened: _opened, ...described }) => described),
    restored: isNothing ? null : outlook,
  };
}

async function readBackup(file: string, budget: ReadingBudget): Promise<ReadBackup> {
  if (!fs.existsSync(file)) throw new AxonError('bad-option', `there is no file or folder ${file}`);
  const target = fs.realpathSync(file);
  if (target === path.parse(target).root) {
    throw new AxonError('bad-option', `${file} is the whole disk: name the folder that holds the backup`);
  }
  return readInventory(file, null, 0, { isOffline: true, budget });
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

/** Starts a node on the backup where its control database can be opened. */
async function restore(
  backup: ExaminedBackup,
  contexts: readonly string[],
  groups: readonly string[],
): Promise<Pick<Outcome, 'outlook' | 'nodeProblems'>> {
  const conclude = (node: RestoredNode | null): Outcome => ({
    outlook: describeOutlook(backup, node),
    nodeProblems: node === null ? [] : problemsOfNode(node, backup),
  });
  const { controlDb, selected } = backup;
  if (controlDb.state !== 'open') return conclude(null);
  sweepAbandoned(os.tmpdir());
  const workFolder = makeTemporaryFolder(os.tmpdir(), 'verify');
  try {
    const options = {
      selected,
      image: controlDb.image,
      contexts,
      groups,
      nodeName: null,
      logEnds: new Map(),
      nowMs: 0,
    };
    return await withRestoredNode({ ...options, workFolder }, conclude);
  } finally {
    fs.rmSync(workFolder, { recursive: true, force: true });
  }
}

interface Outcome {
  readonly outlook: NonNullable<BackupVerification['restored']>;
  readonly nodeProblems: BackupVerification['problems'];
}
