import * as fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { encodeBloomFilter } from '../../../server/formats/bloom-filter.ts';
import { decodeSegmentIndex } from '../../../server/formats/segment-index.ts';
import type { EventStore } from '../../../server/stores/event-store.ts';
import { prepareTransaction } from '../../../server/stores/transaction.ts';
import {
  append,
  appendBytes,
  decodedFile,
  domainEvent,
  eventsIn,
  fileOf,
  filesOf,
  grow,
  growThreeSegments,
  nowMs,
  openEventStore,
} from '../../support/event-stores.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function bytesOf(store: EventStore, segment: number): Buffer {
  return fs.readFileSync(fileOf(store, segment));
}

describe('a new event store', () => {
  test('has an empty open segment 0 of full length, and nothing closed', () => {
    const store = openEventStore(temporaryFolder());
    expect(filesOf(store)).toEqual(['0.events']);
    expect(bytesOf(store, 0)).toEqual(Buffer.concat([Buffer.from([2, 0, 0, 0, 0]), Buffer.alloc(95)]));
    expect(store).toMatchObject({ nextToken: 0n, firstToken: 0n, openSegment: 0n, closedCount: 0 });
    expect(store.lastClosedSegment).toBe(-1n);
    expect(store.closedAfter(-1n)).toEqual([]);
    expect(store.activeSegments()).toEqual([0n]);
    expect(eventsIn(store)).toEqual([]);
  });
});

describe('a transaction', () => {
  test('that brings another token than the next one is a mistake of the caller', () => {
    const store = openEventStore(temporaryFolder());
    expect(() => store.append(prepareTransaction(1n, [domainEvent()]), nowMs)).toThrow('Expected token 0, got 1');
  });

  test('of several events takes as many tokens and is never split', () => {
    const store = openEventStore(temporaryFolder());
    grow(store, 2);
    append(store, [domainEvent(), domainEvent()]);
    expect(store.nextToken).toBe(4n);
    expect(store.activeSegments()).toEqual([0n, 2n]);
    expect([...store.transactionsFrom(0n)].map(({ events }) => events.length)).toEqual([1, 1, 2]);
  });

  // The open file has 100 bytes: 5 for its header, 60 for two transactions, so 35 are left for another and the marker.
  test.each([
    ['exact-fit', 31, true],
    ['exact-fit', 32, false],
    ['strict', 30, true],
    ['strict', 31, false],
  ] as const)(
    'under the rule %s, one of %i bytes stays in a file with room for 35: %s',
    (overflow, lengthBytes, stays) => {
      const store = openEventStore(temporaryFolder(), { overflow });
      grow(store, 2);
      appendBytes(store, lengthBytes);
      store.settle(false);
      expect(store.activeSegments()).toEqual(stays ? [0n] : [0n, 2n]);
      const { transactions, endPosition, endsIn } = decodedFile(store, 0);
      expect({ transactions: transactions.length, endPosition, endsIn }).toEqual(
        stays
          ? { transactions: 3, endPosition: 65 + lengthBytes, endsIn: 'zero' }
          : { transactions: 2, endPosition: 65, endsIn: 'end-marker' },
      );
    },
  );

  test('that fits exactly is followed by an end marker in the last four bytes', () => {
    const store = openEventStore(temporaryFolder());
    appendBytes(store, 91);
    grow(store, 1);
    expect(bytesOf(store, 0)).toHaveLength(100);
    expect(decodedFile(store, 0)).toMatchObject({ endPosition: 96, endsIn: 'end-marker', nextToken: 1n });
  });

  test.each(['exact-fit', 'strict'] as const)(
    'larger than a segment gets a file of its own under the rule %s',
    (overflow) => {
      const store = openEventStore(temporaryFolder(), { overflow });
      grow(store, 1);
      appendBytes(store, 150);
      grow(store, 1);
      expect(store.activeSegments()).toEqual([0n, 1n, 2n]);
      expect([0, 1, 2].map((segment) => bytesOf(store, segment).length)).toEqual([100, 159, 100]);
      expect(decodedFile(store, 1)).toMatchObject({ endPosition: 155, endsIn: 'end-marker', nextToken: 2n });
    },
  );

  test('larger than a segment makes an empty open file larger instead of leaving it empty', () => {
    const store = openEventStore(temporaryFolder());
    appendBytes(store, 150);
    expect(filesOf(store)).toEqual(['0.events']);
    expect(bytesOf(store, 0)).toHaveLength(159);
    expect(store.activeSegments()).toEqual([0n]);
  });

  test('of more events than a block can count is read as several', () => {
    const store = openEventStore(temporaryFolder());
    append(
      store,
      Array.from({ length: 32_768 }, () => Buffer.alloc(0)),
    );
    expect(store.nextToken).toBe(32_768n);
    const read = [...store.transactionsFrom(32_767n)];
    expect(read).toMatchObject([{ firstToken: 32_767n, isChecksumGood: true }]);
  });
});

