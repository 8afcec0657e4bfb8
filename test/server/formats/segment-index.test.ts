import { crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeSegmentIndex, encodeSegmentIndex, type IndexEntry } from '../../../server/formats/segment-index.ts';

const entry: fc.Arbitrary<IndexEntry> = fc.record({
  firstSequenceNumber: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  positions: fc.array(fc.nat(2 ** 31 - 1), { maxLength: 20 }),
});
const index = fc
  .array(fc.tuple(fc.string({ unit: 'binary', maxLength: 20 }), entry), { maxLength: 10 })
  .map((entries) => new Map(entries));

const small = new Map<string, IndexEntry>([
  ['a-1', { firstSequenceNumber: 0n, positions: [12, 221] }],
  ['', { firstSequenceNumber: -1n, positions: [] }],
]);

/** Content behind a signature and a checksum that are right, so that only its own sense can give it away. */
function sealed(content: Buffer): Buffer {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(content));
  return Buffer.concat([encodeSegmentIndex(new Map()).subarray(0, 10), checksum, content]);
}

test('it begins like a MapDB file, says what it is, and lists each aggregate', () => {
  const bytes = [
    '4a03', // as MapDB's files begin
    '7374616e642d696e', // "stand-in"
    '994dbcfd', // CRC-32 of what follows
    '00000003612d31', // "a-1"
    '0000000000000000', // first sequence number 0
    '000000020000000c000000dd', // 2 positions: 12, 221
    '00000000', // the empty key
    'ffffffffffffffff', // first sequence number -1
    '00000000', // no positions
  ].join('');
  expect(encodeSegmentIndex(small).toString('hex')).toBe(bytes);
  expect(decodeSegmentIndex(Buffer.from(bytes, 'hex'))).toEqual(small);
});

test('the index of a segment without domain events is empty, and still an index', () => {
  expect(decodeSegmentIndex(encodeSegmentIndex(new Map()))).toEqual(new Map());
});

test('every index is read back as it was written, in its order', () => {
  fc.assert(
    fc.property(index, (entries) => {
      const read = decodeSegmentIndex(encodeSegmentIndex(entries));
      expect([...(read ?? [])]).toEqual([...entries]);
    }),
  );
});

describe('bytes that are no whole index', () => {
  test('an index that is cut anywhere is none', () => {
    fc.assert(
      fc.property(index, (entries) => {
        const whole = encodeSegmentIndex(entries);
        for (let cut = 0; cut < whole.length; cut++) expect(decodeSegmentIndex(whole.subarray(0, cut))).toBeNull();
      }),
      { numRuns: 30 },
    );
  });

  test('an index of which any byte was altered is none', () => {
    const whole = encodeSegmentIndex(small);
    for (let at = 0; at < whole.length; at++) {
      for (let mask = 1; mask < 256; mask++) {
        const altered = Buffer.from(whole);
        altered[at] = (altered[at] ?? 0) ^ mask;
        expect(decodeSegmentIndex(altered)).toBeNull();
      }
    }
  });

  test("a real server's index, which is a MapDB file, is none of ours", () => {
    const real = Buffer.alloc(2048);
    real.write('4a03', 'hex');
    expect(decodeSegmentIndex(real)).toBeNull();
  });

  // The decoder trusted every length behind a good checksum: it ran past the end with a RangeError, or, where a negative
  // length led back to its own place, forever.
  test.each([
    ['half a length', '0000'],
    ['a key that breaks off', '00000005612d31'],
    ['a key without the rest', '00000003612d31'],
    ['a key of 2 GiB', `7fffffff${'00'.repeat(16)}`],
    ['a key length that leads back to itself', `fffffff0${'00'.repeat(16)}`],
    ['a key length that leads before the file', `80000000${'00'.repeat(16)}`],
    ['more positions than there are', `00000000${'00'.repeat(8)}000000020000000c`],
    ['2^31 - 1 positions', `00000000${'00'.repeat(8)}7fffffff0000000c`],
    ['a negative number of positions', `00000000${'00'.repeat(8)}fffffffc`],
  ])('%s under a good checksum is no index', (_, hex) => {
    expect(decodeSegmentIndex(sealed(Buffer.from(hex, 'hex')))).toBeNull();
  });

  test('any content under a good checksum is an index or none, and never a failure', () => {
    const hostile = fc.array(fc.constantFrom(0, 0, 0, 1, 4, 12, 0xf0, 0xff), { maxLength: 60 });
    fc.assert(
      fc.property(hostile, (bytes) => {
        const content = Buffer.from(bytes);
        const read = decodeSegmentIndex(sealed(content));
        if (read !== null) expect(encodeSegmentIndex(read).length).toBeLessThanOrEqual(14 + content.length);
      }),
      { numRuns: 5000 },
    );
  });
});
