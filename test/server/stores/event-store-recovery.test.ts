import * as fs from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { encodeTransaction } from '../../../server/formats/event-segment.ts';
import type { EventStore } from '../../../server/stores/event-store.ts';
import type { EventStoreOptions } from '../../../server/stores/event-store-options.ts';
import { damage } from '../../support/damaged-files.ts';
import {
  appendBytes,
  decodedFile,
  eventsIn,
  fileOf,
  filesOf,
  grow,
  growThreeSegments,
  nowMs,
  numberedEvents,
  openEventStore,
} from '../../support/event-stores.ts';
import { failureOf } from '../../support/failure-of.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/* What a start makes of the open segment and of torn writes: sections 8.1 and 8.2 of docs/event-segment-format.md. */

/** A stopped store with the closed segments 0 and 3, and the open segment 6 of one event. */
let stopped: EventStore;
let root: string;

beforeEach(() => {
  root = temporaryFolder();
  stopped = growThreeSegments(openEventStore(root));
  stopped.close(nowMs);
});

function restarted(values: Partial<EventStoreOptions> = {}): EventStore {
  return openEventStore(root, values, nowMs + 5000);
}

function bytesOf(segment: number): Buffer {
  return fs.readFileSync(fileOf(stopped, segment));
}

describe('the highest file', () => {
  test('is gone on with right behind its last transaction', () => {
    const store = restarted();
    expect(store).toMatchObject({ openSegment: 6n, nextToken: 7n, lastClosedSegment: 3n, closedCount: 2 });
    grow(store, 3);
    expect(store.activeSegments()).toEqual([6n, 9n]);
    expect(eventsIn(store)).toEqual(numberedEvents(10));
    expect(decodedFile(store, 6)).toMatchObject({ endPosition: 95, endsIn: 'end-marker' });
  });

  test('keeps its length and its time, whatever the size of segments is now', () => {
    const store = restarted({ segmentSizeBytes: 1000 });
    expect(fs.statSync(fileOf(store, 6)).mtime.getTime()).toBe(nowMs);
    grow(store, 3);
    expect(store.activeSegments()).toEqual([6n, 9n]);
    expect([6, 9].map((segment) => bytesOf(segment).length)).toEqual([100, 1000]);
  });

  test('gets the header of the version that writes it', () => {
    damage(fileOf(stopped, 6), (bytes) => void bytes.write('007c42abad', 0, 'hex'));
    restarted();
    expect(bytesOf(6).subarray(0, 5).toString('hex')).toBe('0200000000');
  });

  test('with an end marker but no index is open again, without its marker', () => {
    damage(fileOf(stopped, 6), (bytes) => void bytes.writeInt32BE(-1, 35));
    const store = restarted();
    expect(store).toMatchObject({ openSegment: 6n, nextToken: 7n });
    expect(decodedFile(store, 6)).toMatchObject({ endPosition: 35, endsIn: 'zero' });
  });

  test('with index and bloom filter is closed, and a new empty file begins behind it', () => {
    const store = restarted();
    store.roll(nowMs);
    store.close(nowMs);
    fs.rmSync(fileOf(store, 7));
    const next = restarted();
    expect(next.closedAfter(-1n)).toEqual([0n, 3n, 6n]);
    expect(next).toMatchObject({ openSegment: 7n, nextToken: 7n });
    expect(bytesOf(7)).toEqual(Buffer.concat([Buffer.from([2, 0, 0, 0, 0]), Buffer.alloc(95)]));
    expect(decodedFile(next, 6).endsIn).toBe('end-marker');
  });

  test.each([
    ['its index is missing', '.index', null],
    ['its bloom filter is missing', '.bloom', null],
    ['its index is unreadable', '.index', 'not an index'],
    ['its bloom filter is unreadable', '.bloom', 'not a filter'],
    ['its index is empty', '.index', ''],
  ])('is open, and what is left of its index is removed, when %s', (_, suffix, content) => {
    const store = restarted();
    store.roll(nowMs);
    store.close(nowMs);
    fs.rmSync(fileOf(store, 7));
    if (content === null) fs.rmSync(fileOf(store, 6, suffix));
    else fs.writeFileSync(fileOf(store, 6, suffix), content);
    const next = restarted();
    expect(next).toMatchObject({ openSegment: 6n, nextToken: 7n, lastClosedSegment: 3n });
    expect(filesOf(next).filter((name) => name.startsWith('6.'))).toEqual(['6.events']);
  });

  // Closed, it would have the number of the file that begins behind it.
  test('without any event is open, even with an index', () => {
    const store = restarted();
    store.roll(nowMs);
    store.close(nowMs);
    for (const suffix of ['.index', '.bloom']) fs.copyFileSync(fileOf(store, 6, suffix), fileOf(store, 7, suffix));
    const next = restarted();
    expect(next.closedAfter(-1n)).toEqual([0n, 3n, 6n]);
    expect(next.activeSegments()).toEqual([7n]);
    expect(filesOf(next)).not.toContain('7.index');
  });
});

