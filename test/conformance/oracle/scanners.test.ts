import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventScan, EventScanOptions } from '../../../conformance/oracle/segments/event-scan.ts';
import { EventScanner } from '../../../conformance/oracle/segments/event-scanner.ts';
import { LogScanner, type LogScan } from '../../../conformance/oracle/segments/log-scanner.ts';
import { walkSizes } from '../../../conformance/oracle/segments/size-walk.ts';
import {
  decodeEventSegment,
  encodeEventSegmentHeader,
  encodeTransaction,
} from '../../../server/formats/event-segment.ts';
import { encodeAppend } from '../../../server/formats/log-entry-data.ts';
import {
  decodeLogSegment,
  encodeLogEntry,
  encodeLogSegmentHeader,
  logEntryTypes,
} from '../../../server/formats/log-segment.ts';

/* Segments come piece by piece, and no more of them is in memory than a record: wherever they are cut, they are the same. */

const END = Buffer.from([0xff, 0xff, 0xff, 0xff]);

const transactions = fc.array(fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 4 }), {
  maxLength: 8,
});

/** A segment, whole or with altered bytes, or cut. */
const segments = fc
  .record({
    transactions,
    isOpen: fc.boolean(),
    padding: fc.nat(40),
    altered: fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 2 }),
    cut: fc.option(fc.nat(400)),
  })
  .map(({ transactions: events, isOpen, padding, altered, cut }) => {
    const end = isOpen ? Buffer.alloc(4) : END;
    const bytes = Buffer.concat([
      encodeEventSegmentHeader(),
      ...events.map((each) => encodeTransaction(each)),
      end,
      Buffer.alloc(padding),
    ]);
    for (const [at, value] of altered) if (at < bytes.length) bytes[at] = value;
    return cut === null ? bytes : bytes.subarray(0, cut);
  });

const cuts = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 });

/** In pieces of these lengths by turns; each piece is overwritten once it has been taken. */
function* inPieces(bytes: Buffer, lengths: readonly number[]): Generator<Buffer> {
  for (let at = 0, place = 0; at < bytes.length; place++) {
    const piece = Buffer.from(bytes.subarray(at, at + (lengths[place % lengths.length] ?? 1)));
    at += piece.length;
    yield piece;
    piece.fill(0xaa);
  }
}

function scan(pieces: Iterable<Buffer>, options: EventScanOptions = {}): EventScan & { readonly seen: string[] } {
  const seen: string[] = [];
  const scanner = new EventScanner(1000n, {
    keepsBlocks: true,
    seeEvent: (bytes, start, end, position) => seen.push(`${position} ${bytes.toString('hex', start, end)}`),
    ...options,
  });
  for (const piece of pieces) scanner.push(piece);
  return { ...scanner.finish(), seen };
}

describe('a segment of events', () => {
  test('is the same in pieces of any length as in one, whole or damaged', () => {
    fc.assert(
      fc.property(segments, cuts, (bytes, lengths) => {
        expect(scan(inPieces(bytes, lengths))).toEqual(scan([bytes]));
      }),
    );
  });

  test('with transactions that are too large for memory says the same of them, but for what their events hold', () => {
    fc.assert(
      fc.property(segments, cuts, fc.integer({ min: 12, max: 80 }), (bytes, lengths, mostWholeBytes) => {
        const { seen: _all, lastEventMs: _time, ...whole } = scan([bytes]);
        const { seen: _some, lastEventMs: _other, ...large } = scan(inPieces(bytes, lengths), { mostWholeBytes });
        expect(large).toEqual(whole);
      }),
    );
  });

  test('that is whole holds what the decoder of the server reads in it', () => {
    fc.assert(
      fc.property(transactions, cuts, (events, lengths) => {
        const bytes = Buffer.concat([
          encodeEventSegmentHeader(),
          ...events.map((each) => encodeTransaction(each)),
          END,
        ]);
        const decoded = decodeEventSegment(bytes, 1000n);
        const { nextToken, end, endBySizes, blocks, seen, badChecksums } = scan(inPieces(bytes, lengths));
        expect({ nextToken, end, endBySizes, badChecksums }).toEqual({
          nextToken: decoded.nextToken,
          end: 'end-marker',
          endBySizes: decoded.nextToken,
          badChecksums: [],
        });
        expect(blocks.map(({ firstToken, eventCount }) => [firstToken, eventCount])).toEqual(
          decoded.transactions.map((each) => [each.firstToken, each.events.length]),
        );
        expect(seen.map((each) => each.split(' ')[1])).toEqual(
          decoded.transactions.flatMap((each) => each.events.map((event) => event.toString('hex'))),
        );
      }),
    );
  });

  test('that is whole or cut ends at the same token where only its sizes are looked at', async () => {
    const readAtOf =
      (bytes: Buffer) =>
      (offset: number, lengthBytes: number): Buffer =>
        bytes.subarray(offset, offset + lengthBytes);
    await fc.assert(
      fc.asyncProperty(transactions, fc.boolean(), fc.option(fc.nat(300)), async (events, isOpen, cut) => {
        const whole = [encodeEventSegmentHeader(), ...events.map((each) => encodeTransaction(each))];
        const bytes = Buffer.concat([...whole, isOpen ? Buffer.alloc(4) : END]).subarray(0, cut ?? undefined);
        const { seen: _seen, ...scanned } = scan([bytes], { keepsBlocks: false });
        const walked = await walkSizes(1000n, bytes.length, readAtOf(bytes), async () => undefined);
        expect({ ...walked, lastEventMs: null }).toEqual({ ...scanned, lastEventMs: null });
      }),
    );
  });

  test('that claims a transaction of two gigabytes and has forty bytes waits for none of them', () => {
    const lying = Buffer.alloc(40);
    encodeEventSegmentHeader().copy(lying);
    lying.writeInt32BE(2 ** 31 - 100, 5);
    lying.writeInt16BE(1, 10);
    expect(scan(inPieces(lying, [7]))).toMatchObject({ end: 'broken', nextToken: 1000n, endBySizes: null });
  });

  test('of which each checksum is wrong names ten thousand of them', () => {
    const one = encodeTransaction([Buffer.alloc(0)]);
    one[one.length - 1] = (one.at(-1) ?? 0) ^ 1;
    const many = Buffer.concat([encodeEventSegmentHeader(), ...Array.from({ length: 10_020 }, () => one), END]);
    const { badChecksums, nextToken } = scan(inPieces(many, [4096]));
    expect([badChecksums.length, nextToken]).toEqual([10_000, 11_020n]);
  });
});

