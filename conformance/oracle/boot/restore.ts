import type { AcknowledgedTransaction, ControlDbGroup, Ledger, RestoredNode } from '../../../server/index.ts';
import type { BackupInventory } from '../../journal/inventory.ts';
import type { Loss, Restoration, RestoredGroup, RestoreProblem } from '../../journal/restoration.ts';
import { compareStore, countLostChanges, findConflict, tokenBehind, type Comparison } from './compare.ts';
import {
  checkPointers,
  checkTokens,
  examineBackup,
  examineControlDb,
  groupsOf,
  neededToken,
  type ExaminedBackup,
} from '../examination/examine-backup.ts';
import type { ExaminedStore } from '../examination/examine-events.ts';
import type { ReadingBudget } from '../archives/reading-budget.ts';
import { SegmentScans } from '../examination/segment-scans.ts';
import { withRestoredNode } from './restored-folder.ts';
import { describeChoice } from '../examination/describe-choice.ts';

export interface AssessOptions {
  readonly inventory: BackupInventory;
  readonly budget: ReadingBudget;
  /** What the cluster has acknowledged up to now. */
  readonly ledger: Ledger;
  readonly contexts: readonly string[];
  /** Replication groups, `_admin` among them. */
  readonly groups: readonly string[];
  /** Virtual milliseconds since 1970: what was acknowledged by then must be there. */
  readonly beforeMs: number;
  /**
   * By group, the last entry that the log of the node had then, whose backup it is: what is behind that was acknowledged by
   * others, and no client could have had it from here. All of it unless given.
   */
  readonly logReached?: ReadonlyMap<string, number>;
  /** Whether a node of the release needs the log of a group, or starts without one; needed unless given. */
  readonly needsLog?: boolean;
  /** False where the client declares not to copy them: what the log still has of their events is then not lost. */
  readonly includesOpenSegments: boolean;
  /** A folder of its own is made in it, and stays for the caller to remove. */
  readonly workFolder: string;
  /** The node that was backed up, where the caller knows. */
  readonly nodeName?: string | null;
  /** Folder of the node for its snapshots; that of events unless given. */
  readonly snapshotStorage?: string;
}

const ADMIN_GROUP = '_admin';

/**
 * What a restore of a backup comes to: a node is started on it, applies its log, and is held against
 * the ledger. Everything that stands in the way is a problem, in the order of cause and effect; nothing of it fails.
 */
export async function assessRestore(options: AssessOptions): Promise<Restoration> {
  const { inventory, contexts, groups, workFolder, beforeMs } = options;
  const backup = await examineBackup(inventory, {
    contexts,
    groups,
    scans: new SegmentScans({ budget: options.budget, keepsAll: true }),
    openControlDb: (file) => examineControlDb(file, options.budget),
    firstTokenOf: (context) => options.ledger.firstTokenOf(context),
  });
  const known = groupsOf(backup, contexts);
  const agreement = findAgreement(backup, known, options.ledger);
  const { needsLog = true } = options;
  const found = [...checkFiles(backup), ...checkJoin(backup, known, options), ...agreement.problems].filter(
    ({ kind }) => needsLog || kind !== 'no-log',
  );
  const { controlDb, selected } = backup;
  if (controlDb.state !== 'open' || controlDb.content.engine !== 'sqlite') {
    return conclude(options, backup, known, found, null);
  }
  return withRestoredNode(
    {
      selected,
      image: controlDb.content.image,
      contexts,
      groups,
      nodeName: options.nodeName ?? null,
      logEnds: agreement.logEnds,
      firstTokens: new Map(contexts.map((context) => [context, options.ledger.firstTokenOf(context)])),
      nowMs: beforeMs,
      workFolder,
      ...(options.snapshotStorage === undefined ? {} : { snapshotStorage: options.snapshotStorage }),
    },
    (node) => conclude(options, backup, known, [...found, ...problemsOf(node, backup, found, needsLog)], node),
  );
}

function checkFiles({ controlDb, stores, logs }: ExaminedBackup): RestoreProblem[] {
  const problems: RestoreProblem[] = [];
  if (controlDb.state === 'missing') {
    const message = 'no zip of a control database is in the backup: without it nobody knows what of the log is applied';
    problems.push({ kind: 'no-control-db', where: 'control database', message });
  } else if (controlDb.state === 'unreadable') {
    problems.push({ kind: 'control-db-unreadable', where: controlDb.file.path, message: controlDb.message });
  } else if (controlDb.content.engine === 'h2') {
    const message = 'it is an H2 file, which no simulated node opens';
    problems.push({ kind: 'control-db-unreadable', where: controlDb.file.path, message });
  }
  return [...problems, ...stores.flatMap((store) => store.problems), ...logs.flatMap((log) => log.problems)];
}

