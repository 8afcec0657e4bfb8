import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AxonError } from '../../../server/errors.ts';
import {
  decodeEventSegment,
  decodeTransactionAt,
  encodeEventSegmentHeader,
  encodeTransaction,
  type DecodedEventSegment,
} from '../../../server/formats/event-segment.ts';

const CLOSED = Buffer.from('ffffffff', 'hex');
const OPEN = Buffer.alloc(4);

/** Both events have 33 bytes. */
const eventLength = '00000021';
const firstEvent = '0a036d2d311203612d31220154280132060a01501a01013a080a016b12030a0176';
const secondEvent = '0a036d2d321203612d3118012201542880d095ffbc3132090a01501201311a0102';

function segmentOf(transactions: readonly (readonly Uint8Array[])[], end: Uint8Array): Buffer {
  return Buffer.concat([encodeEventSegmentHeader(), ...transactions.map((events) => encodeTransaction(events)), end]);
}

/** The failure, which must be the server's, or what was read. */
function readOrFail(bytes: Buffer, firstToken = 0n): DecodedEventSegment | AxonError {
  try {
    return decodeEventSegment(bytes, firstToken);
  } catch (error) {
    expect(error).toBeInstanceOf(AxonError);
    const failure = error as AxonError;
    expect(failure).toMatchObject({ kind: 'data-file-read', code: 'AXONIQ-9000', status: 500 });
    expect(failure.message).toMatch(/^\[AXONIQ-9000\] Failed to read event: \d+$/);
    return failure;
  }
}

describe('the worked example', () => {
  const golden = readFileSync(new URL('../../../fixtures/golden/worked-example.events', import.meta.url));

  test('the committed file has the 57 bytes that docs/event-segment-format.md gives', () => {
    expect(golden.toString('hex')).toBe(`020000000000000025020001${eventLength}${firstEvent}750d3d7effffffff`);
  });

  test('it is built again, byte for byte', () => {
    expect(segmentOf([[Buffer.from(firstEvent, 'hex')]], CLOSED).equals(golden)).toBe(true);
  });

  test('it holds one event in one transaction at offset 5', () => {
    expect(decodeEventSegment(golden, 0n)).toEqual({
      transactions: [
        {
          position: 5,
          lengthBytes: 48,
          firstToken: 0n,
          events: [Buffer.from(firstEvent, 'hex')],
          isChecksumGood: true,
        },
      ],
      endPosition: 53,
      endsIn: 'end-marker',
      nextToken: 1n,
    });
  });

  test('with a second event in the transaction the file has 94 bytes and another checksum', () => {
    const events = [Buffer.from(firstEvent, 'hex'), Buffer.from(secondEvent, 'hex')];
    const file = segmentOf([events], CLOSED);
    const body = `${eventLength}${firstEvent}${eventLength}${secondEvent}`;
    expect(file.toString('hex')).toBe(`02000000000000004a020002${body}b9af36baffffffff`);
    expect(file).toHaveLength(94);
  });

  test('the open form ends in zeros', () => {
    const open = Buffer.alloc(64);
    golden.copy(open, 0, 0, 53);
    expect(decodeEventSegment(open, 0n)).toEqual({ ...decodeEventSegment(golden, 0n), endsIn: 'zero' });
  });
});

const transactions = fc.array(
  fc.array(
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    { minLength: 1, maxLength: 4 },
  ),
  { maxLength: 5 },
);
const end = fc
  .tuple(fc.constantFrom(CLOSED, OPEN), fc.integer({ min: 0, max: 20 }))
  .map(([mark, padding]) => Buffer.concat([mark, Buffer.alloc(padding)]));
const firstToken = fc.bigInt({ min: 0n, max: 2n ** 62n });

