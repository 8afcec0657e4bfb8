import { describe, expect, test } from 'vitest';
import { compareStore, countLostChanges, findConflict, tokenBehind } from '../../../conformance/oracle/boot/compare.ts';
import type { LoggedEntry } from '../../../conformance/oracle/examination/examine-log.ts';
import { Ledger } from '../../../server/cluster/writes/ledger.ts';
import { encodeTransaction } from '../../../server/formats/event-segment.ts';
import type { StoredBlock } from '../../../server/index.ts';

/** Ten transactions of two events, acknowledged a second apart by the entries 101, 102, …; checksums 1000, 1001, … */
function ledger(): Ledger {
  const filled = new Ledger();
  for (let place = 0; place < 10; place++) filled.of('default', 'EVENT').note(transaction(place));
  return filled;
}

function transaction(place: number) {
  return {
    firstToken: BigInt(2 * place),
    eventCount: 2,
    atMs: 1000 * place,
    logIndex: 101 + place,
    checksum: 1000 + place,
  };
}

function block(place: number, values: Partial<StoredBlock> = {}): StoredBlock {
  const { firstToken, eventCount, checksum } = transaction(place);
  return { firstToken, eventCount, checksum, ...values };
}

const places = [...Array(10).keys()];

function compare(blocks: readonly StoredBlock[], beforeMs = 9000, canBring: (place: number) => boolean = () => false) {
  return compareStore({
    context: 'default',
    type: 'EVENT',
    ledger: ledger().of('default', 'EVENT'),
    blocks,
    isWanted: ({ atMs, logIndex }) => atMs <= beforeMs && !canBring(logIndex - 101),
    asOfMs: beforeMs,
  });
}

describe('a store', () => {
  test('that holds all of it has lost nothing', () => {
    expect(compare(places.map((place) => block(place)))).toEqual({ losses: [], divergence: null });
  });

  test('has lost what it lacks, hole by hole', () => {
    const { losses, divergence } = compare([0, 1, 4, 5, 9].map((place) => block(place)));
    expect(divergence).toBeNull();
    expect(losses).toEqual([
      { context: 'default', type: 'EVENT', events: 4, firstToken: 4n, lastToken: 7n, fromMs: 2000, virtualMs: 1000 },
      { context: 'default', type: 'EVENT', events: 6, firstToken: 12n, lastToken: 17n, fromMs: 6000, virtualMs: 2000 },
    ]);
  });

  test('has not lost what came later, nor what something else can bring', () => {
    const { losses } = compare([block(0)], 5000, (place) => place === 3);
    expect(losses.map(({ firstToken, lastToken }) => [firstToken, lastToken])).toEqual([
      [2n, 5n],
      [8n, 11n],
    ]);
  });

  test('that holds something else has lost the right thing, and diverges', () => {
    const { losses, divergence } = compare(places.map((place) => block(place, place === 4 ? { checksum: 7 } : {})));
    expect(losses).toMatchObject([{ firstToken: 8n, lastToken: 9n }]);
    expect(divergence).toContain('token 8');
  });

  test('that holds what was never acknowledged diverges, unless it is only ahead', () => {
    const whole = places.map((place) => block(place));
    expect(compare([...whole, block(3, { firstToken: 7n })]).divergence).toContain('token 7');
    expect(compare([...whole, block(3, { firstToken: 20n })]).divergence).toBeNull();
  });

  test('may hold a large transaction in several blocks, and some things twice', () => {
    const blocks = [block(0, { eventCount: 1, checksum: 5 }), { firstToken: 1n, eventCount: 1, checksum: 1000 }];
    const rest = places.slice(1).map((place) => block(place));
    expect(compare([...blocks, ...rest, block(5)])).toEqual({ losses: [], divergence: null });
  });
});

function change(type: string, name: string, atMs: number, logIndex: number) {
  return { type, name, atMs, logIndex };
}

function names(applications: string[], users: string[]) {
  return { contexts: ['default'], applications, users };
}

/** What was acknowledged by then, and as far as the log of the node reached; all of it unless given. */
function owed(beforeMs: number, reachedIndex = Number.POSITIVE_INFINITY) {
  return { beforeMs, reachedIndex };
}

/** So far has the restored node come, by a log that has these of the changes. */
function applied(appliedIndex: number, logged: readonly LoggedEntry[] = []) {
  return { appliedIndex, logged };
}