describe('a segment of a log', () => {
  const entries = fc.array(
    fc.record({
      term: fc.nat(3),
      append: fc.option(fc.record({ context: fc.constantFrom('', 'other'), token: fc.nat(4), events: fc.nat(3) })),
      type: fc.constantFrom(...Object.values(logEntryTypes), 9),
      data: fc.uint8Array({ minLength: 1, maxLength: 30 }),
    }),
    { maxLength: 10 },
  );
  const logs = fc
    .record({ entries, altered: fc.array(fc.tuple(fc.nat(600), fc.nat(255)), { maxLength: 2 }), rest: fc.nat(30) })
    .map(({ entries: given, altered, rest }) => {
      const bytes = Buffer.concat([
        encodeLogSegmentHeader(),
        ...given.map(({ term, append, type, data }) =>
          append === null
            ? encodeLogEntry({ term, type, data: Buffer.from(data) })
            : encodeLogEntry({ term, type: logEntryTypes.serializedObject, data: appendOf(append) }),
        ),
        Buffer.alloc(rest),
      ]);
      for (const [at, value] of altered) if (at < bytes.length) bytes[at] = value;
      return bytes;
    });

  function appendOf({ context, token, events }: { context: string; token: number; events: number }): Buffer {
    const list = Array.from({ length: events }, () => Buffer.from('e'));
    return encodeAppend('EVENT', { token: BigInt(token), version: 0, events: list, context });
  }

  function scanLog(pieces: Iterable<Buffer>, splitBehind: readonly number[] = []): LogScan {
    const scanner = new LogScanner({ firstIndex: 7, splitBehind, mostWholeBytes: 1000 });
    for (const piece of pieces) scanner.push(piece);
    return scanner.finish();
  }

  test('is the same in pieces of any length as in one, whole or damaged', () => {
    fc.assert(
      fc.property(logs, cuts, (bytes, lengths) => {
        expect(scanLog(inPieces(bytes, lengths), [9])).toEqual(scanLog([bytes], [9]));
      }),
    );
  });

  test('holds what the decoder of the server reads in it, and breaks off where that does', () => {
    fc.assert(
      fc.property(logs, cuts, (bytes, lengths) => {
        const found = scanLog(inPieces(bytes, lengths));
        try {
          const { entries: decoded, endsIn } = decodeLogSegment(bytes, 7);
          expect(found).toMatchObject({
            entries: decoded.length,
            end: endsIn,
            message: null,
            badChecksums: decoded.filter(({ isChecksumGood }) => !isChecksumGood).map(({ index }) => index),
          });
        } catch (error) {
          const message = error instanceof Error ? error.message : '';
          expect(found.entries).toBe(0);
          expect(found.message?.startsWith(message)).toBe(true);
        }
      }),
    );
  });

  test('brings what it brings in runs, each of entries that follow on each other, and none beyond an applied index', () => {
    const bytes = Buffer.concat([
      encodeLogSegmentHeader(),
      ...[0, 2, 4, 4, 9].map((token, place) =>
        encodeLogEntry({
          term: 1,
          type: logEntryTypes.serializedObject,
          data: appendOf({ context: place === 3 ? 'other' : '', token, events: 2 }),
        }),
      ),
      Buffer.alloc(4),
    ]);
    const runs = scanLog([bytes], [7]).runs.map((run) => [run.context, run.fromIndex, run.firstToken, run.nextToken]);
    expect(runs).toEqual([
      ['', 7, 0n, 2n],
      ['', 8, 2n, 6n],
      ['other', 10, 4n, 6n],
      ['', 11, 9n, 11n],
    ]);
  });
});