/** Whether the log joins the control database, and the events do. */
function checkJoin(
  backup: ExaminedBackup,
  known: readonly ControlDbGroup[],
  { ledger }: AssessOptions,
): RestoreProblem[] {
  if (backup.controlDb.state !== 'open') {
    const absent = backup.logs.filter(({ segments }) => segments.length === 0);
    return absent.map(({ group }) => ({ kind: 'no-log', where: group, message: 'there is no log of the group' }));
  }
  const behind = backup.stores.flatMap((store) => {
    const group = known.find(({ contexts }) => contexts.includes(store.context));
    const appliedIndex = group?.appliedIndex ?? 0;
    const log = backup.logs.find((each) => each.group === group?.group);
    const acknowledged = tokenBehind(ledger.of(store.context, store.type), appliedIndex);
    return checkTokens(store, appliedIndex, neededToken(store, log, appliedIndex, acknowledged)) ?? [];
  });
  return [...checkPointers(backup.logs, known), ...behind];
}

/** Where the backup's logs and the cluster's part: above the commit index the cluster drops it, below it they diverge. */
function findAgreement(
  { logs }: ExaminedBackup,
  known: readonly ControlDbGroup[],
  ledger: Ledger,
): { readonly logEnds: ReadonlyMap<string, number>; readonly problems: readonly RestoreProblem[] } {
  const logEnds = new Map<string, number>();
  const problems: RestoreProblem[] = [];
  for (const { group, entries } of logs) {
    const { contexts = [], commitIndex = 0 } = known.find((each) => each.group === group) ?? {};
    const conflict = findConflict(entries, contexts, ledger);
    if (conflict === null) continue;
    if (conflict > commitIndex) {
      logEnds.set(group, conflict - 1);
      continue;
    }
    const message = `entry ${conflict} of the log is not the one that was committed there`;
    problems.push({ kind: 'diverges', where: group, message });
  }
  return { logEnds, problems };
}

/** What the started node says, where that was not seen already. */
function problemsOf(
  node: RestoredNode,
  { logs }: ExaminedBackup,
  found: readonly RestoreProblem[],
  needsLog: boolean,
): RestoreProblem[] {
  if (node.state === 'refused') return [{ kind: 'does-not-start', where: 'node', message: node.message }];
  return node.groups.flatMap(({ group, said }) =>
    said.flatMap(({ kind, message }): RestoreProblem[] => {
      if (kind === 'apply-failed') return [{ kind: 'apply-stopped', where: group, message }];
      if (kind === 'group-failed') {
        const isSeen = logs.find((log) => log.group === group)?.problems.some((each) => each.kind === 'log-unreadable');
        return isSeen === true ? [] : [{ kind: 'log-unreadable', where: group, message }];
      }
      const isAbsent = logs.every((log) => log.group !== group || log.segments.length === 0);
      if (isAbsent && !needsLog) return [];
      const isSeen = found.some((each) => each.where === group && /^no-log$|^log-/.test(each.kind));
      return isSeen ? [] : [{ kind: 'log-ends-too-early', where: group, message }];
    }),
  );
}

function conclude(
  options: AssessOptions,
  backup: ExaminedBackup,
  known: readonly ControlDbGroup[],
  found: readonly RestoreProblem[],
  node: RestoredNode | null,
): Restoration {
  const { ledger, beforeMs, groups, logReached } = options;
  const compared = backup.stores.map((store) => ({ store, ...compareWithLedger(store, backup, known, node, options) }));
  const diverging = compared.flatMap(({ store, divergence }): RestoreProblem[] =>
    divergence === null ? [] : [{ kind: 'diverges', where: store.context, message: divergence }],
  );
  const started = node?.state === 'started' ? node : null;
  const admin = known.find(({ group }) => group === ADMIN_GROUP);
  const applied = started?.groups.find(({ group }) => group === ADMIN_GROUP)?.appliedIndex ?? 0;
  const { controlDb } = backup;
  const ours = controlDb.state === 'open' && controlDb.content.engine === 'sqlite' ? controlDb.content : null;
  const stored = ours?.configuration ?? null;
  const configuration = started?.configuration ?? stored;
  return {
    choice: describeChoice(backup.selected),
    problems: [...found, ...diverging],
    groups: groups.map((group) => describeGroup(group, backup, known)),
    stores: compared.map(({ store: { context, type }, firstToken, nextToken }) => ({
      context,
      type,
      firstToken,
      nextToken,
    })),
    losses: compared.flatMap(({ losses }) => losses),
    stranded: found.length === 0 ? [] : compared.flatMap((each) => each.stranded()),
    lostChanges: countLostChanges(
      // Of a server that is no member of a cluster the one context is no configuration.
      ledger.changes.filter(({ type }) => groups.length > 0 || type !== 'ADD_CONTEXT'),
      configuration,
      { beforeMs, reachedIndex: logReached?.get(ADMIN_GROUP) ?? Number.POSITIVE_INFINITY },
      {
        appliedIndex: groups.length === 0 ? Number.POSITIVE_INFINITY : Math.max(applied, admin?.appliedIndex ?? 0),
        logged: backup.logs.find(({ group }) => group === ADMIN_GROUP)?.entries ?? [],
      },
    ),
  };
}

