import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeEventMessage,
  encodeEventMessage,
  readIndexKey,
  type EventMessage,
  type MetaDataValue,
} from '../../../server/formats/event-message.ts';
import { readFields, textOf, WireError } from '../../../server/formats/wire.ts';

const emptyEvent: EventMessage = {
  messageIdentifier: '',
  aggregateIdentifier: '',
  aggregateSequenceNumber: 0n,
  aggregateType: '',
  timestampMs: 0n,
  payload: null,
  metaData: [],
  snapshot: false,
};

function hexOf(event: Partial<EventMessage>): string {
  return encodeEventMessage({ ...emptyEvent, ...event }).toString('hex');
}

function data(...bytes: number[]): Buffer {
  return Buffer.from(bytes);
}

const first: EventMessage = {
  messageIdentifier: 'm-1',
  aggregateIdentifier: 'a-1',
  aggregateSequenceNumber: 0n,
  aggregateType: 'T',
  timestampMs: 1n,
  payload: { type: 'P', revision: '', data: data(1) },
  metaData: [['k', { kind: 'text', value: 'v' }]],
  snapshot: false,
};
const firstHex = '0a036d2d311203612d31220154280132060a01501a01013a080a016b12030a0176';

const second: EventMessage = {
  ...first,
  messageIdentifier: 'm-2',
  aggregateSequenceNumber: 1n,
  timestampMs: 1_700_000_000_000n,
  payload: { type: 'P', revision: '1', data: data(2) },
  metaData: [],
};
const secondHex = '0a036d2d321203612d3118012201542880d095ffbc3132090a01501201311a0102';

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const text = fc.oneof(fc.constant(''), fc.string({ unit: 'binary' }));
const serializedObject = fc.record({
  type: text,
  revision: text,
  data: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
});
const metaDataValue: fc.Arbitrary<MetaDataValue> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), value: text }),
  fc.record({ kind: fc.constant('number' as const), value: int64 }),
  fc.record({ kind: fc.constant('boolean' as const), value: fc.boolean() }),
  fc.record({ kind: fc.constant('double' as const), value: fc.double() }),
  fc.record({ kind: fc.constant('bytes' as const), value: serializedObject }),
);
const eventMessage: fc.Arbitrary<EventMessage> = fc.record({
  messageIdentifier: text,
  aggregateIdentifier: text,
  aggregateSequenceNumber: fc.oneof(fc.constant(0n), int64),
  aggregateType: text,
  timestampMs: fc.oneof(fc.constant(0n), int64),
  payload: fc.option(serializedObject),
  metaData: fc.array(fc.tuple(text, metaDataValue), { maxLength: 5 }),
  snapshot: fc.boolean(),
});

describe('the bytes of an event', () => {
  test('the two events of the worked example have the bytes that docs/event-segment-format.md gives', () => {
    expect(hexOf(first)).toBe(firstHex);
    expect(hexOf(second)).toBe(secondHex);
    expect(decodeEventMessage(Buffer.from(firstHex, 'hex'))).toEqual(first);
    expect(decodeEventMessage(Buffer.from(secondHex, 'hex'))).toEqual(second);
  });

  test('the committed golden segment holds the first of them', () => {
    const file = readFileSync(new URL('../../../fixtures/golden/worked-example.events', import.meta.url));
    expect(decodeEventMessage(file.subarray(16, 49))).toEqual(first);
  });

  test('an event of defaults alone takes no bytes', () => {
    expect(hexOf({})).toBe('');
    expect(decodeEventMessage(Buffer.alloc(0))).toEqual(emptyEvent);
  });

  test('a payload of defaults alone is still there', () => {
    expect(hexOf({ payload: { type: '', revision: '', data: data() } })).toBe('3200');
  });

  test('a negative sequence number or timestamp takes ten bytes', () => {
    expect(hexOf({ aggregateSequenceNumber: -1n })).toBe('18ffffffffffffffffff01');
    expect(hexOf({ timestampMs: -2n })).toBe('28feffffffffffffffff01');
  });

  test('the snapshot flag is field 8, and left out where it is false', () => {
    expect(hexOf({ snapshot: true })).toBe('4001');
  });

  test.each<[string, MetaDataValue, string]>([
    ['text', { kind: 'text', value: 'v' }, '0a0176'],
    ['empty text', { kind: 'text', value: '' }, '0a00'],
    ['number -3', { kind: 'number', value: -3n }, '1005'],
    ['number 0', { kind: 'number', value: 0n }, '1000'],
    ['true', { kind: 'boolean', value: true }, '1801'],
    ['false', { kind: 'boolean', value: false }, '1800'],
    ['double 1.5', { kind: 'double', value: 1.5 }, '21000000000000f83f'],
    ['double 0', { kind: 'double', value: 0 }, '210000000000000000'],
    ['bytes', { kind: 'bytes', value: { type: 'X', revision: '', data: data(0) } }, '2a060a01581a0100'],
  ])('the meta data value %s has its bytes, written even at its default', (_, value, hex) => {
    const size = hex.length / 2;
    const entry = [0x3a, 5 + size, 0x0a, 1, 0x6b, 0x12, size];
    const bytes = data(...entry).toString('hex') + hex;
    expect(hexOf({ metaData: [['k', value]] })).toBe(bytes);
    expect(decodeEventMessage(Buffer.from(bytes, 'hex')).metaData).toEqual([['k', value]]);
  });

  test('meta data keeps its order and its empty keys', () => {
    const metaData: EventMessage['metaData'] = [
      ['z', { kind: 'boolean', value: true }],
      ['', { kind: 'number', value: 1n }],
      ['a', { kind: 'text', value: '' }],
    ];
    expect(decodeEventMessage(encodeEventMessage({ ...emptyEvent, metaData })).metaData).toEqual(metaData);
  });

  test('every event is read back as it was written', () => {
    fc.assert(
      fc.property(eventMessage, (event) => {
        expect(decodeEventMessage(encodeEventMessage(event))).toEqual(event);
      }),
      { numRuns: 500 },
    );
  });

  test('a field that this version does not know is passed over', () => {
    const stranger = Buffer.from(`${firstHex}500182060161`, 'hex');
    expect(decodeEventMessage(stranger)).toEqual(first);
  });
});

