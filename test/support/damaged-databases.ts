import * as fc from 'fast-check';
import { H2Failure, openH2 } from '../../h2/index.ts';
import { readPage } from '../../h2/page.ts';
import { openStore } from '../../h2/store.ts';
import { allRows, sorted, type GoldenDatabase } from './h2-databases.ts';

/** A change to a few bytes, as a bad disk or a torn write makes it. */
export type Mutation =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'fill'; readonly at: number; readonly length: number; readonly value: number }
  | { readonly kind: 'copy'; readonly from: number; readonly to: number; readonly length: number }
  | { readonly kind: 'cut'; readonly length: number };

/** One to four mutations of a file of that size. */
export function mutations(size: number): fc.Arbitrary<readonly Mutation[]> {
  const at = fc.nat(size - 1);
  return fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('flip' as const), at, bit: fc.nat(7) }) },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('fill' as const),
          at,
          length: fc.integer({ min: 1, max: 5000 }),
          value: fc.constantFrom(0, 0xff, 0x7f, 0x80),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('copy' as const),
          from: at,
          to: at,
          length: fc.constantFrom(1, 16, 4096, 8192),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), length: at }) },
    ),
    { minLength: 1, maxLength: 4 },
  );
}

/** The bytes after the mutations, and which of them differ from before. */
export function mutate(
  bytes: Uint8Array,
  list: readonly Mutation[],
): { bytes: Uint8Array; changed: readonly number[] } {
  let mutated = bytes.slice();
  for (const mutation of list) {
    if (mutation.kind === 'flip') mutated[mutation.at] = (mutated[mutation.at] ?? 0) ^ (1 << mutation.bit);
    else if (mutation.kind === 'fill') mutated.fill(mutation.value, mutation.at, mutation.at + mutation.length);
    else if (mutation.kind === 'copy') mutated.copyWithin(mutation.to, mutation.from, mutation.from + mutation.length);
    else mutated = mutated.slice(0, mutation.length);
  }
  const changed: number[] = [];
  for (let at = 0; at < bytes.length; at += 1) if (bytes[at] !== mutated[at]) changed.push(at);
  return { bytes: mutated, changed };
}

export type Outcome = 'right' | 'older' | 'failure' | 'wrong';

/**
 * What reading the bytes comes to: right rows; those of an older version that the database says it fell back to;
 * a typed failure; other rows. Any other error goes through.
 */
export function outcomeOf(bytes: Uint8Array, states: ReadonlyMap<bigint, string>, newest: bigint): Outcome {
  try {
    const database = openH2(bytes);
    const rows = rowsText(bytes);
    if (rows === states.get(newest)) return 'right';
    return database.passedOver.length > 0 && rows === states.get(database.version) ? 'older' : 'wrong';
  } catch (error) {
    if (error instanceof H2Failure) return 'failure';
    throw error;
  }
}

/** The rows of each version that the file still holds: what is opened once the footers of newer ones are gone. */
export function statesOf(golden: GoldenDatabase): { states: ReadonlyMap<bigint, string>; newest: bigint } {
  const newest = openH2(golden.bytes).version;
  const states = new Map<bigint, string>();
  const bytes = golden.bytes.slice();
  for (;;) {
    try {
      const { version } = openH2(bytes);
      if (states.has(version)) throw new Error('An older version was to be opened');
      states.set(version, rowsText(bytes));
      const { end } = openStore(bytes).newestChunk;
      bytes.fill(0, end - 128, end);
    } catch (error) {
      if (error instanceof H2Failure) return { states, newest };
      throw error;
    }
  }
}

/** The bytes that checksums cover: both headers, all footers, the first six bytes of every page of a map. */
export function coveredBytes(golden: GoldenDatabase): ReadonlySet<number> {
  const covered = new Set<number>();
  const cover = (from: number, length: number): void => {
    for (let at = from; at < from + length; at += 1) covered.add(at);
  };
  const text = Buffer.from(golden.bytes).toString('latin1');
  for (const offset of [0, 4096]) cover(offset, text.indexOf('\n', offset) - offset);
  for (let end = 8192 + 4096; end <= golden.bytes.length; end += 4096) {
    if (text.startsWith('chunk:', end - 128)) cover(end - 128, 128);
  }
  const store = openStore(golden.bytes);
  for (const { id, root } of store.maps.values()) {
    const positions = [root];
    for (let position = positions.pop(); position !== undefined; position = positions.pop()) {
      if (position >> 1n === 0n) continue;
      const page = readPage(store, position, id);
      cover(page.offset, 6);
      positions.push(...(page.children ?? []).map((child) => child.position));
    }
  }
  return covered;
}

function rowsText(bytes: Uint8Array): string {
  return sorted(allRows(openH2(bytes))).join('\n');
}
