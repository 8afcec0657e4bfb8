import type {
  AcknowledgedTransaction,
  ConfiguredNames,
  EventType,
  Ledger,
  StoredBlock,
  TransactionLedger,
  TransactionVersion,
} from '../../../server/index.ts';
import type { Loss } from '../../journal/restoration.ts';
import type { LoggedEntry } from '../examination/examine-log.ts';
import { groupBy } from '../backup/group-by.ts';

/** What a store holds, against what was acknowledged. */
export interface Comparison {
  readonly losses: readonly Loss[];
  /** What is at a token where something else was acknowledged, or null where nothing is. */
  readonly divergence: string | null;
}

export interface CompareOptions {
  readonly context: string;
  readonly type: EventType;
  readonly ledger: TransactionLedger;
  readonly blocks: readonly StoredBlock[];
  /** Whether it counts as lost that the transaction is not there. */
  readonly isWanted: (transaction: AcknowledgedTransaction) => boolean;
  /** Virtual milliseconds since 1970: what a transformation had deleted on every node before that must not be there. */
  readonly asOfMs: number;
}

/** Holds a store against the ledger, whose word counts: what is missing, and whether what is there is the same. */
export function compareStore({ context, type, ledger, blocks, isWanted, asOfMs }: CompareOptions): Comparison {
  const byToken = groupBy(blocks, ({ firstToken }) => firstToken);
  const losses: Loss[] = [];
  let hole: AcknowledgedTransaction[] = [];
  let divergence: string | null = null;
  let matchedBlocks = 0;
  const endHole = (): void => {
    if (hole.length > 0) losses.push(lossOf(context, type, hole));
    hole = [];
  };
  for (let place = 0; place < ledger.length; place++) {
    const transaction = ledger.at(place);
    const { good, outdated } = checksumsOf(ledger, place, asOfMs);
    const matched = matchBlocks(transaction, byToken, good);
    matchedBlocks += matched.blocks;
    if (matched.isSame) {
      endHole();
      continue;
    }
    if (matched.differs && matchBlocks(transaction, byToken, outdated).isSame) {
      endHole();
      divergence ??= `at token ${transaction.firstToken} of ${type} it holds events that a transformation had deleted`;
      continue;
    }
    if (matched.differs) {
      divergence ??= `at token ${transaction.firstToken} of ${type} it holds other events than those that were acknowledged`;
    }
    if (isWanted(transaction)) hole.push(transaction);
    else endHole();
  }
  endHole();
  divergence ??= findStray(type, ledger, blocks, matchedBlocks);
  return { losses, divergence };
}

/**
 * Checksums under which the transaction at a place may be found, and those that it has no more: a version counts once
 * every node has it, since before that a correct backup may hold the one or the other.
 */
function checksumsOf(
  ledger: TransactionLedger,
  place: number,
  asOfMs: number,
): { readonly good: readonly number[]; readonly outdated: readonly number[] } {
  const versions = ledger.versionsAt(place);
  const checksums = [ledger.at(place).checksum, ...versions.map(({ checksum }) => checksum)];
  const isDue = ({ everywhereSinceMs }: TransactionVersion): boolean =>
    everywhereSinceMs !== null && everywhereSinceMs < asOfMs;
  const required = versions.findLastIndex(isDue) + 1;
  return { good: checksums.slice(required), outdated: checksums.slice(0, required) };
}

/** Whether the blocks at the transaction's token are those of it; a large one has several, the last one's checksum is its own. */
function matchBlocks(
  { firstToken, eventCount }: AcknowledgedTransaction,
  byToken: ReadonlyMap<bigint, readonly StoredBlock[]>,
  checksums: readonly number[],
): { readonly isSame: boolean; readonly differs: boolean; readonly blocks: number } {
  let blocks = 0;
  let left = eventCount;
  for (let token = firstToken; left > 0;) {
    const candidates = byToken.get(token) ?? [];
    blocks += candidates.length;
    const fitting = candidates.filter((block) => block.eventCount <= left);
    const found = fitting.find((block) => block.eventCount < left || checksums.includes(block.checksum));
    if (found === undefined) return { isSame: false, differs: candidates.length > 0, blocks };
    left -= found.eventCount;
    token += BigInt(found.eventCount);
  }
  return { isSame: true, differs: false, blocks };
}

/** Blocks that begin where no acknowledged transaction does, within what the ledger knows. */
function findStray(
  type: EventType,
  ledger: TransactionLedger,
  blocks: readonly StoredBlock[],
  matchedBlocks: number,
): string | null {
  const { nextToken } = ledger;
  if (nextToken === null) return null;
  const knownFrom = ledger.at(0).firstToken;
  const known = blocks.filter(({ firstToken }) => firstToken >= knownFrom && firstToken < nextToken);
  if (known.length <= matchedBlocks) return null;
  const starts = new Set<bigint>();
  for (const { firstToken } of transactionsOf(ledger)) starts.add(firstToken);
  const stray = known.find(({ firstToken }) => !starts.has(firstToken));
  return stray === undefined
    ? null
    : `at token ${stray.firstToken} of ${type} a transaction begins that was never acknowledged`;
}

