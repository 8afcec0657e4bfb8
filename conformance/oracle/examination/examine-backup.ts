import { AxonError, type ControlDbGroup } from '../../../server/index.ts';
import type { BackupFile, BackupInventory } from '../../journal/inventory.ts';
import type { RestoreProblem } from '../../journal/restoration.ts';
import { ArchiveError } from '../archives/archive-entry.ts';
import { readControlDbZip, type ControlDbContent } from '../backup/control-db-content.ts';
import { chooseBackup } from './choose-backup.ts';
import { examineStore, readOrNull, type ExaminedStore } from './examine-events.ts';
import { examineLog, type ExaminedLog } from './examine-log.ts';
import type { SelectedBackup } from './select-backup.ts';
import type { SegmentScans } from './segment-scans.ts';
import type { ReadingBudget } from '../archives/reading-budget.ts';

/** The control database that a restore would use. */
export type ExaminedControlDb =
  | { readonly state: 'missing' }
  | { readonly state: 'unreadable'; readonly file: BackupFile; readonly message: string }
  | { readonly state: 'open'; readonly file: BackupFile; readonly content: ControlDbContent };

/** What a restore would take from a backup, and how it looks by itself. */
export interface ExaminedBackup {
  readonly selected: SelectedBackup;
  readonly controlDb: ExaminedControlDb;
  readonly logs: readonly ExaminedLog[];
  readonly stores: readonly ExaminedStore[];
}

export interface ExamineBackupOptions {
  readonly contexts: readonly string[];
  readonly groups: readonly string[];
  /** Opens the database that a restore takes. */
  readonly openControlDb: (file: BackupFile | null) => Promise<ExaminedControlDb>;
  readonly scans: SegmentScans;
  /** Where the stores of a context begin; at 0 unless given. */
  readonly firstTokenOf?: (context: string) => bigint;
}

/** Reads all that a restore would take. Nothing is started. */
export async function examineBackup(
  inventory: BackupInventory,
  options: ExamineBackupOptions,
): Promise<ExaminedBackup> {
  const { openControlDb, scans } = options;
  const selected = await chooseBackup(inventory, options);
  const controlDb = await openControlDb(selected.controlDb);
  const appliedOf = (group: string): readonly number[] =>
    controlDb.state === 'open'
      ? controlDb.content.groups.filter((each) => each.group === group).map(({ appliedIndex }) => appliedIndex)
      : [];
  await scans.readLogs(
    selected.logs.flatMap(({ group, segments }) =>
      segments.map((each) => ({ ...each, group, splitBehind: [0, ...appliedOf(group)] })),
    ),
  );
  await scans.readSegments(
    selected.stores.flatMap(({ type, segments }) => segments.map((each) => ({ selected: each, type }))),
  );
  const logs = selected.logs.map((log) => examineLog(log, ({ file }) => scans.logOf(file)));
  const stores = selected.stores.map((store) =>
    examineStore(store, { ...options, scanOf: ({ data }) => scans.segmentOf(data)?.scan ?? null }),
  );
  return { selected, controlDb, logs, stores };
}

/** Opens the database in a zip, also a real server's; of all zips together it unpacks as much as the budget has left. */
export async function examineControlDb(file: BackupFile | null, budget: ReadingBudget): Promise<ExaminedControlDb> {
  if (file === null) return { state: 'missing' };
  const bytes = readOrNull(file);
  if (bytes === null) return { state: 'unreadable', file, message: 'the file cannot be read any more' };
  try {
    return { state: 'open', file, content: await readControlDbZip(bytes, budget, file.name) };
  } catch (error) {
    if (!(error instanceof AxonError) && !(error instanceof ArchiveError)) throw error;
    return { state: 'unreadable', file, message: error.message };
  }
}

/** What is known of a group: from the control database, or that a context of its name is its only one. */
export function groupsOf({ controlDb, logs }: ExaminedBackup, contexts: readonly string[]): readonly ControlDbGroup[] {
  const known = controlDb.state === 'open' ? controlDb.content.groups : [];
  const owned = new Set(known.flatMap((group) => group.contexts));
  const names = new Set([...logs.map(({ group }) => group), ...known.map(({ group }) => group)]);
  return [...names].map((name) => {
    const group = known.find((each) => each.group === name);
    const ownName = contexts.filter((context) => context === name && !owned.has(context));
    return {
      group: name,
      commitIndex: group?.commitIndex ?? 0,
      appliedIndex: group?.appliedIndex ?? 0,
      nodeIds: group?.nodeIds ?? [],
      members: group?.members ?? [],
      contexts: [...(group?.contexts ?? []), ...ownName],
    };
  });
}

/** For each group: first log index ≤ applied + 1, last ≥ commit and ≥ applied (docs/backup-endpoints.md, section 5.4). */
export function checkPointers(logs: readonly ExaminedLog[], groups: readonly ControlDbGroup[]): RestoreProblem[] {
  return logs.flatMap((log): RestoreProblem[] => {
    const { group, firstIndex, lastIndex } = log;
    const { commitIndex = 0, appliedIndex = 0 } = groups.find((each) => each.group === group) ?? {};
    if (log.segments.length === 0) {
      const message = `there is no log; the control database has applied it up to ${appliedIndex}, and would start over at 0`;
      return [{ kind: 'no-log', where: group, message }];
    }
    const problems: RestoreProblem[] = [];
    if (firstIndex > appliedIndex + 1) {
      const missing = `entries ${appliedIndex + 1} to ${firstIndex - 1}`;
      const message = `the log begins at ${firstIndex}, the control database has applied up to ${appliedIndex}: ${missing} are nowhere`;
      problems.push({ kind: 'log-starts-too-late', where: group, message });
    }
    if (lastIndex < Math.max(commitIndex, appliedIndex) && log.segments.at(-1)?.end !== 'broken') {
      const message = `the log ends at ${lastIndex}, the control database has committed up to ${commitIndex} and applied up to ${appliedIndex}`;
      problems.push({ kind: 'log-ends-too-early', where: group, message });
    }
    return problems;
  });
}

/**
 * The token that a store must have come to for the control database's word to be true: that behind all that the entries
 * up to the applied index have brought. `known` is what else tells it. 0 where nothing does.
 */
export function neededToken(
  { context, type }: Pick<ExaminedStore, 'context' | 'type'>,
  log: ExaminedLog | undefined,
  appliedIndex: number,
  known: bigint | null,
): bigint {
  let needed = known ?? 0n;
  // Where the log begins only later, what it begins with came behind entries of which nothing is known.
  if (log !== undefined && log.firstIndex > appliedIndex + 1) return needed;
  for (const run of log?.runs ?? []) {
    if (run.context !== context || run.type !== type) continue;
    // No run lies across the applied index.
    const isApplied = run.fromIndex <= appliedIndex;
    const token = isApplied ? run.nextToken : run.firstToken;
    if (token > needed) needed = token;
    if (!isApplied) break;
  }
  return needed;
}

/** Null where the store has come as far as it must. */
export function checkTokens(store: ExaminedStore, appliedIndex: number, needed: bigint): RestoreProblem | null {
  const { context, type, nextToken, segments } = store;
  if (nextToken >= needed || segments.at(-1)?.end === 'broken') return null;
  const has = segments.length === 0 ? 'there are no segments' : `the segments end before token ${nextToken}`;
  const message = `${has}, but the control database counts what comes before token ${needed} of ${type} as applied (entries up to ${appliedIndex}): the log does not bring it again`;
  return { kind: 'events-behind-control-db', where: context, message };
}