function describeGroup(group: string, { logs }: ExaminedBackup, known: readonly ControlDbGroup[]): RestoredGroup {
  const { firstIndex = 0, lastIndex = 0, entries = [] } = logs.find((log) => log.group === group) ?? {};
  const { contexts = [], commitIndex = 0, appliedIndex = 0 } = known.find((each) => each.group === group) ?? {};
  const from = Math.min(firstIndex === 0 ? Number.POSITIVE_INFINITY : firstIndex, appliedIndex + 1);
  const held = new Set(entries.map(({ index }) => index)).size;
  const missingEntries = Math.max(0, Math.max(lastIndex, commitIndex) - from + 1 - held);
  return { group, contexts, firstIndex, lastIndex, commitIndex, appliedIndex, missingEntries };
}

interface StoreOutcome extends Comparison {
  /** What came later and is in the log, or before it, and not in the store. */
  readonly stranded: () => readonly Loss[];
  readonly firstToken: bigint;
  readonly nextToken: bigint;
}

/** What the store holds after the log was applied; where no node runs with it, what the files hold. */
function compareWithLedger(
  store: ExaminedStore,
  backup: ExaminedBackup,
  known: readonly ControlDbGroup[],
  node: RestoredNode | null,
  { ledger, beforeMs, logReached, includesOpenSegments }: AssessOptions,
): StoreOutcome {
  const { context, type } = store;
  const stores = node?.state === 'started' ? node.stores : [];
  const restored = stores.find((each) => each.context === context && each.type === type);
  const appended = restored === undefined ? [] : restored.blocksFrom(restored.before.nextToken);
  const group = known.find(({ contexts }) => contexts.includes(context))?.group;
  const reached = (group === undefined ? undefined : logReached?.get(group)) ?? Number.POSITIVE_INFINITY;
  const log = backup.logs.find((each) => each.group === group);
  const logged = new Map(log?.entries.map(({ index, payload }) => [index, payload]));
  const canLogBring = !includesOpenSegments && backup.controlDb.state === 'open';
  const canBring = ({ logIndex, checksum }: AcknowledgedTransaction): boolean => {
    const payload = canLogBring ? logged.get(logIndex) : undefined;
    return payload?.kind === 'append' && payload.checksum === checksum;
  };
  const blocks = [...store.blocks, ...appended];
  const common = { context, type, ledger: ledger.of(context, type), blocks, asOfMs: beforeMs };
  const comparison = compareStore({
    ...common,
    isWanted: (transaction) =>
      transaction.atMs <= beforeMs && transaction.logIndex <= reached && !canBring(transaction),
  });
  const stranded = (): readonly Loss[] => {
    if (canLogBring) return [];
    if (node?.state === 'started') {
      const lastIndex = log?.lastIndex ?? 0;
      return compareStore({ ...common, isWanted: ({ atMs, logIndex }) => atMs > beforeMs && logIndex <= lastIndex })
        .losses;
    }
    const isLost = ({ firstToken }: AcknowledgedTransaction): boolean =>
      comparison.losses.some((loss) => firstToken >= loss.firstToken && firstToken <= loss.lastToken);
    const isWanted = (transaction: AcknowledgedTransaction): boolean =>
      transaction.atMs <= beforeMs && !isLost(transaction);
    return compareStore({ ...common, blocks: [], isWanted }).losses;
  };
  const { firstToken, nextToken } = restored?.after ?? store;
  return { ...comparison, stranded, firstToken, nextToken };
}