function lossOf(context: string, type: EventType, hole: readonly AcknowledgedTransaction[]): Loss {
  const first = hole[0];
  const last = hole.at(-1);
  if (first === undefined || last === undefined) throw new Error('a hole has something that is missing');
  return {
    context,
    type,
    events: hole.reduce((sum, { eventCount }) => sum + eventCount, 0),
    firstToken: first.firstToken,
    lastToken: last.firstToken + BigInt(last.eventCount) - 1n,
    fromMs: first.atMs,
    virtualMs: last.atMs - first.atMs,
  };
}

/** What of the configuration is owed: changes of before, as far as the log of the node had them. */
export interface OwedChanges {
  readonly beforeMs: number;
  readonly reachedIndex: number;
}

/** How far a restored node has come with the configuration, and what the log in the backup has brought it. */
export interface AppliedChanges {
  readonly appliedIndex: number;
  readonly logged: readonly LoggedEntry[];
}

/** Changes that were acknowledged in time and do not show in the restored configuration. */
export function countLostChanges(
  changes: Ledger['changes'],
  restored: ConfiguredNames | null,
  { beforeMs, reachedIndex }: OwedChanges,
  { appliedIndex, logged }: AppliedChanges,
): number {
  const inTime = changes.filter(({ atMs, logIndex }) => atMs <= beforeMs && logIndex <= reachedIndex);
  if (restored === null) return inTime.length;
  const names = new Set([...restored.contexts, ...restored.applications, ...restored.users]);
  // What was made and, as far as the node has come, deleted again is rightly not there; a leader that applies nothing has
  // acknowledged no deletion yet that is committed, and in the log.
  const committed = logged.flatMap(({ index, payload }) =>
    payload.kind === 'change' ? [{ type: payload.change, logIndex: index, name: payload.name }] : [],
  );
  const deleted = new Set(
    [...changes, ...committed]
      .filter(({ type, logIndex }) => isDeletion(type) && logIndex <= appliedIndex)
      .map(({ name }) => name),
  );
  return inTime.filter(({ type, name }) =>
    isDeletion(type) ? names.has(name) : !names.has(name) && !deleted.has(name),
  ).length;
}

function isDeletion(type: string): boolean {
  return type.startsWith('DELETE_');
}

/**
 * The first index at which a log of a backup and the cluster's are not the same, or null. Where that lies above the
 * commit index, the entry was never confirmed, and the cluster makes a node that comes back with it drop it.
 */
export function findConflict(
  entries: readonly LoggedEntry[],
  contexts: readonly string[],
  ledger: Ledger,
): number | null {
  const committed = new Map<number, { readonly owner: string; readonly transaction: AcknowledgedTransaction }>();
  // The ledger begins with the process, and ends with what is acknowledged: only in between its silence says something.
  let from = Number.POSITIVE_INFINITY;
  let to = 0;
  for (const context of contexts) {
    for (const type of ['EVENT', 'SNAPSHOT'] as const) {
      const store = ledger.of(context, type);
      if (store.length === 0) continue;
      from = Math.min(from, store.at(0).logIndex);
      to = Math.max(to, store.at(store.length - 1).logIndex);
      for (let place = placeBehind(store, (entries[0]?.index ?? 0) - 1); place < store.length; place++) {
        const transaction = store.at(place);
        committed.set(transaction.logIndex, { owner: `${type}/${context}`, transaction });
      }
    }
  }
  for (const { index, payload } of entries) {
    if (index < from || index > to || payload.kind === 'damaged') continue;
    const expected = committed.get(index);
    if (payload.kind !== 'append') {
      if (expected !== undefined) return index;
      continue;
    }
    const isSame =
      expected?.owner === `${payload.type}/${payload.context}` &&
      payload.firstToken === expected.transaction.firstToken &&
      payload.eventCount === expected.transaction.eventCount &&
      payload.checksum === expected.transaction.checksum;
    if (!isSame) return index;
  }
  return null;
}

/** Token behind all that entries up to an index have brought, as the ledger knows it; null where it knows none. */
export function tokenBehind(ledger: TransactionLedger, index: number): bigint | null {
  const place = placeBehind(ledger, index) - 1;
  if (place < 0) return null;
  const { firstToken, eventCount } = ledger.at(place);
  return firstToken + BigInt(eventCount);
}

/** Number of transactions up to an index of the log; both ascend. */
function placeBehind(ledger: TransactionLedger, index: number): number {
  let low = 0;
  let high = ledger.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ledger.at(middle).logIndex <= index) low = middle + 1;
    else high = middle;
  }
  return low;
}

function* transactionsOf(ledger: TransactionLedger): Generator<AcknowledgedTransaction> {
  for (let place = 0; place < ledger.length; place++) yield ledger.at(place);
}
