import { describe, expect, test } from 'vitest';
import { H2Failure, openH2 } from '../../h2/index.ts';
import { readGolden } from '../support/h2-databases.ts';
import { h2FailureOf } from '../support/h2-failure-of.ts';

const text = (content: string, length = 8192): Uint8Array => {
  const bytes = new Uint8Array(length);
  bytes.set(new TextEncoder().encode(content));
  return bytes;
};

describe('a file that is no database', () => {
  test.each([
    ['no bytes', new Uint8Array(0), 'empty'],
    ['zeros alone, which H2 opens as an empty database', new Uint8Array(20_480), 'empty'],
    ['six bytes of text', text('hello\n', 6), 'not-h2'],
    ['the first two bytes of a header', text('H:', 2), 'truncated'],
    ['an encrypted database', text('H2encrypt\n', 16_384), 'encrypted'],
    ['the page store that H2 had before', text('-- H2 0.5/B --      \n'), 'unsupported-format'],
    ['SQLite', text('SQLite format 3\0'), 'not-h2'],
    ['a zip', text('PK\u0003\u0004'), 'not-h2'],
  ])('%s: a failure of its own kind', (_what, bytes, kind) => {
    expect(h2FailureOf(() => openH2(bytes))).toMatchObject({ kind });
  });

  test('a later format is refused by its number', () => {
    // 4 in place of 3, with the checksum that belongs to it.
    const { bytes } = readGolden('small-2.4.240');
    expect(h2FailureOf(() => openH2(withHeader(bytes, /format:3/, 'format:4')))).toMatchObject({
      kind: 'unsupported-format',
      message: expect.stringContaining('Format 4'),
    });
  });

  test('blocks of another size are refused', () => {
    const { bytes } = readGolden('small-2.4.240');
    expect(h2FailureOf(() => openH2(withHeader(bytes, /blockSize:1000/, 'blockSize:2000')))).toMatchObject({
      kind: 'unsupported-format',
    });
  });

  test('a header whose checksum does not hold is not believed; the other is', () => {
    const { bytes, tables } = readGolden('small-2.4.240');
    const first = bytes.slice();
    first[30] = (first[30] ?? 0) ^ 1;
    expect(openH2(first).tables()).toHaveLength(Object.keys(tables).length + 1);
    first[4096 + 30] = (first[4096 + 30] ?? 0) ^ 1;
    expect(h2FailureOf(() => openH2(first))).toMatchObject({ kind: 'damaged', offset: 0 });
  });

  test('a failure names the byte at which it was seen, and is an error', () => {
    const failure = new H2Failure('damaged', 4096, 'Something');
    expect(failure).toBeInstanceOf(Error);
    expect(failure.message).toBe('Something (at byte 4096)');
  });
});

/** Both headers with a part replaced, and a checksum computed in the plainest way that there is. */
function withHeader(bytes: Uint8Array, part: RegExp, other: string): Uint8Array {
  const changed = bytes.slice();
  for (const offset of [0, 4096]) {
    const header = Buffer.from(bytes.subarray(offset, offset + 4096)).toString('latin1');
    const body = header.slice(0, header.indexOf(',fletcher:')).replace(part, other);
    changed.set(new TextEncoder().encode(`${body},fletcher:${plainFletcher(body)}\n`), offset);
  }
  return changed;
}

function plainFletcher(body: string): string {
  const padded = Buffer.from(body.length % 2 === 0 ? body : `${body}\0`, 'latin1');
  let [one, two] = [0xffffn, 0xffffn];
  for (let at = 0; at < padded.length; at += 2) {
    one += BigInt(padded.readUInt16BE(at));
    two += one;
  }
  const reduce = (sum: bigint): bigint => (sum > 0xffffn ? reduce((sum & 0xffffn) + (sum >> 16n)) : sum);
  return ((reduce(two) << 16n) | reduce(one)).toString(16);
}
