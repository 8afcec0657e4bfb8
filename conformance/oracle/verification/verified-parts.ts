import type { RestoredNode } from '../../../server/index.ts';
import type { ExaminedBackup } from '../examination/examine-backup.ts';
import type { ExaminedStore } from '../examination/examine-events.ts';
import type { ExaminedLog } from '../examination/examine-log.ts';
import type { CheckedIndex } from '../segments/index-check.ts';
import { isOpen, type IndexedSegment } from './index-coverage.ts';
import type { Range, RestoreOutlook, VerifiedLog, VerifiedStore } from './verification.ts';

/** The indexes of closed segments count; `checked` has them by the path of the data file, as `lastEventMs` the times. */
export function describeStore(
  store: ExaminedStore,
  checked: ReadonlyMap<string, CheckedIndex>,
  lastEventMs: ReadonlyMap<string, number | null>,
): VerifiedStore {
  const { context, type, segments, firstToken, nextToken } = store;
  const closed = indexedSegments(store, checked).flatMap((each) => (isOpen(each) ? [] : [each.found]));
  // Segments with a jump-skip index need no other.
  const others = closed.filter(
    ({ jumpSkip, index, bloom }) => jumpSkip === 'missing' || index !== 'missing' || bloom !== 'missing',
  );
  const hasJumpSkip = closed.some(({ jumpSkip }) => jumpSkip !== 'missing');
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
    lastEventMs: segments.reduce<number | null>((last, { file }) => lastEventMs.get(file.path) ?? last, null),
    hasTornTail: segments.at(-1)?.isTorn === true,
    badChecksums: segments.flatMap(({ badChecksums }) => badChecksums.map(Number)),
    unreadable: segments.filter(({ end }) => end === 'broken').map(({ file }) => file.path),
    indexes: tally(others.map(({ index }) => index)),
    blooms: tally(others.map(({ bloom }) => bloom)),
    jumpSkipIndexes: hasJumpSkip ? tally(closed.map(({ jumpSkip }) => jumpSkip)) : {},
  };
}

/** Segments that hold events, with the files beside them; those that cannot be read are left out. */
export function indexedSegments(
  { segments }: ExaminedStore,
  checked: ReadonlyMap<string, CheckedIndex>,
): readonly IndexedSegment[] {
  return segments.flatMap(({ file, nextToken, segment }, place) => {
    const found = checked.get(file.path);
    if (found === undefined || nextToken === segment) return [];
    return [{ segment, events: Number(nextToken - segment), isHighest: place === segments.length - 1, found }];
  });
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

/** What a node holds after it has applied its log; without one, what the files hold. */
export function describeOutlook(backup: ExaminedBackup, node: RestoredNode | null): RestoreOutlook {
  const started = node?.state === 'started' ? node : null;
  const { controlDb } = backup;
  const stored =
    controlDb.state === 'open' && controlDb.content.engine === 'sqlite' ? controlDb.content.configuration : null;
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
