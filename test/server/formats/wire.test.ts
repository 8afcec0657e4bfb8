import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bytesOf,
  int64Of,
  readFields,
  textOf,
  WireError,
  WireWriter,
  type WireField,
} from '../../../server/formats/wire.ts';

const LEAST_INT64 = -(2n ** 63n);
const MOST_INT64 = 2n ** 63n - 1n;

function written(write: (writer: WireWriter) => void, initialBytes?: number): Buffer {
  const writer = new WireWriter(initialBytes);
  write(writer);
  return writer.finish();
}

function onlyField(bytes: Buffer): WireField {
  const fields = [...readFields(bytes)];
  expect(fields).toHaveLength(1);
  return fields[0] as WireField;
}

describe('the bytes of a field', () => {
  test.each<[value: bigint | number, hex: string]>([
    [0, '0800'],
    [1, '0801'],
    [127, '087f'],
    [128, '088001'],
    [150, '089601'],
    [1_700_000_000_000, '0880d095ffbc31'],
    [Number.MAX_SAFE_INTEGER, '08ffffffffffffff0f'],
    [2n ** 53n, '088080808080808010'],
    [MOST_INT64, '08ffffffffffffffff7f'],
    [-1n, '08ffffffffffffffffff01'],
    [-1, '08ffffffffffffffffff01'],
    [LEAST_INT64, '0880808080808080808001'],
  ])('the int64 %s is %s', (value, hex) => {
    expect(written((writer) => writer.int64(1, value)).toString('hex')).toBe(hex);
  });

  test.each<[value: bigint, hex: string]>([
    [0n, '1000'],
    [-1n, '1001'],
    [1n, '1002'],
    [-3n, '1005'],
    [MOST_INT64, '10feffffffffffffffff01'],
    [LEAST_INT64, '10ffffffffffffffffff01'],
  ])('the sint64 %s is the zig-zag %s', (value, hex) => {
    expect(written((writer) => writer.sint64(2, value)).toString('hex')).toBe(hex);
  });

  test('text is its UTF-8 behind its length in bytes', () => {
    expect(written((writer) => writer.string(2, 'testing')).toString('hex')).toBe('120774657374696e67');
    expect(written((writer) => writer.string(1, 'ß注🧾')).toString('hex')).toBe('0a09c39fe6b3a8f09fa7be');
    expect(written((writer) => writer.string(1, '')).toString('hex')).toBe('0a00');
  });

  test('a double is eight bytes, least significant first', () => {
    expect(written((writer) => writer.double(4, 1.5)).toString('hex')).toBe('21000000000000f83f');
  });

  test('a field number above 15 takes a tag of two bytes', () => {
    expect(written((writer) => writer.int64(16, 1)).toString('hex')).toBe('800101');
  });

  test('a message around a message counts the bytes of both', () => {
    const bytes = written((writer) => writer.message(7, () => writer.message(2, () => writer.string(1, 'v'))));
    expect(bytes.toString('hex')).toBe('3a0512030a0176');
  });

  test.each([0, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152])('a length of %i bytes is read back', (length) => {
    const content = Buffer.alloc(length, 'x');
    const asText = written((writer) => writer.string(1, content.toString('latin1')));
    expect(asText.equals(written((writer) => writer.bytes(1, content)))).toBe(true);
    expect(bytesOf(onlyField(asText)).equals(content)).toBe(true);
  });
});

describe('the writer', () => {
  test('finish hands out a copy and leaves the writer empty', () => {
    const writer = new WireWriter();
    writer.string(1, 'first');
    const first = writer.finish();
    expect(writer.finish()).toHaveLength(0);
    writer.string(1, 'other');
    expect(textOf(onlyField(first))).toBe('first');
  });

  // A text whose bytes ended right at the buffer's end lost them: the buffer grew for the length that is written in
  // front of the text last, and only what lay before that length was moved. It hit events that came to about 1,020 bytes.
  test('a text keeps its bytes wherever in the buffer it falls', () => {
    for (let before = 0; before < 80; before++) {
      for (const text of ['', 'a', 'ab', 'abcdef']) {
        const bytes = written((writer) => {
          writer.bytes(1, Buffer.alloc(before, 7));
          writer.message(2, () => writer.string(3, text));
        }, 32);
        const [, outer] = readFields(bytes);
        expect(textOf(onlyField(bytesOf(outer as WireField)))).toBe(text);
      }
    }
  });
});

