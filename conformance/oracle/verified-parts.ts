import type { RestoredNode } from '../../server/index.ts';
import type { BackupInventory } from '../journal/inventory.ts';
import { examineControlDb, type ExaminedBackup, type ExaminedControlDb } from './examine-backup.ts';
import type { ExaminedStore } from './examine-events.ts';
import type { ExaminedLog } from './examine-log.ts';
import type { CheckedIndex } from './index-check.ts';
import type { ReadingBudget } from './reading-budget.ts';
import { newestControlDb } from './newest-control-db.ts';
import type { Range, RestoreOutlook, VerifiedControlDb, VerifiedLog, VerifiedStore } from './verification.ts';

/** The indexes of closed segments count; `checked` has them by the path of the data file. */
export function describeStore(store: ExaminedStore, checked: ReadonlyMap<string, CheckedIndex>): VerifiedStore {
  const { context, type, segments, firstToken, nextToken } = store;
  // The highest segment is closed only where it has its index; without one it is gone on with.
  const closed = segments.flatMap(({ file, nextToken: next, segment }, place) => {
    const found = checked.get(file.path);
    if (found === undefined || next === segment) return [];
    const hasNone = found.index === 'missing' && found.bloom === 'missing';
    return place === segments.length - 1 && hasNone ? [] : [found];
  });
  return {
    context,
    type,
    segments: segments.length,
    events: segments.reduce((sum, each) => sum + Number(each.nextToken - each.segment), 0),
    tokens: rangeOf(Number(firstToken), Number(nextToken)),
    ...joints(
      segments.map(({ segment, nextToken: next, end }) => [Number(segment), Number(next), end === 'broken']),
      0,
    ),
    hasTornTail: segments.at(-1)?.isTorn === true,
    badChecksums: segments.flatMap(({ badChecksums }) => badChecksums.map(Number)),
    unreadable: segments.filter(({ end }) => end === 'broken').map(({ file }) => file.path),
    indexes: tally(closed.map(({ index }) => index)),
    blooms: tally(closed.map(({ bloom }) => bloom)),
  };
}

export function describeLog({ group, segments, firstIndex, lastIndex }: ExaminedLog): VerifiedLog {
  return {
    group,
    segments: segments.length,
    entries: segments.reduce((sum, each) => sum + each.lastIndex + 1 - each.firstIndex, 0),
    indexes: rangeOf(firstIndex, lastIndex + 1),
    ...joints(
      segments.map((each) => [each.firstIndex, each.lastIndex + 1, each.end === 'broken']),
      firstIndex,
    ),
    badChecksums: segments.flatMap(({ badChecksums }) => badChecksums),
    unreadable: segments.filter(({ end }) => end === 'broken').map(({ file }) => file.path),
  };
}

/** All zips, the newest first; `opened` is what the newest says, for the caller. */
export async function describeControlDbs(
  { files }: BackupInventory,
  budget: ReadingBudget,
): Promise<Array<VerifiedControlDb & { readonly opened: Extract<ExaminedControlDb, { state: 'open' }> | null }>> {
  const newest = newestControlDb(files);
  const zips = files.filter(({ what }) => what.kind === 'control-db-zip').toSorted((a, b) => b.recency - a.recency);
  const described = [];
  for (const file of zips) {
    await budget.turn();
    const examined = await examineControlDb(file, budget);
    const opened = examined.state === 'open' ? examined : null;
    described.push({
      file: file.path,
      isNewest: file === newest,
      state: opened !== null ? 'opened' : examined.state === 'foreign' ? 'zip-good' : 'unreadable',
      message: examined.state === 'unreadable' ? examined.message : null,
      groups: (opened?.groups ?? []).map(({ group, commitIndex, appliedIndex }) => ({
        group,
        commitIndex,
        appliedIndex,
      })),
      opened,
    } as const);
  }
  return described;
}

/** What a node holds after it has applied its log; without one, what the files hold. */
export function describeOutlook(backup: ExaminedBackup, node: RestoredNode | null): RestoreOutlook {
  const started = node?.state === 'started' ? node : null;
  const { controlDb } = backup;
  const stored = controlDb.state === 'open' ? controlDb.configuration : null;
  return {
    basis: node === null ? 'files' : 'node',
    starts: node === null ? null : started !== null,
    stores: backup.stores.map(({ context, type, firstToken, nextToken }) => {
      const restored = started?.stores.find((each) => each.context === context && each.type === type);
      const after = restored?.after ?? { firstToken, nextToken };
      const fromLog = restored === undefined ? 0 : Number(restored.after.nextToken - restored.before.nextToken);
      return { context, type, tokens: rangeOf(Number(after.firstToken), Number(after.nextToken)), fromLog };
    }),
    groups: (started?.groups ?? []).map(({ group, appliedIndex }) => {
      // A node that leads writes an entry of its own, which is none of the backup's.
      const last = backup.logs.find((log) => log.group === group)?.lastIndex ?? 0;
      return { group, appliedIndex: last === 0 ? appliedIndex : Math.min(appliedIndex, last) };
    }),
    configuration: started?.configuration ?? stored,
  };
}

function rangeOf(first: number, next: number): Range | null {
  return next > first ? { first, last: next - 1 } : null;
}

/** Where segments do not join; what follows one that breaks off is not held against it. `start` is where the first must begin. */
function joints(
  segments: ReadonlyArray<readonly [first: number, next: number, isBroken: boolean]>,
  start: number,
): { readonly gaps: readonly Range[]; readonly overlaps: readonly Range[] } {
  const gaps: Range[] = [];
  const overlaps: Range[] = [];
  let expected: number | null = start;
  for (const [first, next, isBroken] of segments) {
    if (expected !== null && first > expected) gaps.push({ first: expected, last: first - 1 });
    if (expected !== null && first < expected) overlaps.push({ first, last: expected - 1 });
    expected = isBroken ? null : next;
  }
  return { gaps, overlaps };
}

function tally<State extends string>(states: readonly State[]): Partial<Record<State, number>> {
  const counts: Partial<Record<State, number>> = {};
  for (const state of states) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