describe('changes of the configuration', () => {
  const changes = [
    change('ADD_CONTEXT', 'default', 1, 1),
    change('ADMIN_APPLICATION', 'a', 2, 2),
    change('ADMIN_USER', 'u', 3, 3),
    change('DELETE_APPLICATION', 'a', 4, 4),
    change('ADMIN_APPLICATION', 'b', 5, 5),
  ];

  test('are there where their names are, and those of deletions are not', () => {
    expect(countLostChanges(changes, names(['b'], ['u']), owed(5), applied(5))).toBe(0);
    expect(countLostChanges(changes, names(['a'], ['u']), owed(3), applied(3))).toBe(0);
    expect(countLostChanges(changes, names([], []), owed(3), applied(3))).toBe(2);
    expect(countLostChanges(changes, names(['a', 'b'], ['u']), owed(5), applied(3))).toBe(1);
  });

  /* Found by exploring: an application was deleted while the client waited for the log, and counted as lost. */
  test('are not lost where they were deleted after the POST, and the log that was copied has that', () => {
    expect(countLostChanges(changes, names([], ['u']), owed(3, 3), applied(4))).toBe(0);
    expect(countLostChanges(changes, names([], []), owed(3, 2), applied(4))).toBe(0);
    expect(countLostChanges(changes, names([], ['u']), owed(3, 3), applied(3))).toBe(1);
  });

  /* Found by exploring: nothing was acknowledged of what a leader that stood still had committed, and it was in the log. */
  test('are not lost where the log has their deletion, which nobody has acknowledged', () => {
    const made = changes.filter(({ logIndex }) => logIndex <= 3);
    const deletion = { index: 4, payload: { kind: 'change', change: 'DELETE_APPLICATION', name: 'a' } } as const;
    expect(countLostChanges(made, names([], ['u']), owed(3, 3), applied(4))).toBe(1);
    expect(countLostChanges(made, names([], ['u']), owed(3, 3), applied(4, [deletion]))).toBe(0);
    expect(countLostChanges(made, names([], ['u']), owed(3, 3), applied(3, [deletion]))).toBe(1);
  });

  test('are all lost where there is no control database', () => {
    expect(countLostChanges(changes, null, owed(4), applied(0))).toBe(4);
  });
});

function append(place: number, checksum = 1000 + place): LoggedEntry {
  const { firstToken, eventCount, logIndex } = transaction(place);
  const payload = { kind: 'append', context: 'default', type: 'EVENT', firstToken, eventCount, checksum } as const;
  return { index: logIndex, payload };
}

function other(index: number): LoggedEntry {
  return { index, payload: { kind: 'other' } };
}

function conflict(...entries: LoggedEntry[]): number | null {
  return findConflict(entries, ['default'], ledger());
}

describe('a log', () => {
  test('agrees with the cluster where its entries are those that were acknowledged', () => {
    expect(conflict(other(100), ...places.map((place) => append(place)), other(111))).toBeNull();
  });

  test('does not where one is another, or is where none was, or is none where one was', () => {
    expect(conflict(append(0), append(1, 7), append(2))).toBe(102);
    expect(conflict(append(0), other(102))).toBe(102);
    expect(findConflict([append(0)], ['default'], new Ledger())).toBeNull();
  });

  test('is not held against what the ledger does not know yet, or no longer', () => {
    expect(conflict(append(-1), append(10))).toBeNull();
    expect(conflict({ index: 104, payload: { kind: 'damaged' } })).toBeNull();
  });
});

test('the token behind the entries up to an index is known from the ledger', () => {
  const store = ledger().of('default', 'EVENT');
  expect([100, 101, 105, 999].map((index) => tokenBehind(store, index))).toEqual([null, 2n, 10n, 20n]);
});

describe('a transaction of which a transformation has deleted events', () => {
  const events = [Buffer.from('a'), Buffer.from('b')];
  const transformed = encodeTransaction(events);
  const checksum = transformed.readUInt32BE(transformed.length - 4);

  /** Of a store whose transaction 3 has the checksum, after a transformation that every node had at some time, if ever. */
  function compared(found: number, everywhereSinceMs: number | null, asOfMs = 9000): ReturnType<typeof compareStore> {
    const of = ledger().of('default', 'EVENT');
    of.noteVersion(1, 6n, events);
    if (everywhereSinceMs !== null) of.noteEverywhere(1, everywhereSinceMs);
    const blocks = places.map((place) => block(place, place === 3 ? { checksum: found } : {}));
    return compareStore({ context: 'default', type: 'EVENT', ledger: of, blocks, isWanted: () => true, asOfMs });
  }

  test('may be found with them or without, until every node had the transformation', () => {
    for (const [found, since, asOf] of [
      [checksum, 5000, 9000],
      [checksum, null, 9000],
      [checksum, 5000, 4000],
      [1003, null, 9000],
      [1003, 5000, 4000],
      [1003, 5000, 5000],
    ] as const) {
      expect(compared(found, since, asOf)).toEqual({ losses: [], divergence: null });
    }
  });

  test('is not lost where they have come back, but that is said', () => {
    expect(compared(1003, 5000)).toEqual({
      losses: [],
      divergence: 'at token 6 of EVENT it holds events that a transformation had deleted',
    });
  });

  test('is lost where something else is there', () => {
    const { losses, divergence } = compared(77, 5000);
    expect(losses.map(({ firstToken, lastToken }) => [firstToken, lastToken])).toEqual([[6n, 7n]]);
    expect(divergence).toBe('at token 6 of EVENT it holds other events than those that were acknowledged');
  });
});
