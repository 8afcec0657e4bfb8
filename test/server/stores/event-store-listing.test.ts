import { describe, expect, test } from 'vitest';
import {
  append,
  domainEvent,
  eventsIn,
  filesOf,
  grow,
  growThreeSegments,
  nowMs,
  numberedEvents,
  openEventStore,
} from '../../support/event-stores.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('the list of closed segments', () => {
  test('holds those above the cursor alone: -1 brings segment 0, 0 does not', () => {
    const store = growThreeSegments(openEventStore(temporaryFolder()));
    store.roll(nowMs);
    expect(store.closedAfter(-1n)).toEqual([0n, 3n, 6n]);
    expect(store.closedAfter(0n)).toEqual([3n, 6n]);
    expect(store.closedAfter(2n)).toEqual([3n, 6n]);
    expect(store.closedAfter(3n)).toEqual([6n]);
    expect(store.closedAfter(6n)).toEqual([]);
    expect(store.closedAfter(1_000n)).toEqual([]);
  });

  test('never holds a segment that is open, or full but not closed yet', () => {
    const store = growThreeSegments(openEventStore(temporaryFolder()));
    store.closeNext(nowMs);
    for (const active of store.activeSegments()) expect(store.closedAfter(-1n)).not.toContain(active);
    expect(store.activeSegments()).toEqual([3n, 6n]);
  });
});

describe('reading', () => {
  test('begins with the transaction that holds the token, and brings what was not flushed yet', () => {
    const store = openEventStore(temporaryFolder());
    grow(store, 3);
    append(store, [domainEvent(), domainEvent()]);
    grow(store, 2);
    const firstTokens = (from: bigint): bigint[] =>
      [...store.transactionsFrom(from)].map(({ firstToken }) => firstToken);
    expect(firstTokens(0n)).toEqual([0n, 1n, 2n, 3n, 5n, 6n]);
    expect(firstTokens(4n)).toEqual([3n, 5n, 6n]);
    expect(firstTokens(6n)).toEqual([6n]);
    expect(firstTokens(7n)).toEqual([]);
  });
});

describe('events and snapshots in one folder', () => {
  test('have files, tokens and segments of their own', () => {
    const root = temporaryFolder();
    const events = openEventStore(root);
    const snapshots = openEventStore(root, { type: 'SNAPSHOT' });
    expect(snapshots.folder).toBe(events.folder);
    grow(events, 4);
    grow(snapshots, 2);
    events.roll(nowMs);
    snapshots.roll(nowMs);
    expect(filesOf(events).filter((name) => name.startsWith('0.'))).toEqual(
      ['bloom', 'events', 'index', 'sbloom', 'sindex', 'snapshots'].map((suffix) => `0.${suffix}`),
    );
    expect([events.openSegment, snapshots.openSegment]).toEqual([4n, 2n]);
    events.close(nowMs);
    snapshots.close(nowMs);
    expect(eventsIn(openEventStore(root))).toEqual(numberedEvents(4));
    const reopened = openEventStore(root, { type: 'SNAPSHOT' });
    expect(eventsIn(reopened)).toEqual(numberedEvents(2));
    expect(reopened.closedAfter(-1n)).toEqual([0n]);
  });
});