describe('the key of the index', () => {
  test('a domain event is found under its aggregate identifier', () => {
    expect(readIndexKey(encodeEventMessage(first))).toBe('a-1');
  });

  test('without an aggregate type there is no key, whatever the identifier', () => {
    expect(readIndexKey(encodeEventMessage({ ...first, aggregateType: '' }))).toBeNull();
    // Older servers keep a client's bytes as they came, an empty type written out among them.
    expect(readIndexKey(Buffer.from('1203612d312200', 'hex'))).toBeNull();
  });

  test('a type without an identifier has the empty key', () => {
    expect(readIndexKey(encodeEventMessage({ ...first, aggregateIdentifier: '' }))).toBe('');
  });

  test('the key says what the whole event says', () => {
    fc.assert(
      fc.property(eventMessage, (event) => {
        const expected = event.aggregateType === '' ? null : event.aggregateIdentifier;
        expect(readIndexKey(encodeEventMessage(event))).toBe(expected);
      }),
    );
  });
});

/** The failure of one reading, or null. */
function failureOf(read: () => unknown): unknown {
  try {
    read();
    return null;
  } catch (error) {
    return error;
  }
}

describe('bytes that are no event', () => {
  const whole = encodeEventMessage({
    ...second,
    metaData: [
      ['number', { kind: 'number', value: -1n }],
      ['double', { kind: 'double', value: 0.1 }],
      ['bytes', { kind: 'bytes', value: { type: 'X', revision: 'r', data: data(9) } }],
    ],
    snapshot: true,
  });

  test.each([
    ['a text as a varint', '0801'],
    ['a sequence number as a text', '1a0161'],
    ['meta data without a value', '3a030a016b'],
    ['a meta data value without content', '3a050a016b1200'],
    ['a meta data value of no known kind', '3a070a016b12023001'],
    ['a double as a varint', '3a070a016b12022001'],
    ['a payload that breaks off', '32020a05'],
  ])('%s is a WireError', (_, hex) => {
    expect(() => decodeEventMessage(Buffer.from(hex, 'hex'))).toThrow(WireError);
  });

  test('an event that is cut is a WireError, or ends between two fields and has lost the rest', () => {
    for (let cut = 0; cut < whole.length; cut++) {
      const part = whole.subarray(0, cut);
      const failure = failureOf(() => decodeEventMessage(part));
      if (failure === null) expect(encodeEventMessage(decodeEventMessage(part)).equals(part)).toBe(true);
      else expect(failure).toBeInstanceOf(WireError);
    }
  });

  test('no altered byte causes any failure but a WireError', () => {
    for (let at = 0; at < whole.length; at++) {
      for (let value = 0; value < 256; value++) {
        const altered = Buffer.from(whole);
        altered[at] = value;
        const failure = failureOf(() => decodeEventMessage(altered)) ?? failureOf(() => readIndexKey(altered));
        if (failure !== null) expect(failure).toBeInstanceOf(WireError);
      }
    }
  });

  test('no bytes at all cause any failure but a WireError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const failure = failureOf(() => decodeEventMessage(Buffer.from(bytes)));
        if (failure !== null) expect(failure).toBeInstanceOf(WireError);
      }),
      { numRuns: 2000 },
    );
  });
});

test('the key of an event is the same in the midst of other bytes, and where the event is damaged the same fails', () => {
  const slowly = (bytes: Buffer): string | null => {
    let identifier: string | null = null;
    let type: string | null = null;
    for (const field of readFields(bytes)) {
      if (field.number === 2) identifier = textOf(field);
      if (field.number === 4) type = textOf(field);
      if (identifier !== null && type !== null) break;
    }
    return type === null || type === '' ? null : (identifier ?? '');
  };
  const orFailure = (read: () => string | null): string | null => {
    try {
      return read();
    } catch (error) {
      if (error instanceof WireError) return 'no message';
      throw error;
    }
  };
  const altered = fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 3 });
  fc.assert(
    fc.property(fc.boolean(), altered, fc.nat(20), fc.nat(200), (isDomainEvent, changes, before, cut) => {
      const event = Buffer.from(encodeEventMessage(isDomainEvent ? first : { ...first, aggregateType: '' }));
      for (const [at, value] of changes) if (at < event.length) event[at] = value;
      const bytes = event.subarray(0, Math.max(1, event.length - Math.max(0, cut - 150)));
      const around = Buffer.concat([Buffer.alloc(before, 0x12), bytes, Buffer.alloc(20, 0x22)]);
      expect(orFailure(() => readIndexKey(around, before, before + bytes.length))).toBe(orFailure(() => slowly(bytes)));
    }),
  );
});
