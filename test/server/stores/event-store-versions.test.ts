import * as fs from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { deletedEvent } from '../../../server/formats/deleted-event.ts';
import type { EventStore } from '../../../server/stores/event-store.ts';
import type { EventStoreOptions } from '../../../server/stores/event-store-options.ts';
import {
  append,
  domainEvent,
  eventsIn,
  filesOf,
  grow,
  nowMs,
  numberedEvents,
  openEventStore,
} from '../../support/event-stores.ts';
import { failureOf } from '../../support/failure-of.ts';
import { runKilled } from '../../support/killed-process.ts';
import { RefusingDataDir } from '../../support/refusing-data-dir.ts';
import { temporaryFolder, temporaryFolders } from '../../support/temporary-folder.ts';

/* Versions of segments, as an event transformation of 2023 and later leaves them: sections 7.4 and 8.1 of docs/event-segment-format.md. */

/** The closed segments 0, 3 and 6, and the open segment 9 of one event. */
let store: EventStore;
let root: string;

beforeEach(() => {
  root = temporaryFolder();
  store = open();
  grow(store, 9);
  store.roll(nowMs);
  grow(store, 1);
});

function open(values: Partial<EventStoreOptions> = {}): EventStore {
  return openEventStore(root, { hasVersions: true, ...values });
}

function restarted(values: Partial<EventStoreOptions> = {}): EventStore {
  store.close(nowMs);
  return open(values);
}

function deleteEvents(from: EventStore, segment: bigint, version: number, ...tokens: readonly bigint[]): void {
  from.transform(segment, version, (token, event) => (tokens.includes(token) ? deletedEvent(event) : event), nowMs);
}

/** What `grow` has given the tokens, with some of them deleted. */
function eventsWithout(nextToken: number, ...tokens: readonly number[]): string[] {
  return numberedEvents(nextToken).map((event, token) =>
    tokens.includes(token) ? deletedEvent(Buffer.from(event, 'hex')).toString('hex') : event,
  );
}

function filesOfSegment(of: EventStore, segment: number): string[] {
  return filesOf(of).filter((name) => Number.parseInt(name, 10) === segment);
}

const version0 = (segment: number): string[] => ['.bloom', '.events', '.index'].map((suffix) => `${segment}${suffix}`);
const version = (segment: number, number: number): string[] =>
  ['.bloom', '.events', '.index'].map((suffix) => `${segment}_0000${number}${suffix}`);

describe('a new version of a segment', () => {
  test('is what is read from now on, and after a restart; the old one stays on disk', () => {
    deleteEvents(store, 3n, 1, 4n);
    expect(eventsIn(store)).toEqual(eventsWithout(10, 4));
    expect(filesOfSegment(store, 3)).toEqual([...version0(3), ...version(3, 1)]);
    expect([store.versionOf(3n), store.versionsOf(3n), store.highestVersion]).toEqual([1, [0, 1], 1]);
    const again = restarted();
    expect(eventsIn(again)).toEqual(eventsWithout(10, 4));
    expect([again.versionOf(3n), again.versionsOf(3n), again.versionOf(0n)]).toEqual([1, [0, 1], 0]);
    expect(again.closedAfter(-1n)).toEqual([0n, 3n, 6n]);
  });

  test('begins with the version before it, and numbers may be left out', () => {
    deleteEvents(store, 3n, 1, 4n);
    deleteEvents(store, 3n, 5, 3n);
    expect(eventsIn(restarted())).toEqual(eventsWithout(10, 3, 4));
    expect(filesOfSegment(store, 3)).toEqual([...version0(3), ...version(3, 1), ...version(3, 5)]);
  });

  test('is an error of the caller where the segment is not closed, or has that version already', () => {
    deleteEvents(store, 0n, 2, 0n);
    for (const [segment, number] of [
      [9n, 1],
      [1n, 3],
      [0n, 2],
      [0n, 1],
    ] as const) {
      expect(() => deleteEvents(store, segment, number, 0n)).toThrow(`Segment ${segment} cannot get version ${number}`);
    }
  });

  test('of the highest segment, without its index, is gone on with: it is full, so the next event begins a new one', () => {
    store.roll(nowMs);
    deleteEvents(store, 9n, 1, 9n);
    store.close(nowMs);
    for (const name of fs.readdirSync(store.folder)) {
      if (/(?:0{18}10|9_00001\.(?:index|bloom))/.test(name)) fs.rmSync(`${store.folder}/${name}`);
    }
    const again = open();
    expect([again.openSegment, again.nextToken, again.versionOf(9n)]).toEqual([9n, 10n, 1]);
    grow(again, 1);
    again.closeNext(nowMs);
    expect(again.activeSegments()).toEqual([10n]);
    expect(filesOfSegment(again, 9)).toEqual([...version0(9), ...version(9, 1)]);
    expect(eventsIn(again)).toEqual(eventsWithout(11, 9));
  });
});

