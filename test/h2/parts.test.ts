import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAttributes, parseHexadecimal } from '../../h2/attributes.ts';
import { ByteReader } from '../../h2/byte-reader.ts';
import { parseCreateTable } from '../../h2/create-table.ts';
import { expandLzf } from '../../h2/lzf.ts';
import { readValue } from '../../h2/value.ts';
import { h2FailureOf } from '../support/h2-failure-of.ts';

const reader = (...bytes: number[]): ByteReader => new ByteReader(Uint8Array.from(bytes), 0);

describe('numbers and text', () => {
  test('any long comes back, in up to ten bytes', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        expect(reader(...varLong(value)).varLong()).toBe(value);
      }),
    );
  });

  test('any text comes back, lone surrogates too', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const bytes = [...varLong(BigInt(text.length)), ...encodeText(text)];
        const input = reader(...bytes);
        expect(input.text()).toBe(text);
        expect(input.remaining).toBe(0);
        for (let cut = 0; cut < bytes.length; cut += 1) {
          expect(h2FailureOf(() => reader(...bytes.slice(0, cut)).text()).kind).toBe('damaged');
        }
      }),
    );
  });

  test('the byte that is next is read, and none behind the last', () => {
    expect(h2FailureOf(() => reader(1).int32())).toMatchObject({ kind: 'damaged', offset: 0 });
    expect(reader(0xff, 0xff, 0xff, 0xff, 0x0f).varInt()).toBe(-1);
  });
});

describe('attributes', () => {
  test('a quoted value may hold commas, colons and quotes', () => {
    expect(parseAttributes('name:"a,b:\\"c\\"",type:x')).toEqual(
      new Map([
        ['name', 'a,b:"c"'],
        ['type', 'x'],
      ]),
    );
  });

  test.each(['name', 'name:"a', 'a:b,c', 'name:"a\\'])('%j is none', (text) => {
    expect(parseAttributes(text)).toBeNull();
  });

  test.each(['', '-1', '0x1', ' 1', '11111111111111111', 'g'])('%j is no hexadecimal number', (text) => {
    expect(parseHexadecimal(text)).toBeNull();
  });
});

describe('LZF', () => {
  test('runs as they are come back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const packed: number[] = [];
        for (let at = 0; at < bytes.length; at += 32) {
          const run = bytes.subarray(at, at + 32);
          packed.push(run.length - 1, ...run);
        }
        expect(expandLzf(reader(...packed), bytes.length)).toEqual(bytes);
      }),
    );
  });

  test('a run that overlaps itself repeats', () => {
    // "a", then 2 + 7 + 3 bytes from one byte back.
    expect(expandLzf(reader(0, 0x61, 0xe0, 3, 0), 13)).toEqual(new Uint8Array(13).fill(0x61));
  });

  test.each([
    ['refers to before the beginning', [0x20, 5], 3],
    ['is longer than it says', [1, 1, 2], 1],
    ['is shorter than it says', [0, 1], 2],
    ['ends within a run', [3, 1], 4],
  ])('one that %s fails', (_what, bytes, length) => {
    expect(h2FailureOf(() => expandLzf(reader(...bytes), length)).kind).toBe('damaged');
  });
});

describe('values', () => {
  test.each([17, 19, 22, 26, 27, 134, 138, 200, 255])('one of type %i is refused by its kind and place', (type) => {
    expect(h2FailureOf(() => readValue(reader(type, 0, 0, 0), 3))).toMatchObject({ kind: 'unsupported-value' });
  });

  test('whatever bytes come, there is a value or a failure', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(1 as const, 3 as const), (bytes, format) => {
        try {
          readValue(reader(...bytes), format);
        } catch (error) {
          expect(error).toMatchObject({ name: 'H2Failure' });
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a statement of the catalogue', () => {
  test('names may be quoted, and types may have commas, quotes and parentheses', () => {
    const sql = `CREATE CACHED TABLE "PUBLIC"."a ""table"""(
      "ID" DECIMAL(10, 2) DEFAULT (1 + 2) NOT NULL COMMENT 'it''s, (odd)', plain CHAR(3))`;
    expect(parseCreateTable(sql)).toEqual({
      schema: 'PUBLIC',
      name: 'a "table"',
      columns: [
        { name: 'ID', type: "DECIMAL(10, 2) DEFAULT (1 + 2) NOT NULL COMMENT 'it''s, (odd)'" },
        { name: 'PLAIN', type: 'CHAR(3)' },
      ],
    });
  });

  test.each(['CREATE USER SA', 'CREATE CACHED TABLE', 'CREATE CACHED TABLE A(', 'CREATE CACHED TABLE A("B', ''])(
    '%j makes no table',
    (sql) => {
      expect(parseCreateTable(sql)).toBeNull();
    },
  );
});

function varLong(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return [...bytes, Number(rest)];
}

function encodeText(text: string): number[] {
  return Array.from({ length: text.length }, (_, index) => text.charCodeAt(index)).flatMap((code) => {
    if (code < 0x80) return [code];
    if (code < 0x800) return [0xc0 | (code >> 6), code & 0x3f];
    return [0xe0 | (code >> 12), (code >> 6) & 0x3f, code & 0x3f];
  });
}