describe('a segment', () => {
  test('whatever is written is read back, with its tokens and its places', () => {
    fc.assert(
      fc.property(transactions, end, firstToken, (written, tail, first) => {
        const bytes = segmentOf(written, tail);
        const read = decodeEventSegment(bytes, first);
        expect(read.transactions.map(({ events }) => events)).toEqual(written);
        expect(read.endsIn).toBe(tail[0] === 0 ? 'zero' : 'end-marker');
        expect(read.endPosition).toBe(bytes.length - tail.length);
        let token = first;
        let position = 5;
        for (const transaction of read.transactions) {
          expect(transaction).toMatchObject({ firstToken: token, position, isChecksumGood: true });
          token += BigInt(transaction.events.length);
          position += transaction.lengthBytes;
        }
        expect(read.nextToken).toBe(token);
      }),
    );
  });

  test('each transaction can be read by itself, where the whole says that it stands', () => {
    fc.assert(
      fc.property(transactions, end, (written, tail) => {
        const bytes = segmentOf(written, tail);
        for (const transaction of decodeEventSegment(bytes, 7n).transactions) {
          expect(decodeTransactionAt(bytes, transaction.position, transaction.firstToken)).toEqual(transaction);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('a new file holds nothing yet', () => {
    const read = decodeEventSegment(segmentOf([], Buffer.alloc(100)), 42n);
    expect(read).toEqual({ transactions: [], endPosition: 5, endsIn: 'zero', nextToken: 42n });
  });

  test('a transaction whose size is still 0 is not there yet, though its body is written', () => {
    const torn = encodeTransaction([Buffer.from('torn')]);
    torn.writeInt32BE(0, 0);
    const bytes = segmentOf([[Buffer.from('whole')]], Buffer.concat([torn, OPEN]));
    expect(decodeEventSegment(bytes, 0n)).toMatchObject({ nextToken: 1n, endsIn: 'zero', endPosition: 25 });
  });

  test.each([
    [32_767, [32_767]],
    [32_768, [32_767, 1]],
    [65_534, [32_767, 32_767]],
    [70_000, [32_767, 32_767, 4466]],
  ])('%i events of one transaction stand in blocks of %j', (count, blocks) => {
    const events = Array.from({ length: count }, (_, index) => Buffer.from(String(index)));
    const { transactions: read, nextToken } = decodeEventSegment(segmentOf([events], CLOSED), 7n);
    expect(read.map((block) => block.events.length)).toEqual(blocks);
    expect(read.every((block) => block.isChecksumGood)).toBe(true);
    expect(Buffer.concat(read.flatMap((block) => block.events)).equals(Buffer.concat(events))).toBe(true);
    expect(read.at(-1)?.firstToken).toBe(7n + BigInt(count - (blocks.at(-1) ?? 0)));
    expect(nextToken).toBe(7n + BigInt(count));
  });

  test('a transaction without events is a mistake of the caller', () => {
    expect(() => encodeTransaction([])).toThrow('at least one event');
  });
});

describe('a segment that is damaged', () => {
  test('cut anywhere before the end of its marker it cannot be read; cut in the padding it is whole', () => {
    fc.assert(
      fc.property(transactions, end, (written, tail) => {
        const bytes = segmentOf(written, tail);
        const whole = decodeEventSegment(bytes, 0n);
        for (let cut = 0; cut < bytes.length; cut++) {
          const read = readOrFail(bytes.subarray(0, cut));
          if (cut < whole.endPosition + 4) expect(read).toBeInstanceOf(AxonError);
          else expect(read).toEqual(whole);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('the failure names the token that could not be read', () => {
    const bytes = segmentOf([[Buffer.from('a'), Buffer.from('b')], [Buffer.from('c')]], CLOSED);
    expect(() => decodeEventSegment(bytes.subarray(0, -5), 40n)).toThrow('[AXONIQ-9000] Failed to read event: 42');
  });

  test.each([
    ['a size of -2', 5, 'fffffffe'],
    ['a size of 2 GiB', 5, '7fffffff'],
    ['a size that is one too small', 5, '00000024'],
    ['a size that is one too large', 5, '00000026'],
    ['a count of 0', 10, '0000'],
    ['a count of -1', 10, 'ffff'],
    ['a count of 32,767', 10, '7fff'],
    ['an event length of -1', 12, 'ffffffff'],
    ['an event length of -4', 12, 'fffffffc'],
    ['an event length that leaves bytes over', 12, '00000020'],
    ['an event length of 2 GiB', 12, '7fffffff'],
  ])('%s cannot be read', (_, at, hex) => {
    const bytes = segmentOf([[Buffer.from(firstEvent, 'hex')]], CLOSED);
    bytes.write(hex, at, 'hex');
    expect(readOrFail(bytes)).toBeInstanceOf(AxonError);
  });

  test('any one altered byte is a failure of the server, or is seen by the checksum where it covers the byte', () => {
    fc.assert(
      fc.property(transactions, end, fc.nat(), fc.integer({ min: 1, max: 255 }), (written, tail, place, mask) => {
        const bytes = segmentOf(written, tail);
        const whole = decodeEventSegment(bytes, 0n);
        const at = place % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ mask;
        const hit = whole.transactions.findIndex(
          (one) => at >= one.position + 7 && at < one.position + one.lengthBytes,
        );
        const read = readOrFail(bytes);
        if (read instanceof AxonError) return;
        if (hit >= 0) expect(read.transactions.map((one) => one.isChecksumGood).indexOf(false)).toBe(hit);
        else expect(read.transactions.every((one) => one.isChecksumGood)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test('an altered event keeps its place and its neighbours', () => {
    const bytes = segmentOf([[Buffer.from('one')], [Buffer.from('two')]], CLOSED);
    bytes.write('OWT', bytes.indexOf('two'));
    const read = decodeEventSegment(bytes, 0n);
    expect(read.transactions.map((one) => one.isChecksumGood)).toEqual([true, false]);
    expect(read.transactions.map((one) => one.events.map(String))).toEqual([['one'], ['OWT']]);
  });

  test('any bytes at all are read or are a failure of the server', () => {
    const hostile = fc.array(fc.oneof(fc.constantFrom(0, 1, 2, 4, 255), fc.nat(255)), { maxLength: 60 });
    fc.assert(
      fc.property(hostile, (bytes) => {
        readOrFail(Buffer.from(bytes));
      }),
      { numRuns: 2000 },
    );
  });
});
