import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { encodeBloomFilter, isBloomFilter, mightContain } from '../../../server/formats/bloom-filter.ts';
import { decodeEventMessage, encodeEventMessage, readIndexKey } from '../../../server/formats/event-message.ts';
import {
  decodeEventSegment,
  encodeEventSegmentHeader,
  encodeTransaction,
  type DecodedEventSegment,
} from '../../../server/formats/event-segment.ts';
import {
  decodeLeaderElected,
  decodeNewConfiguration,
  encodeLeaderElected,
  encodeNewConfiguration,
} from '../../../server/formats/log-entry-data.ts';
import {
  decodeLogSegment,
  encodeLogEntry,
  encodeLogSegmentHeader,
  logEntryTypes,
} from '../../../server/formats/log-segment.ts';

/**
 * Files that a real server wrote are not ours to commit. They lie among the test resources of the public repository
 * AxonIQ/axon-server-se: events, snapshots and bloom filter under axonserver/, the log under axonserver-cluster/.
 * This variable names a folder with copies of the four.
 */
const folder = process.env['AXON_GOLDEN_DIR'] ?? '';
const files = {
  events: '00000000000000000000.events',
  snapshots: '00000000000000000000.snapshots',
  bloom: '00000000000000000000.bloom',
  log: '00000000000000000001.log',
};

const MARKER = Buffer.from('ffffffff', 'hex');

test.skipIf(folder === '')(
  `files that a real server wrote are read and rebuilt (left out unless AXON_GOLDEN_DIR names a folder with ${Object.values(files).join(', ')} from the test resources of AxonIQ/axon-server-se)`,
  () => {
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(Object.values(files)));
  },
);

function goldenBytes(kind: keyof typeof files): Buffer {
  return readFileSync(path.join(folder, files[kind]));
}

function eventsOf(segment: DecodedEventSegment): Buffer[] {
  return segment.transactions.flatMap(({ events }) => [...events]);
}

/** The end marker or zeros, then zeros up to the length that the file had from its creation. */
function padded(parts: readonly Buffer[], lengthBytes: number): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([content, Buffer.alloc(lengthBytes - content.length)]);
}

if (folder !== '') {
  describe.each([
    ['events', 99_788],
    ['snapshots', 99_990],
  ] as const)('the %s of a real server', (kind, endPosition) => {
    const bytes = goldenBytes(kind);
    const segment = decodeEventSegment(bytes, 0n);

    test('are 231 transactions of two, closed by a marker, every checksum good', () => {
      expect(bytes).toHaveLength(100_000);
      expect(segment).toMatchObject({ endPosition, endsIn: 'end-marker', nextToken: 462n });
      expect(segment.transactions).toHaveLength(231);
      expect(segment.transactions.every(({ events }) => events.length === 2)).toBe(true);
      expect(segment.transactions.filter(({ isChecksumGood }) => !isChecksumGood)).toEqual([]);
    });

    test('are rebuilt byte for byte from the values of their events', () => {
      const transactions = segment.transactions.map(({ events }) =>
        encodeTransaction(events.map((event) => encodeEventMessage(decodeEventMessage(event)))),
      );
      expect(padded([encodeEventSegmentHeader(), ...transactions, MARKER], bytes.length).equals(bytes)).toBe(true);
    });

    test('cannot be read when they are cut before the end of the marker', () => {
      for (const { position, lengthBytes } of segment.transactions) {
        for (const cut of [position + 3, position + 100, position + lengthBytes]) {
          expect(() => decodeEventSegment(bytes.subarray(0, cut), 0n)).toThrow('AXONIQ-9000');
        }
      }
      expect(() => decodeEventSegment(bytes.subarray(0, endPosition + 3), 0n)).toThrow('AXONIQ-9000');
      expect(decodeEventSegment(bytes.subarray(0, endPosition + 4), 0n)).toEqual(segment);
    });
  });

  test('the first events of a real server say what was read in them by other means', () => {
    const [first, second] = eventsOf(decodeEventSegment(goldenBytes('events'), 0n)).map((bytes) => ({
      lengthBytes: bytes.length,
      event: decodeEventMessage(bytes),
    }));
    expect(first).toMatchObject({
      lengthBytes: 205,
      event: {
        messageIdentifier: 'f7cd8a66-f1ff-421e-870c-31a82bafdf7f',
        aggregateIdentifier: 'Aggregate-87',
        aggregateType: 'MyAggregateType',
        aggregateSequenceNumber: 0n,
        timestampMs: 1_601_283_892_069n,
        payload: { type: 'MyPayloadType', revision: '' },
        metaData: [],
        snapshot: false,
      },
    });
    expect(first?.event.payload?.data).toHaveLength(110);
    expect(second).toMatchObject({
      lengthBytes: 207,
      event: { aggregateSequenceNumber: 1n, timestampMs: 1_601_283_892_227n },
    });
  });

  test('the bloom filter of a real server is built again from the keys of the events', () => {
    const keys = new Set<string>();
    for (const event of eventsOf(decodeEventSegment(goldenBytes('events'), 0n))) {
      const key = readIndexKey(event);
      if (key !== null) keys.add(key);
    }
    const bloom = goldenBytes('bloom');
    expect(keys.size).toBe(100);
    expect(encodeBloomFilter(keys).equals(bloom)).toBe(true);
    expect(isBloomFilter(bloom)).toBe(true);
    expect([...keys].filter((key) => !mightContain(bloom, key))).toEqual([]);
  });

  describe('the log of a real server', () => {
    const bytes = goldenBytes('log');
    const { entries, endPosition, endsIn } = decodeLogSegment(bytes, 1);

    test('is four entries of two terms, still open, every checksum good', () => {
      expect({ endPosition, endsIn }).toEqual({ endPosition: 738, endsIn: 'zero' });
      expect(entries.map(({ index }) => index)).toEqual([1, 2, 3, 4]);
      expect(entries.map(({ term }) => term)).toEqual([1, 1, 1, 5]);
      expect(entries.map(({ type }) => type)).toEqual([5, 4, 4, 5]);
      expect(entries.every(({ isChecksumGood }) => isChecksumGood)).toBe(true);
    });

    test('is rebuilt byte for byte from the values of its entries', () => {
      const records = entries.map((entry) => {
        const data =
          entry.type === logEntryTypes.leaderElected
            ? encodeLeaderElected(decodeLeaderElected(entry.data))
            : encodeNewConfiguration(decodeNewConfiguration(entry.data));
        return encodeLogEntry({ ...entry, data });
      });
      expect(padded([encodeLogSegmentHeader(), ...records], bytes.length).equals(bytes)).toBe(true);
    });

    test('elects a node that its configurations name', () => {
      const ids = decodeNewConfiguration(entries[1]?.data ?? Buffer.alloc(0)).map(({ nodeId }) => nodeId);
      expect(ids).toHaveLength(2);
      expect(ids).toContain(decodeLeaderElected(entries[0]?.data ?? Buffer.alloc(0)));
    });
  });
}