type Item =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'bytes'; readonly value: Buffer }
  | { readonly kind: 'int64'; readonly value: bigint }
  | { readonly kind: 'double'; readonly value: number }
  | { readonly kind: 'message'; readonly value: readonly Item[] };

const { item } = fc.letrec<{ item: Item }>((tie) => ({
  item: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.record({ kind: fc.constant('text' as const), value: fc.string({ unit: 'binary' }) }),
    fc.record({
      kind: fc.constant('bytes' as const),
      value: fc.uint8Array({ maxLength: 200 }).map((value) => Buffer.from(value)),
    }),
    fc.record({ kind: fc.constant('int64' as const), value: fc.bigInt({ min: LEAST_INT64, max: MOST_INT64 }) }),
    fc.record({ kind: fc.constant('double' as const), value: fc.double() }),
    fc.record({ kind: fc.constant('message' as const), value: fc.array(tie('item'), { maxLength: 5 }) }),
  ),
}));

function writeItems(writer: WireWriter, items: readonly Item[]): void {
  for (const [place, { kind, value }] of items.entries()) {
    const number = place * 9 + 1;
    if (kind === 'text') writer.string(number, value);
    else if (kind === 'bytes') writer.bytes(number, value);
    else if (kind === 'int64') writer.int64(number, value);
    else if (kind === 'double') writer.double(number, value);
    else writer.message(number, () => writeItems(writer, value));
  }
}

function readItems(bytes: Buffer, like: readonly Item[]): Item[] {
  const fields = [...readFields(bytes)];
  expect(fields.map(({ number }) => number)).toEqual(like.map((_, place) => place * 9 + 1));
  return like.map(({ kind, value }, place): Item => {
    const field = fields[place] as WireField;
    if (kind === 'text') return { kind, value: textOf(field) };
    if (kind === 'bytes') return { kind, value: Buffer.from(bytesOf(field)) };
    if (kind === 'int64') return { kind, value: int64Of(field) };
    if (kind === 'double') return { kind, value: field.type === 'double' ? field.value : Number.NaN };
    return { kind, value: readItems(bytesOf(field), value) };
  });
}

test('whatever is written is read back, however small the buffer was at first', () => {
  fc.assert(
    fc.property(fc.array(item, { maxLength: 8 }), fc.integer({ min: 1, max: 64 }), (items, initialBytes) => {
      const bytes = written((writer) => writeItems(writer, items), initialBytes);
      expect(readItems(bytes, items)).toEqual(items);
    }),
  );
});

describe('bytes that are no message', () => {
  test.each([
    ['a tag that breaks off', '80'],
    ['a varint that breaks off', '08ffff'],
    ['a varint of eleven bytes', '08ffffffffffffffffffff01'],
    ['a double that breaks off', '2100000000000000'],
    ['a text that breaks off', '0a0461'],
    ['a length of 2^64 - 1', '0affffffffffffffffff0161'],
    ['field number 0', '0001'],
    ['the start of a group', '0b0c'],
    ['a field of four bytes', '0d00000000'],
  ])('%s is a WireError', (_, hex) => {
    expect(() => [...readFields(Buffer.from(hex, 'hex'))]).toThrow(WireError);
  });

  test('a value of another wire type than asked for is a WireError', () => {
    const number = onlyField(Buffer.from('0801', 'hex'));
    const double = onlyField(Buffer.from('21000000000000f83f', 'hex'));
    const text = onlyField(Buffer.from('0a0161', 'hex'));
    expect(() => textOf(number)).toThrow(WireError);
    expect(() => bytesOf(double)).toThrow(WireError);
    expect(() => int64Of(double)).toThrow(WireError);
    expect(() => int64Of(text)).toThrow(WireError);
  });

  test('a field that is cut anywhere is a WireError', () => {
    fc.assert(
      fc.property(item, (only) => {
        const whole = written((writer) => writeItems(writer, [only]));
        for (let cut = 1; cut < whole.length; cut++) {
          expect(() => [...readFields(whole.subarray(0, cut))]).toThrow(WireError);
        }
      }),
    );
  });

  test('any bytes at all end in fields or in a WireError, never in another failure', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          for (const field of readFields(Buffer.from(bytes))) expect(field.number).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
