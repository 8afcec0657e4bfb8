import type { ByteReader } from './byte-reader.ts';
import { H2Failure } from './failure.ts';
import { maximalBodyLength, readPage, type Page, type PageSource } from './page.ts';

/** How a map's keys are written, and in what order they stand. */
export interface KeyType<K> {
  read(reader: ByteReader): K;
  /** Null where keys are read past and not compared. */
  readonly compare: ((one: K, other: K) => number) | null;
}

/** All values of a leaf at once, since some kinds of values begin with something about all. */
export type ReadValues<V> = (reader: ByteReader, count: number) => readonly V[];

export interface Entry<K, V> {
  readonly key: K;
  readonly value: V;
  /** Of the entry's page. */
  readonly offset: number;
}

/** More than any tree has: a node of two children at least, and 2^48 entries. */
const maximalDepth = 48;
/** All that a walk may expand, so that small pages cannot keep it busy for hours. */
const maximalExpansion = 16 * maximalBodyLength;

interface Frame<K> {
  readonly page: Page;
  readonly keys: readonly K[];
  readonly below: K | null;
  child: number;
  seen: bigint;
}

/**
 * The entries of a map in the order of their keys, a page at a time. What the tree says of itself is held: keys
 * ascend and lie between those of the node above, each child has as many entries as its node counts, no page comes
 * twice, and pages together are no larger than the file. Without `readValues` values are null.
 */
export function* walkTree<K, V>(
  source: PageSource,
  root: bigint,
  mapId: number,
  keyType: KeyType<K>,
  readValues: ReadValues<V>,
): Generator<Entry<K, V>> {
  // The root of an empty map may be no page at all.
  if (BigInt.asUintN(64, root) >> 1n === 0n) return;
  const visit = pageVisitor(source, mapId);
  const stack: Frame<K>[] = [];
  let previous: K | null = null;
  let next: { position: bigint; entries: bigint | null; below: K | null } | null = {
    position: root,
    entries: null,
    below: null,
  };

  while (next !== null) {
    const page = visit(next.position);
    if (page.children === null) {
      const entries = readLeaf(page, keyType, readValues);
      if (next.entries !== null && BigInt(entries.length) !== next.entries) throw miscounted(page.offset);
      for (const entry of entries) {
        holdOrder(keyType, previous, entry.key, next.below, page.offset);
        previous = entry.key;
        yield entry;
      }
    } else {
      if (stack.length >= maximalDepth) throw new H2Failure('damaged', page.offset, 'A tree is too deep to be one');
      const keys = readKeys(page, keyType);
      if (page.body.remaining > 0) throw page.body.fail('a node holds more than its keys');
      const total = page.children.reduce((sum, child) => sum + child.entries, 0n);
      if (next.entries !== null && total !== next.entries) throw miscounted(page.offset);
      stack.push({ page, keys, below: next.below, child: 0, seen: 0n });
    }
    next = nextChild(stack);
  }
}

function nextChild<K>(stack: Frame<K>[]): { position: bigint; entries: bigint | null; below: K | null } | null {
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const child = top.page.children?.[top.child];
    if (child === undefined) {
      stack.pop();
      continue;
    }
    const below = top.keys[top.child] ?? top.below;
    top.child += 1;
    if (child.position !== 0n) return { ...child, below };
  }
  return null;
}

function pageVisitor(source: PageSource, mapId: number): (position: bigint) => Page {
  const visited = new Set<bigint>();
  let length = 0;
  let expanded = 0;
  return (position) => {
    const page = readPage(source, position, mapId);
    length += page.length;
    expanded += page.bodyLength;
    if (visited.has(position) || length > source.bytes.length) {
      throw new H2Failure('damaged', page.offset, `Map ${mapId} comes to one page twice`);
    }
    if (expanded > maximalExpansion)
      throw new H2Failure('too-large', page.offset, `Map ${mapId} is too large to be read`);
    visited.add(position);
    return page;
  };
}

function readLeaf<K, V>(page: Page, keyType: KeyType<K>, readValues: ReadValues<V>): Entry<K, V>[] {
  const keys = readKeys(page, keyType);
  const values = readValues(page.body, page.keyCount);
  if (page.body.remaining > 0) throw page.body.fail('a leaf holds more than its entries');
  return keys.map((key, index) => ({ key, value: values[index] as V, offset: page.offset }));
}

function readKeys<K>(page: Page, keyType: KeyType<K>): K[] {
  const keys: K[] = [];
  for (let index = 0; index < page.keyCount; index += 1) keys.push(keyType.read(page.body));
  return keys;
}

function holdOrder<K>(keyType: KeyType<K>, previous: K | null, key: K, below: K | null, offset: number): void {
  if (keyType.compare === null) return;
  const ascends = previous === null || keyType.compare(previous, key) < 0;
  if (!ascends || (below !== null && keyType.compare(key, below) >= 0)) {
    throw new H2Failure('damaged', offset, 'The keys of a map do not ascend');
  }
}

function miscounted(offset: number): H2Failure {
  return new H2Failure('damaged', offset, 'A page has not as many entries as the one above it counts');
}
