import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WireError } from '../../../server/formats/wire.ts';
import { indexEvents, prepareTransaction } from '../../../server/stores/transaction.ts';
import { domainEvent, eventOfLength } from '../../support/event-stores.ts';

describe('a prepared transaction', () => {
  test('has the bytes that a segment holds, and knows its first token and how many events follow', () => {
    const events = [domainEvent(), eventOfLength(20)];
    const { firstToken, eventCount, bytes } = prepareTransaction(7n, events);
    expect({ firstToken, eventCount }).toEqual({ firstToken: 7n, eventCount: 2 });
    expect(bytes).toHaveLength(11 + 4 + 15 + 4 + 20);
  });

  test('knows the key, sequence number and place of each domain event, and of no other', () => {
    const events = [
      domainEvent({ aggregateIdentifier: 'order', aggregateSequenceNumber: 4n }),
      domainEvent({ aggregateIdentifier: 'no type, no domain event', aggregateType: '' }),
      domainEvent({ aggregateIdentifier: '', aggregateSequenceNumber: 0n }),
    ];
    const second = 7 + 4 + (events[0]?.length ?? 0);
    const third = second + 4 + (events[1]?.length ?? 0);
    expect(prepareTransaction(0n, events).indexed).toEqual([
      { key: 'order', sequenceNumber: 4n, offset: 7 },
      { key: '', sequenceNumber: 0n, offset: third },
    ]);
  });

  test('takes the keys from who made the events, without a look at the bytes', () => {
    const key = { key: 'order', sequenceNumber: 3n };
    const { indexed } = prepareTransaction(0n, [Buffer.from('anything'), Buffer.from('else')], [null, key]);
    expect(indexed).toEqual([{ ...key, offset: 7 + 4 + 8 }]);
  });

  test('is not made of bytes that are no event', () => {
    expect(() => prepareTransaction(0n, [Buffer.from('ffff', 'hex')])).toThrow(WireError);
  });

  test.each([32_767, 32_768, 70_000])('of %i events finds each at its offset, beyond the blocks before it', (count) => {
    const events = Array.from({ length: count }, (_, ordinal) =>
      domainEvent({ aggregateIdentifier: ordinal % 1000 === 767 ? `a-${ordinal}` : '', messageIdentifier: 'm' }),
    );
    const { bytes, eventCount, indexed } = prepareTransaction(0n, events);
    expect(eventCount).toBe(count);
    expect(indexed).toHaveLength(count);
    for (const [ordinal, { offset }] of indexed.entries()) {
      const event = events[ordinal] ?? Buffer.alloc(0);
      expect(bytes.readInt32BE(offset)).toBe(event.length);
      if (!bytes.subarray(offset + 4, offset + 4 + event.length).equals(event))
        throw new Error(`${ordinal} is not there`);
    }
  });

  test('has offsets that lead to the events, whatever their lengths', () => {
    const identifiers = fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(identifiers, (aggregates) => {
        const events = aggregates.map((aggregateIdentifier) => domainEvent({ aggregateIdentifier }));
        const { bytes, indexed } = prepareTransaction(0n, events);
        const found = indexed.map(({ offset }) => bytes.subarray(offset + 4, offset + 4 + bytes.readInt32BE(offset)));
        expect(found).toEqual(events);
        expect(indexEvents(events)).toEqual(indexed);
        expect(indexed.map(({ key }) => key)).toEqual(aggregates);
      }),
    );
  });
});
