import { crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeLogIndex, encodeLogIndex, isLogIndex } from '../../../server/formats/log-index.ts';
import { decodeSegmentIndex, encodeSegmentIndex } from '../../../server/formats/segment-index.ts';

const index = fc
  .array(fc.tuple(fc.maxSafeNat(), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })), { maxLength: 20 })
  .map((entries) => new Map(entries));

const small = new Map([
  [101, 5],
  [102, 221],
]);

/** Content behind a signature and a checksum that are right, so that only its own sense can give it away. */
function sealed(content: Buffer): Buffer {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(content));
  return Buffer.concat([encodeLogIndex(new Map()).subarray(0, 14), checksum, content]);
}

test('it begins like a MapDB file, says what it is, and has the place of each entry', () => {
  const bytes = [
    '4a03', // as MapDB's files begin
    '6c6f67207374616e642d696e', // "log stand-in"
    'd7b5ee35', // CRC-32 of what follows
    '000000000000006500000005', // entry 101 at 5
    '0000000000000066000000dd', // entry 102 at 221
  ].join('');
  expect(encodeLogIndex(small).toString('hex')).toBe(bytes);
  expect(decodeLogIndex(Buffer.from(bytes, 'hex'))).toEqual(small);
});

test('the index of a segment without entries is empty, and still an index', () => {
  expect(decodeLogIndex(encodeLogIndex(new Map()))).toEqual(new Map());
});

test('every index is read back as it was written, in its order', () => {
  fc.assert(
    fc.property(index, (positions) => {
      expect([...(decodeLogIndex(encodeLogIndex(positions)) ?? [])]).toEqual([...positions]);
    }),
  );
});

// Both kinds are called `00000000000000000001.index`, and a client may mix them up.
test('no index of a log is one of events, and the other way round', () => {
  const ofEvents = encodeSegmentIndex(new Map([['a-1', { firstSequenceNumber: 0n, positions: [12] }]]));
  expect([isLogIndex(ofEvents), decodeLogIndex(ofEvents)]).toEqual([false, null]);
  for (const bytes of [encodeLogIndex(small), encodeLogIndex(new Map())]) {
    expect([isLogIndex(bytes), decodeSegmentIndex(bytes)]).toEqual([true, null]);
  }
});

describe('bytes that are no whole index', () => {
  test('an index that is cut anywhere is none', () => {
    fc.assert(
      fc.property(index, (positions) => {
        const whole = encodeLogIndex(positions);
        for (let cut = 0; cut < whole.length; cut++) expect(decodeLogIndex(whole.subarray(0, cut))).toBeNull();
      }),
      { numRuns: 30 },
    );
  });

  test('an index of which any byte was altered is none', () => {
    const whole = encodeLogIndex(small);
    for (let at = 0; at < whole.length; at++) {
      for (let mask = 1; mask < 256; mask++) {
        const altered = Buffer.from(whole);
        altered[at] = (altered[at] ?? 0) ^ mask;
        expect(decodeLogIndex(altered)).toBeNull();
      }
    }
  });

  test("a real server's index, which is a MapDB file, is none of ours", () => {
    const real = Buffer.alloc(2048);
    real.write('4a03', 'hex');
    expect([isLogIndex(real), decodeLogIndex(real)]).toEqual([false, null]);
  });

  test.each([
    ['half an entry', '0000000000000065'],
    ['an entry twice', '000000000000006500000005000000000000006500000005'],
    ['an entry beyond all indexes', '7fffffffffffffff00000005'],
  ])('%s under a good checksum is no index', (_, hex) => {
    expect(decodeLogIndex(sealed(Buffer.from(hex, 'hex')))).toBeNull();
  });
});
