import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AxonError } from '../../../server/errors.ts';
import {
  decodeLogEntry,
  decodeLogSegment,
  encodeLogEntry,
  encodeLogSegmentHeader,
  LOG_ENTRY_OVERHEAD_BYTES,
  logEntryTypes,
  type DecodedLogSegment,
  type LogEntry,
} from '../../../server/formats/log-segment.ts';

type Content = Omit<LogEntry, 'index'>;

/** Every entry type at least once; each line: length, version, term, type, data, CRC-32 of the data alone. */
const goldenEntries = [
  // leader elected { 1 leaderId "n-1" }
  { position: 5, term: 1, line: '00000005 00 0000000000000001 00000005 0a036e2d31 ad9afcad' },
  // new configuration { 1 node { 1 id "n-1", 2 host "h", 3 port 8224, 4 name "n" },
  //                     1 node { 1 id "n-2", 2 host "h", 3 port 8225, 4 name "m", 5 role 2 } }
  {
    position: 31,
    term: 1,
    line: '00000022 00 0000000000000001 00000004 0a0e0a036e2d3112016818a04022016e0a100a036e2d3212016818a14022016d2802 ed76b116',
  },
  // serialized object { 1 type "ADD_CONTEXT", 2 data 01 }
  {
    position: 86,
    term: 1,
    line: '00000010 00 0000000000000001 00000003 0a0b4144445f434f4e54455854120101 425183b7',
  },
  // serialized object { 1 type "Append.EVENT", 2 data { 3 event 0a0161, 3 event 0a0162 } }
  {
    position: 123,
    term: 1,
    line: '0000001a 00 0000000000000001 00000003 0a0c417070656e642e4556454e54120a1a030a01611a030a0162 94c8d4b9',
  },
  // serialized object { 1 type "Append.SNAPSHOT",
  //                     2 data { 1 token 300, 2 version 1, 3 event 0a0163, 4 context "ctx" } }
  {
    position: 170,
    term: 2,
    line: '00000022 00 0000000000000002 00000003 0a0f417070656e642e534e415053484f54120f08ac0210011a030a01632203637478 32067317',
  },
  // dummy: the byte "X"
  { position: 225, term: 2, line: '00000001 00 0000000000000002 00000006 58 b7b2364b' },
].map(({ line, ...entry }) => ({ ...entry, hex: line.split(' ') }));

function segmentOf(entries: readonly Content[], end: Uint8Array): Buffer {
  return Buffer.concat([encodeLogSegmentHeader(), ...entries.map((entry) => encodeLogEntry(entry)), end]);
}

/** The failure, which must be the server's, or what was read. */
function readOrFail(bytes: Buffer): DecodedLogSegment | AxonError {
  try {
    return decodeLogSegment(bytes, 1);
  } catch (error) {
    expect(error).toBeInstanceOf(AxonError);
    expect(error).toMatchObject({ kind: 'data-file-read', code: 'AXONIQ-9000' });
    return error as AxonError;
  }
}

describe('the golden segment', () => {
  const golden = readFileSync(new URL('../../../fixtures/golden/worked-example.log', import.meta.url));

  test('it is the header, six entries, the end marker and zeros up to its length', () => {
    const entries = goldenEntries.flatMap(({ hex }) => hex).join('');
    expect(golden.toString('hex')).toBe(`0000000000${entries}ffffffff${'00'.repeat(69)}`);
  });

  test('its entries have the terms, types, places and data that were put there', () => {
    const read = decodeLogSegment(golden, 1);
    expect(read).toMatchObject({ endPosition: 247, endsIn: 'end-marker' });
    expect(read.entries).toEqual(
      goldenEntries.map(({ position, term, hex }, place) => ({
        index: 1 + place,
        term,
        type: Number(hex[3]),
        data: Buffer.from(hex[4] ?? '', 'hex'),
        position,
        isChecksumGood: true,
      })),
    );
    expect(new Set(read.entries.map(({ type }) => type))).toEqual(new Set(Object.values(logEntryTypes)));
  });

  test('it is built again, byte for byte', () => {
    const { entries } = decodeLogSegment(golden, 1);
    const end = Buffer.concat([Buffer.from('ffffffff', 'hex'), Buffer.alloc(69)]);
    expect(segmentOf(entries, end).equals(golden)).toBe(true);
  });
});

