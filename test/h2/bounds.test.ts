import { describe, expect, test } from 'vitest';
import { openH2 } from '../../h2/index.ts';
import { readPage } from '../../h2/page.ts';
import { openStore } from '../../h2/store.ts';
import { allRows, readGolden } from '../support/h2-databases.ts';
import { h2FailureOf } from '../support/h2-failure-of.ts';

/** A map of the database whose root is a node, and where that stands. */
function aNode(bytes: Uint8Array) {
  const store = openStore(bytes);
  for (const [name, map] of store.maps) {
    if (!/^table\.[1-9]/.test(name) || (map.root & 1n) === 0n) continue;
    const page = readPage(store, map.root, map.id);
    if (page.children !== null) return { ...map, page, children: page.children };
  }
  throw new Error('There is no map of several levels');
}

describe('a database made to hurt', () => {
  test('a node that is its own child is found out', () => {
    const { bytes } = readGolden('many-groups-2.4.240');
    const { page, root, children } = aNode(bytes);
    const changed = bytes.slice();
    const at = indexOfPosition(changed, page.offset, children[0]?.position ?? 0n);
    new DataView(changed.buffer, changed.byteOffset).setBigInt64(at, root);
    expect(h2FailureOf(() => allRows(openH2(changed)))).toMatchObject({ kind: 'damaged' });
  });

  test('one page as two children is found out', () => {
    const { bytes } = readGolden('many-groups-2.4.240');
    const { page, children } = aNode(bytes);
    const changed = bytes.slice();
    const at = indexOfPosition(changed, page.offset, children[1]?.position ?? 0n);
    new DataView(changed.buffer, changed.byteOffset).setBigInt64(at, children[0]?.position ?? 0n);
    expect(h2FailureOf(() => allRows(openH2(changed)))).toMatchObject({ kind: 'damaged' });
  });

  test('a page that claims 2^31 - 1 keys fails before any room is made for them', () => {
    const { bytes } = readGolden('many-groups-2.4.240');
    const { page } = aNode(bytes);
    const changed = bytes.slice();
    // Behind length and check: number of the page, map, each of one byte here; then the count.
    let at = page.offset + 6;
    for (let number = 0; number < 2; number += 1) {
      while ((changed[at] ?? 0) >= 0x80) at += 1;
      at += 1;
    }
    changed.set([0xff, 0xff, 0xff, 0xff, 0x07], at);
    const before = process.memoryUsage().heapTotal;
    expect(h2FailureOf(() => allRows(openH2(changed)))).toMatchObject({ kind: 'damaged' });
    expect(process.memoryUsage().heapTotal - before).toBeLessThan(100_000_000);
  });

  test('a large object is read only as far as the caller allows', () => {
    const { bytes } = readGolden('before-4.4-1.4.197');
    const database = openH2(bytes);
    const table = database.table('CONTEXT');
    const [row] = table === null ? [] : [...database.rows(table)];
    const value = row?.['META_DATA'];
    if (typeof value !== 'object' || value === null || !('largeObject' in value))
      throw new Error('It is not kept apart');
    expect(database.readLargeObject(value)).toHaveLength(Number(value.length));
    expect(h2FailureOf(() => database.readLargeObject(value, 100))).toMatchObject({ kind: 'too-large' });
    expect(h2FailureOf(() => database.readLargeObject({ ...value, largeObject: 999n }))).toMatchObject({
      kind: 'damaged',
    });
  });
});

function indexOfPosition(bytes: Uint8Array, from: number, position: bigint): number {
  const wanted = Buffer.alloc(8);
  wanted.writeBigInt64BE(position);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(wanted, from);
}
