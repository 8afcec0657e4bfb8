import { describe, expect, test } from 'vitest';
import { openH2 } from '../../h2/index.ts';
import { allRows, goldenNames, readGolden, sorted } from '../support/h2-databases.ts';

describe('a database that H2 wrote', () => {
  test('there are some of each format', () => {
    const formats = goldenNames.map((name) => openH2(readGolden(name).bytes).formatVersion);
    expect([...new Set(formats)].toSorted()).toEqual([1, 2, 3]);
  });

  test.each(goldenNames)('all rows of %s are read as H2 reads them', (name) => {
    const golden = readGolden(name);
    const rows = allRows(openH2(golden.bytes));
    const others = Object.entries(rows).filter(([table]) => golden.tables[table] === undefined);
    expect(others.filter(([, found]) => found.length > 0)).toEqual([]);
    expect(sorted(rows)).toEqual(sorted(golden.tables));
  });

  test.each(goldenNames)('%s is whole, so nothing newer was passed over', (name) => {
    expect(openH2(readGolden(name).bytes).passedOver).toEqual([]);
  });

  test('what a transaction had changed that was open during the backup is not there', () => {
    for (const name of goldenNames.filter((golden) => golden.startsWith('open-transaction'))) {
      const { bytes } = readGolden(name);
      // The change is in the file: H2 writes it, and takes it back when it opens the backup.
      expect(Buffer.from(bytes).includes('never'), name).toBe(true);
      expect(sorted(allRows(openH2(bytes))).filter((row) => row.includes('never'))).toEqual([]);
    }
  });

  test('tables are found by name however it is spelt, columns in the order in which they were made', () => {
    const database = openH2(readGolden('small-2.4.240').bytes);
    expect(database.table('rg_state')).toBe(database.table('RG_STATE'));
    expect(database.table('RG_STATE', 'OTHER')).toBeNull();
    expect(database.table('rg_context')?.columns.map((column) => column.name)).toEqual([
      'NAME',
      'REPLICATION_GROUP_NAME',
      'META_DATA',
      'PURGE_COUNT',
      'DCB_CONTEXT',
      'REPLICATION_INDEX',
    ]);
  });

  test('rows are read as they are taken: the first of many needs no page but its own', () => {
    const golden = readGolden('many-groups-2.4.240');
    const database = openH2(golden.bytes);
    const table = database.tables().find((one) => one.name === 'RG_MEMBER');
    if (table === undefined) throw new Error('no members');
    const rows = database.rows(table);
    expect(rows.next().done).toBe(false);
    // All behind the catalogue is gone; what was read already stays.
    golden.bytes.fill(0);
    expect(() => [...rows]).toThrow(expect.objectContaining({ kind: 'damaged' }));
  });
});
