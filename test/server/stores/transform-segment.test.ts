import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deletedEvent } from '../../../server/formats/deleted-event.ts';
import { decodeEventMessage } from '../../../server/formats/event-message.ts';
import {
  decodeEventSegment,
  encodeEventSegmentHeader,
  encodeTransaction,
} from '../../../server/formats/event-segment.ts';
import { transformSegment } from '../../../server/stores/transform-segment.ts';
import { domainEvent, eventOfLength } from '../../support/event-stores.ts';
import { failureOf } from '../../support/failure-of.ts';

const END_MARKER = Buffer.from('ffffffff', 'hex');

function segmentOf(transactions: readonly (readonly Buffer[])[], paddingBytes = 0): Buffer {
  const parts = transactions.map((events) => encodeTransaction(events));
  return Buffer.concat([encodeEventSegmentHeader(), ...parts, END_MARKER, Buffer.alloc(paddingBytes)]);
}

describe('the worked example of docs/event-segment-format.md (section 12), with its event deleted', () => {
  const golden = readFileSync(new URL('../../../fixtures/golden/worked-example.events', import.meta.url));
  /** Aggregate `a-1`, type `T`, timestamp 1, payload type `empty`. */
  const deleted = '1203612d31220154280132070a05656d707479';

  test('has 43 bytes: no identifier, no data, no meta data, and nothing behind the end marker', () => {
    const { data } = transformSegment(golden, 0n, (_, event) => deletedEvent(event));
    expect(data.toString('hex')).toBe(`0200000000${'00000017'}02000100000013${deleted}62f31924ffffffff`);
    expect(data).toHaveLength(43);
  });

  test('beside a second event that stays, in one transaction', () => {
    const second = '0a036d2d321203612d3118012201542880d095ffbc3132090a01501201311a0102';
    const events = decodeEventSegment(golden, 0n).transactions.flatMap((each) => each.events);
    const two = segmentOf([[...events, Buffer.from(second, 'hex')]], 100);
    const { data } = transformSegment(two, 0n, (token, event) => (token === 0n ? deletedEvent(event) : event));
    expect(data.toString('hex')).toBe(`02000000000000003c02000200000013${deleted}00000021${second}55fb87a1ffffffff`);
  });
});

describe('a transformed segment', () => {
  const event = fc
    .tuple(fc.integer({ min: 2, max: 60 }), fc.integer({ min: 0, max: 3 }), fc.boolean())
    .map(([bytes, aggregate, isDomain]) =>
      isDomain
        ? domainEvent({ aggregateIdentifier: `a-${aggregate}`, messageIdentifier: 'm'.repeat(bytes) })
        : eventOfLength(bytes),
    );
  const transactions = fc.array(fc.array(event, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 });

  test('keeps the header, the transactions and their events, whichever are deleted, and its index fits', () => {
    fc.assert(
      fc.property(transactions, fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }), (stored, isDeleted) => {
        const before = decodeEventSegment(segmentOf(stored, 30), 100n);
        const { data, index: entries } = transformSegment(segmentOf(stored, 30), 100n, (token, each) =>
          isDeleted[Number(token) - 100] === true ? deletedEvent(each) : each,
        );
        const after = decodeEventSegment(data, 100n);
        expect(data.subarray(0, 5)).toEqual(encodeEventSegmentHeader());
        expect(after.endPosition + 4).toBe(data.length);
        expect(after).toMatchObject({ nextToken: before.nextToken, endsIn: 'end-marker' });
        const shapeOf = ({ transactions: all }: typeof before): unknown =>
          all.map(({ firstToken, events }) => [firstToken, events.length]);
        expect(shapeOf(after)).toEqual(shapeOf(before));
        let indexed = 0;
        for (const { firstToken, events, position, isChecksumGood } of after.transactions) {
          expect(isChecksumGood).toBe(true);
          let at = position + 7;
          for (const [ordinal, each] of events.entries()) {
            const was = before.transactions.find((one) => one.firstToken === firstToken)?.events[ordinal];
            const expected = isDeleted[Number(firstToken) - 100 + ordinal] === true ? deletedEvent(was as Buffer) : was;
            expect(each).toEqual(expected);
            const { aggregateIdentifier, aggregateType } = decodeEventMessage(each);
            if (aggregateType !== '') {
              indexed++;
              expect(entries.get(aggregateIdentifier)?.positions).toContain(at);
            }
            at += 4 + each.length;
          }
        }
        expect([...entries.values()].flatMap(({ positions }) => positions)).toHaveLength(indexed);
      }),
      { numRuns: 100 },
    );
  });

  test('does not cover up a wrong checksum, or an event that is none', () => {
    const damaged = segmentOf([[domainEvent()]]);
    damaged.writeUInt8(0x7f, 20);
    expect(failureOf(() => transformSegment(damaged, 0n, (_, each) => each))).toMatchObject({
      kind: 'validation-failed',
      message: '[AXONIQ-9200] Invalid checksum at 1',
    });
    const noEvent = segmentOf([[domainEvent(), Buffer.from('ffff', 'hex')]]);
    expect(failureOf(() => transformSegment(noEvent, 7n, (_, each) => deletedEvent(each)))).toMatchObject({
      kind: 'data-file-read',
      message: '[AXONIQ-9000] Failed to read event: 8',
    });
  });
});

test('an event that is deleted again is the same as before', () => {
  const deleted = deletedEvent(domainEvent({ payload: { type: 'P', revision: '1', data: Buffer.from('x') } }));
  expect(deletedEvent(deleted)).toEqual(deleted);
});
