import { beforeEach, describe, expect, test } from 'vitest';
import { EventStore } from '../../../server/stores/event-store.ts';
import {
  append,
  appendBytes,
  decodedFile,
  domainEvent,
  eventsIn,
  eventStoreOptions,
  filesOf,
  grow,
  growThreeSegments,
  nowMs,
  numberedEvents,
  openEventStore,
} from '../../support/event-stores.ts';
import { failureOf } from '../../support/failure-of.ts';
import { runKilled } from '../../support/killed-process.ts';
import { RefusingDataDir } from '../../support/refusing-data-dir.ts';
import { temporaryFolder, temporaryFolders } from '../../support/temporary-folder.ts';

let dataDir: RefusingDataDir;

beforeEach(() => {
  dataDir = new RefusingDataDir(temporaryFolder());
});

function openStore(): EventStore {
  return openEventStore(dataDir.root, { dataDir });
}

describe('an event store on a disk that refuses', () => {
  // The server retries a failing close on later ticks; the segment stays active (section 5 of docs/event-segment-format.md).
  test.each([1, 2])(
    'file %i of a close keeps the segment full and in its place, until a later tick closes it',
    (nth) => {
      const store = growThreeSegments(openStore());
      dataDir.refuse('write', nth);
      expect(failureOf(() => store.closeNext(nowMs)).kind).toBe('data-file-write');
      expect(store.activeSegments()).toEqual([0n, 3n, 6n]);
      expect(store.closedAfter(-1n)).toEqual([]);
      expect(store.closeNext(nowMs)).toBe(0n);
      expect(store.activeSegments()).toEqual([3n, 6n]);
      expect(filesOf(store)).toContain('0.bloom');
    },
  );

  test.each([
    ['the end marker', 'writeAt', 3],
    ['the records before the end marker', 'writeAt', 1],
    ['the next file', 'createPreallocated', 1],
  ] as const)(
    '%s takes nothing of a transaction that begins a segment, and takes it when it is given again',
    (_, operation, nth) => {
      const store = openStore();
      grow(store, 3);
      dataDir.refuse(operation, nth);
      expect(failureOf(() => grow(store, 1)).kind).toBe('data-file-write');
      expect(store.nextToken).toBe(3n);
      expect(store.activeSegments()).toEqual([0n]);
      store.settle(true);
      expect(eventsIn(store)).toEqual(numberedEvents(3));
      grow(store, 2);
      store.settle(false);
      expect(store.activeSegments()).toEqual([0n, 3n]);
      expect(eventsIn(store)).toEqual(numberedEvents(5));
      expect(decodedFile(store, 0)).toMatchObject({ endPosition: 95, endsIn: 'end-marker' });
      expect(dataDir.openFiles.size).toBe(1);
    },
  );

  test('a larger file for a transaction keeps the empty one', () => {
    const store = openStore();
    dataDir.refuse('createPreallocated');
    failureOf(() => appendBytes(store, 150));
    grow(store, 1);
    appendBytes(store, 150);
    expect(store.activeSegments()).toEqual([0n, 1n]);
    expect(dataDir.openFiles.size).toBe(1);
  });

  test('leaves no file open when it is closed, or crashes', () => {
    const closed = growThreeSegments(openStore());
    dataDir.refuse('write');
    failureOf(() => closed.close(nowMs));
    expect(dataDir.openFiles.size).toBe(0);

    const crashed = openStore();
    grow(crashed, 1);
    dataDir.refuse('writeAt');
    failureOf(() => crashed.crash());
    expect(dataDir.openFiles.size).toBe(0);
  });

  test.each(['openForWriting', 'writeAt', 'zeroFrom'] as const)('%s at its start leaves no file open', (operation) => {
    openStore().close(nowMs);
    dataDir.refuse(operation);
    expect(failureOf(openStore).kind).toBe('data-file-write');
    expect(dataDir.openFiles.size).toBe(0);
  });
});

test('an event store has one file open, however many segments it has', () => {
  const store = openStore();
  grow(store, 20);
  store.roll(nowMs);
  appendBytes(store, 150);
  expect(dataDir.openFiles.size).toBe(1);
  store.close(nowMs);
  expect(dataDir.openFiles.size).toBe(0);
  openStore().crash();
  expect(dataDir.openFiles.size).toBe(0);
});

/** All that a store does in its life; `acknowledge` is told the next token whenever a client could be answered. */
function live(root: string, acknowledge: (nextToken: bigint) => void): void {
  const settle = (store: EventStore, isTorn: boolean): void => {
    store.settle(isTorn);
    acknowledge(store.nextToken);
  };
  const first = openEventStore(root);
  grow(first, 2);
  settle(first, true);
  grow(first, 5);
  settle(first, true);
  first.closeNext(nowMs);
  appendBytes(first, 150);
  settle(first, false);
  first.roll(nowMs);
  append(first, [domainEvent(), domainEvent()]);
  settle(first, true);
  first.close(nowMs);
  const second = openEventStore(root);
  grow(second, 4);
  settle(second, true);
  second.crash();
  const third = openEventStore(root);
  appendBytes(third, 60);
  settle(third, true);
  third.close(nowMs);
}

test.each(['before', 'half-way'] as const)(
  'a process that is killed %s any change of the disk has lost nothing that was acknowledged',
  (moment) => {
    const newFolder = temporaryFolders();
    const whole = newFolder();
    live(whole, () => undefined);
    const expected = eventsIn(openEventStore(whole));
    let kills = 0;
    let isKilled = true;
    for (let nth = 1; isKilled; nth++) {
      const root = newFolder();
      let acknowledged = 0n;
      isKilled = runKilled(nth, moment, () => live(root, (nextToken) => (acknowledged = nextToken)));
      const store = openEventStore(root);
      const found = eventsIn(store);
      expect(BigInt(found.length)).toBe(store.nextToken);
      expect(store.nextToken).toBeGreaterThanOrEqual(acknowledged);
      expect(found).toEqual(expected.slice(0, found.length));
      grow(store, 1);
      store.close(nowMs);
      expect(EventStore.open(eventStoreOptions(root, { validatedSegments: 10 }), nowMs).nextToken).toBe(
        BigInt(found.length + 1),
      );
      kills += 1;
    }
    expect(kills).toBeGreaterThan(100);
  },
);