describe('a segment', () => {
  test('that is full has its marker, zeros behind it and no index, and is still active', () => {
    const store = openEventStore(temporaryFolder());
    grow(store, 2);
    store.settle(true);
    expect(bytesOf(store, 0).subarray(69, 83).equals(Buffer.alloc(14))).toBe(false);
    appendBytes(store, 60);
    expect(bytesOf(store, 0).subarray(65)).toEqual(Buffer.concat([Buffer.from('ffffffff', 'hex'), Buffer.alloc(31)]));
    expect(filesOf(store)).toEqual(['0.events', '2.events']);
    expect(store.hasFullSegments).toBe(true);
    expect(store.activeSegments()).toEqual([0n, 2n]);
    expect(store.closedAfter(-1n)).toEqual([]);
  });

  test('is closed one a tick, the lowest first, and gets its index and bloom filter then', () => {
    const store = growThreeSegments(openEventStore(temporaryFolder()));
    expect(filesOf(store)).toEqual(['0.events', '3.events', '6.events']);
    expect(store.closeNext(nowMs)).toBe(0n);
    expect(filesOf(store)).toEqual(['0.bloom', '0.events', '0.index', '3.events', '6.events']);
    expect(store.activeSegments()).toEqual([3n, 6n]);
    expect(store.lastClosedSegment).toBe(0n);
    expect(store.closeNext(nowMs)).toBe(3n);
    expect(store.closeNext(nowMs)).toBeNull();
    expect(store.activeSegments()).toEqual([6n]);
    expect(store.lastClosedSegment).toBe(3n);
    expect(store.closedCount).toBe(2);
    expect(store.hasFullSegments).toBe(false);
  });

  test('has an index that leads to the events of each aggregate, and an exact bloom filter', () => {
    const store = openEventStore(temporaryFolder(), { segmentSizeBytes: 200 });
    append(store, [domainEvent({ aggregateSequenceNumber: 5n, timestampMs: 0n }), domainEvent({ aggregateType: '' })]);
    append(store, [domainEvent({ aggregateIdentifier: 'a-2', messageIdentifier: 'm' })]);
    append(store, [domainEvent({ aggregateSequenceNumber: 6n, timestampMs: 0n })]);
    expect(store.roll(nowMs)).toBe(0n);
    const index = decodeSegmentIndex(fs.readFileSync(fileOf(store, 0, '.index')));
    expect(index).toEqual(
      new Map([
        ['a-1', { firstSequenceNumber: 5n, positions: [12, 86] }],
        ['a-2', { firstSequenceNumber: 0n, positions: [58] }],
      ]),
    );
    for (const position of [12, 58, 86]) expect(bytesOf(store, 0).readInt32BE(position)).toBeLessThanOrEqual(15);
    expect(fs.readFileSync(fileOf(store, 0, '.bloom'))).toEqual(encodeBloomFilter(new Set(['a-1', 'a-2'])));
  });

  test('without domain events gets both files too', () => {
    const store = openEventStore(temporaryFolder());
    appendBytes(store, 30);
    store.roll(nowMs);
    expect(decodeSegmentIndex(fs.readFileSync(fileOf(store, 0, '.index')))).toEqual(new Map());
    expect(fs.readFileSync(fileOf(store, 0, '.bloom'))).toHaveLength(14);
    expect(store.isIndexed(0n)).toBe(true);
  });

  test('can be ended and closed before it is full, with all that wait to be closed before it', () => {
    const store = growThreeSegments(openEventStore(temporaryFolder()));
    expect(store.roll(nowMs)).toBe(6n);
    expect(store.closedAfter(-1n)).toEqual([0n, 3n, 6n]);
    expect(store.openSegment).toBe(7n);
    expect(store.roll(nowMs)).toBeNull();
    expect(filesOf(store)).toContain('7.events');
    expect(store.openSegment).toBe(7n);
  });

  test('has the virtual times of its last write, of its end, and of its close', () => {
    const store = openEventStore(temporaryFolder(), {}, nowMs);
    const timeOf = (segment: number, suffix: string): number =>
      fs.statSync(fileOf(store, segment, suffix)).mtime.getTime();
    expect(timeOf(0, '.events')).toBe(nowMs);
    grow(store, 3, nowMs + 1000);
    store.settle(true);
    expect(timeOf(0, '.events')).toBe(nowMs + 1000);
    grow(store, 1, nowMs + 2000);
    expect(timeOf(0, '.events')).toBe(nowMs + 2000);
    expect(timeOf(3, '.events')).toBe(nowMs + 2000);
    store.closeNext(nowMs + 3000);
    expect(timeOf(0, '.events')).toBe(nowMs + 2000);
    expect([timeOf(0, '.index'), timeOf(0, '.bloom')]).toEqual([nowMs + 3000, nowMs + 3000]);
  });
});