const content: fc.Arbitrary<Content> = fc.record({
  term: fc.oneof(fc.nat(20), fc.maxSafeNat()),
  type: fc.constantFrom(...Object.values(logEntryTypes)),
  data: fc.uint8Array({ minLength: 1, maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
});
const contents = fc.array(content, { maxLength: 6 });
const end = fc
  .tuple(fc.constantFrom('ffffffff', '00000000'), fc.nat(20))
  .map(([mark, padding]) => Buffer.concat([Buffer.from(mark, 'hex'), Buffer.alloc(padding)]));

describe('a log segment', () => {
  test('whatever is written is read back, with indexes from the first on', () => {
    fc.assert(
      fc.property(contents, end, fc.integer({ min: 1, max: 2 ** 40 }), (written, tail, firstIndex) => {
        const bytes = segmentOf(written, tail);
        const read = decodeLogSegment(bytes, firstIndex);
        let position = 5;
        const expected = written.map((entry, place) => {
          const stored = { ...entry, index: firstIndex + place, position, isChecksumGood: true };
          position += LOG_ENTRY_OVERHEAD_BYTES + entry.data.length;
          return stored;
        });
        expect(read.entries).toEqual(expected);
        expect(read.endPosition).toBe(bytes.length - tail.length);
        expect(read.endsIn).toBe(tail[0] === 0 ? 'zero' : 'end-marker');
      }),
    );
  });

  test('one record is read back by itself', () => {
    fc.assert(
      fc.property(content, fc.nat(), (entry, index) => {
        expect(decodeLogEntry(encodeLogEntry(entry), index)).toEqual({ ...entry, index });
      }),
    );
  });

  test('a new file holds no entry', () => {
    const read = decodeLogSegment(segmentOf([], Buffer.alloc(100)), 7);
    expect(read).toEqual({ entries: [], endPosition: 5, endsIn: 'zero' });
  });

  test('an entry whose length is still 0 is not there yet, though the rest is written', () => {
    const torn = encodeLogEntry({ term: 1, type: 6, data: Buffer.from('X') });
    torn.writeInt32BE(0, 0);
    const bytes = segmentOf([{ term: 1, type: 6, data: Buffer.from('X') }], torn);
    expect(decodeLogSegment(bytes, 1)).toMatchObject({ entries: [{ index: 1 }], endPosition: 27, endsIn: 'zero' });
  });

  test('an entry without data is a mistake of the caller: its length would say that it is not there', () => {
    expect(() => encodeLogEntry({ term: 1, type: 6, data: Buffer.alloc(0) })).toThrow('at least one byte');
  });
});

describe('a log segment that is damaged', () => {
  test('cut anywhere before the end of its marker it cannot be read; cut in the padding it is whole', () => {
    fc.assert(
      fc.property(contents, end, (written, tail) => {
        const bytes = segmentOf(written, tail);
        const whole = decodeLogSegment(bytes, 1);
        for (let cut = 0; cut < bytes.length; cut++) {
          const read = readOrFail(bytes.subarray(0, cut));
          if (cut < whole.endPosition + 4) expect(read).toBeInstanceOf(AxonError);
          else expect(read).toEqual(whole);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('the failure names the index of the entry that breaks off, or the length of an empty file', () => {
    const entry = { term: 1, type: 6, data: Buffer.from('X') };
    const cut = segmentOf([entry, entry], Buffer.alloc(0)).subarray(0, -1);
    expect(() => decodeLogSegment(cut, 40)).toThrow('[AXONIQ-9000] failed to read entry: 41');
    expect(() => decodeLogSegment(Buffer.alloc(0), 40)).toThrow("0 buffer limit, it looks like it's corrupted");
  });

  // Rounded, such a term turned into its neighbour's, and the greatest one could not be written again.
  test.each(['7fffffffffffffff', '8000000000000000', '0020000000000000'])('a term of %s cannot be read', (term) => {
    const bytes = segmentOf([{ term: 1, type: 6, data: Buffer.from('X') }], Buffer.alloc(4));
    bytes.write(term, 10, 'hex');
    expect(readOrFail(bytes)).toBeInstanceOf(AxonError);
  });

  test('any one altered byte is a failure of the server, or is seen by the checksum where it covers the byte', () => {
    fc.assert(
      fc.property(contents, end, fc.nat(), fc.integer({ min: 1, max: 255 }), (written, tail, place, mask) => {
        const bytes = segmentOf(written, tail);
        const whole = decodeLogSegment(bytes, 1);
        const at = place % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ mask;
        const read = readOrFail(bytes);
        const hit = whole.entries.findIndex((entry) => {
          const dataStart = entry.position + 17;
          return at >= dataStart && at < dataStart + entry.data.length + 4;
        });
        if (hit < 0) return;
        expect(read).not.toBeInstanceOf(AxonError);
        const { entries } = read as DecodedLogSegment;
        expect(entries.map((entry) => entry.isChecksumGood)).toEqual(whole.entries.map((_, index) => index !== hit));
      }),
      { numRuns: 3000 },
    );
  });

  test('any bytes at all are read or are a failure of the server', () => {
    const hostile = fc.array(fc.oneof(fc.constantFrom(0, 1, 2, 4, 255), fc.nat(255)), { maxLength: 80 });
    fc.assert(
      fc.property(hostile, (bytes) => {
        readOrFail(Buffer.from(bytes));
      }),
      { numRuns: 2000 },
    );
  });
});