test('a lower file is closed, with or without an end marker', () => {
  damage(fileOf(stopped, 3), (bytes) => void bytes.writeInt32BE(0, 95));
  const store = restarted();
  expect(store.closedAfter(-1n)).toEqual([0n, 3n]);
  expect(eventsIn(store)).toEqual(numberedEvents(7));
  expect(decodedFile(store, 3).endsIn).toBe('zero');
});

test('segments that were full when the process died are closed at the next start', () => {
  const store = restarted();
  grow(store, 7);
  expect(store.activeSegments()).toEqual([6n, 9n, 12n]);
  store.crash();
  const next = restarted();
  expect(next.closedAfter(-1n)).toEqual([0n, 3n, 6n, 9n]);
  expect(next.activeSegments()).toEqual([12n]);
  expect(eventsIn(next)).toEqual(numberedEvents(14));
});

describe('a torn transaction', () => {
  test('is dropped, and its bytes become zeros', () => {
    const store = restarted();
    grow(store, 1);
    store.crash();
    expect(bytesOf(6).subarray(65).equals(Buffer.alloc(35))).toBe(false);
    expect(restarted().nextToken).toBe(8n);
    expect(bytesOf(6).subarray(65)).toEqual(Buffer.alloc(35));
  });

  // The real server leaves them, and can take them for a size behind a shorter transaction.
  test('leaves nothing that could be taken for a size behind a shorter one', () => {
    damage(fileOf(stopped, 6), (bytes) => void bytes.fill(0xab, 39));
    const store = restarted();
    appendBytes(store, 17);
    store.close(nowMs);
    expect(bytesOf(6).subarray(52)).toEqual(Buffer.alloc(48));
    expect(restarted().nextToken).toBe(8n);
  });

  test('of several events is dropped whole', () => {
    const events = [Buffer.from('0a016d', 'hex'), Buffer.from('0a016e', 'hex')];
    damage(fileOf(stopped, 6), (bytes) => void encodeTransaction(events).copy(bytes, 39, 4));
    expect(restarted().nextToken).toBe(7n);
  });
});

describe('an open file that cannot be read stops the start with the message of the real server:', () => {
  const cuts: ReadonlyArray<readonly [what: string, length: number, token: number]> = [
    ['cut inside an event', 28, 6],
    ['cut inside a checksum', 33, 6],
    ['cut at the end of a transaction', 35, 7],
    ['cut three bytes behind it', 38, 7],
    ['cut behind its header', 5, 6],
    ...[0, 1, 2, 3, 4].map((length) => [`cut to ${length} bytes`, length, 6] as const),
  ];
  test.each(cuts)('%s', (_, length, token) => {
    damage(fileOf(stopped, 6), (bytes) => bytes.subarray(0, length));
    expect(failureOf(restarted).message).toBe(`[AXONIQ-9000] Failed to read event: ${token}`);
  });

  test('four bytes behind the last transaction are enough', () => {
    damage(fileOf(stopped, 6), (bytes) => bytes.subarray(0, 39));
    expect(restarted().nextToken).toBe(7n);
  });

  test.each([
    ['beyond the file', 0x7fffffff],
    ['negative', -2],
    ['smaller than the events', 18],
    ['larger than the events', 20],
  ])('with a size that is garbage: %s', (_, size) => {
    damage(fileOf(stopped, 6), (bytes) => void bytes.writeInt32BE(size, 5));
    expect(failureOf(restarted).message).toMatch(/^\[AXONIQ-9000\] Failed to read event: \d+$/);
  });

  test('with an event that is no event although the checksum is good', () => {
    damage(fileOf(stopped, 6), (bytes) => void encodeTransaction([Buffer.from('ffff', 'hex')]).copy(bytes, 35));
    expect(failureOf(restarted).message).toBe('[AXONIQ-9000] Failed to read event: 7');
  });
});