describe('start-up', () => {
  test('without versions, as before 2023, takes the name for a number that is none', () => {
    deleteEvents(store, 3n, 1, 4n);
    const failure = failureOf(() => restarted({ hasVersions: false }));
    expect(failure.message).toContain(`For input string: "${'0'.repeat(19)}3_00001.events"`);
  });

  test('takes a version whose older ones are gone, and builds its index where it is missing', () => {
    deleteEvents(store, 6n, 1, 6n);
    store.close(nowMs);
    for (const name of fs.readdirSync(store.folder)) {
      if (/6(?:\.|_00001\.(?:index|bloom))/.test(name)) fs.rmSync(`${store.folder}/${name}`);
    }
    const again = open();
    expect(filesOfSegment(again, 6)).toEqual(version(6, 1));
    expect(eventsIn(again)).toEqual(eventsWithout(10, 6));
    expect([again.versionsOf(6n), again.isIndexed(6n)]).toEqual([[1], true]);
  });

  test('sweeps up what a killed transformation has left, and leaves each version whole or absent', () => {
    store.close(nowMs);
    const newFolder = temporaryFolders();
    const original = root;
    let isKilled = true;
    const found = new Set<number>();
    for (let nth = 1; isKilled; nth++) {
      root = newFolder();
      fs.cpSync(original, root, { recursive: true });
      const dying = open();
      isKilled = runKilled(nth, 'half-way', () => deleteEvents(dying, 3n, 1, 4n));
      dying.crash();
      const again = open();
      const current = again.versionOf(3n);
      found.add(current);
      expect(filesOfSegment(again, 3)).toEqual([...version0(3), ...(current === 1 ? version(3, 1) : [])]);
      expect(eventsIn(again)).toEqual(current === 1 ? eventsWithout(10, 4) : numberedEvents(10));
      again.close(nowMs);
    }
    expect([...found].toSorted()).toEqual([0, 1]);
  });

  test('and a later call complete what a killed compaction has begun', () => {
    deleteEvents(store, 3n, 1, 4n);
    store.close(nowMs);
    const newFolder = temporaryFolders();
    const original = root;
    let isKilled = true;
    for (let nth = 1; isKilled; nth++) {
      root = newFolder();
      fs.cpSync(original, root, { recursive: true });
      const dying = open();
      isKilled = runKilled(nth, 'before', () => dying.compactVersions());
      dying.crash();
      const again = open();
      expect(eventsIn(again)).toEqual(eventsWithout(10, 4));
      again.compactVersions();
      expect(filesOfSegment(again, 3)).toEqual(version(3, 1));
      again.close(nowMs);
    }
  });
});

test('a disk that refuses leaves the version before it, and the same can be tried again', () => {
  root = temporaryFolder();
  const dataDir = new RefusingDataDir(root);
  store = open({ dataDir });
  grow(store, 4);
  store.closeNext(nowMs);
  for (const nth of [1, 2, 3]) {
    dataDir.refuse('write', nth);
    expect(failureOf(() => deleteEvents(store, 0n, 1, 2n)).kind).toBe('data-file-write');
    expect(store.versionOf(0n)).toBe(0);
    expect(eventsIn(store)).toEqual(numberedEvents(4));
  }
  deleteEvents(store, 0n, 1, 2n);
  expect(eventsIn(restarted())).toEqual(eventsWithout(4, 2));
});

describe('a compaction', () => {
  test('deletes every version but the current ones, and counts the files', () => {
    deleteEvents(store, 3n, 1, 4n);
    deleteEvents(store, 3n, 2, 5n);
    deleteEvents(store, 6n, 2, 6n);
    expect(store.compactVersions()).toBe(9);
    expect(filesOf(store)).toEqual([...version0(0), ...version(3, 2), ...version(6, 2), '9.events']);
    expect(store.compactVersions()).toBe(0);
    expect([store.versionsOf(3n), store.versionOf(3n), store.highestVersion]).toEqual([[2], 2, 2]);
    expect(eventsIn(restarted())).toEqual(eventsWithout(10, 4, 5, 6));
  });

  test('does nothing where nothing was transformed', () => {
    expect(store.compactVersions()).toBe(0);
  });
});

describe('what a listing asks for', () => {
  test('is all above the cursor, and what has a current version above the other one', () => {
    deleteEvents(store, 0n, 1, 0n);
    deleteEvents(store, 6n, 2, 6n);
    expect(store.closedAbove(-1n, 0)).toEqual([0n, 3n, 6n]);
    expect(store.closedAbove(3n, 0)).toEqual([0n, 6n]);
    expect(store.closedAbove(3n, 1)).toEqual([6n]);
    expect(store.closedAbove(6n, 0)).toEqual([0n, 6n]);
    expect(store.closedAbove(6n, 1)).toEqual([6n]);
    expect(store.closedAbove(6n, 2)).toEqual([]);
    expect(store.closedAbove(1000n, 0)).toEqual([0n, 6n]);
    expect(store.closedAbove(1000n, -1)).toEqual([0n, 3n, 6n]);
  });

  test('holds each segment once, however often it was transformed, and never one that is active', () => {
    for (const number of [1, 2, 3]) deleteEvents(store, 3n, number, 3n);
    expect(store.closedAbove(6n, 0)).toEqual([3n]);
    expect(restarted().closedAbove(9n, 2)).toEqual([3n]);
  });
});

test('segments are found by the tokens that they hold', () => {
  append(store, [domainEvent(), domainEvent()]);
  expect(store.closedHolding(0n, 0n)).toEqual([0n]);
  expect(store.closedHolding(2n, 3n)).toEqual([0n, 3n]);
  expect(store.closedHolding(4n, 100n)).toEqual([3n, 6n]);
  expect(store.closedHolding(9n, 9n)).toEqual([]);
});
