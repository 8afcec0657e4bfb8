import { describe, expect, test } from 'vitest';
import { openH2, readAxonTables } from '../../h2/index.ts';
import { readGolden } from '../support/h2-databases.ts';

const tablesOf = (name: string) => readAxonTables(openH2(readGolden(name).bytes));

describe("the server's tables", () => {
  test('a group has its pointers as they are in the database', () => {
    expect(tablesOf('small-2.4.240').groups).toContainEqual({
      group: 'orders',
      commitIndex: 2514881552n,
      commitTerm: 4n,
      currentTerm: 4n,
      lastAppliedIndex: 2514881552n,
      lastAppliedTerm: 4n,
      votedFor: 'axonserver-1-4a23d5962217bead',
    });
  });

  test('a member has its role by name, and blanks in its own', () => {
    const { members } = tablesOf('small-2.4.240');
    expect(members).toContainEqual({
      group: '_admin',
      nodeId: 'node two with blanks-0ed99531985d',
      nodeName: 'node two with blanks',
      host: 'host1',
      port: 8224,
      role: 'PRIMARY',
      isPendingDelete: false,
    });
    expect(members.find((member) => member.nodeName === 'knoten-ü')?.role).toBe('PASSIVE_BACKUP');
  });

  test('a context has its group, its index formats, and whether its consistency boundary is dynamic', () => {
    const { contexts } = tablesOf('small-2.4.240');
    expect(contexts.map(({ name, group, isDcb }) => ({ name, group, isDcb }))).toContainEqual({
      name: 'orders-0',
      group: 'orders',
      isDcb: true,
    });
    expect(contexts.find(({ name }) => name === 'default')).toMatchObject({
      eventIndexFormat: 'JUMP_SKIP_INDEX',
      snapshotIndexFormat: 'JUMP_SKIP_INDEX',
      replicationIndex: 922121676n,
      purgeCount: 0,
      isDcb: false,
    });
  });

  test('columns that an older release lacks are null, tables that it lacks are named', () => {
    const { contexts, absentTables, backups } = tablesOf('small-1.4.197');
    expect(contexts.find(({ name }) => name === 'orders')).toEqual({
      name: 'orders',
      group: 'orders',
      metaData: {},
      eventIndexFormat: null,
      snapshotIndexFormat: null,
      isDcb: null,
      replicationIndex: null,
      purgeCount: null,
    });
    expect(absentTables).toEqual(['RG_BACKUP_INFO']);
    expect(backups).toEqual([]);
  });

  test('a newer release notes its backups', () => {
    const golden = readGolden('many-groups-2.4.240');
    const rows = golden.tables['rg_backup_info'] ?? [];
    expect(readAxonTables(openH2(golden.bytes)).backups).toHaveLength(rows.length);
  });

  test('before 4.4 tables have other names, and a context is the group of its name', () => {
    const tables = tablesOf('before-4.4-1.4.197');
    expect(tables.groups.map(({ group, commitIndex }) => [group, commitIndex])).toEqual([
      ['_admin', 120n],
      ['default', 4000000000n],
    ]);
    // The settings are so long that H2 keeps them apart. NULL is PRIMARY, as the server reads it.
    expect(tables.contexts).toMatchObject([
      {
        name: 'default',
        group: 'default',
        eventIndexFormat: 'JUMP_SKIP_INDEX',
        snapshotIndexFormat: 'BLOOM_FILTER_INDEX',
      },
    ]);
    expect(tables.members.map((member) => member.role)).toEqual(['PRIMARY', 'PRIMARY']);
    expect(tables.absentTables).toEqual(['RG_REPLICATION_GROUP', 'RG_CONTEXT', 'RG_BACKUP_INFO']);
  });

  test('what a database has come through is told by version, the line of its schema left out', () => {
    expect(tablesOf('uninitialised-before-4.4-1.4.197').migrations.slice(-5)).toEqual([
      '2.4',
      '3.0',
      '3.1',
      '3.2',
      '4.0',
    ]);
    expect(tablesOf('small-2.4.240').migrations).toEqual([]);
  });

  test("a database of someone else's has none of them", () => {
    const { absentTables, groups } = tablesOf('types-2.4.240');
    expect(groups).toEqual([]);
    expect(absentTables).toHaveLength(5);
  });
});
