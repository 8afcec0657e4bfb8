import { beforeAll, describe, expect, test } from 'vitest';
import { AxonError } from '../../../server/errors.ts';
import { tearControlDbImage } from '../../../server/formats/control-db-image.ts';
import { ControlDb, loadSqlEngine } from '../../../server/stores/control-db.ts';
import type { SqlEngine } from '../../../server/stores/control-db.ts';
import { application, group, node, populated, user } from '../../support/control-db-content.ts';

let engine: SqlEngine;

beforeAll(async () => {
  engine = await loadSqlEngine();
});

function query(image: Uint8Array, sql: string): unknown[][] {
  const database = new engine.sql.Database(image);
  try {
    return database.exec(sql)[0]?.values ?? [];
  } finally {
    database.close();
  }
}

/** The image after a statement that the class itself would never run. */
function altered(db: ControlDb, sql: string): Uint8Array {
  const database = new engine.sql.Database(db.image());
  try {
    return database.run(sql).export();
  } finally {
    database.close();
  }
}

function failureOf(image: Uint8Array): AxonError {
  try {
    ControlDb.open(engine, image);
  } catch (error) {
    if (error instanceof AxonError) return error;
    throw error;
  }
  throw new Error('The image was accepted');
}

describe('the tables of a control database', () => {
  test('are those of Enterprise 4.4, with the access rules of the backup operations from the start', () => {
    const image = ControlDb.create(engine).image();
    const names = query(image, `SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).flat();
    expect(names).toEqual([
      'adm_application_binding',
      'adm_application_binding_context',
      'adm_application_binding_context_role',
      'adm_context',
      'adm_processor_load_balancing',
      'adm_replication_group',
      'adm_replication_group_member',
      'cluster_node',
      'flyway_schema_history',
      'function_roles',
      'load_balancing_strategy',
      'paths_to_functions',
      'rg_application_binding_context',
      'rg_application_binding_context_role',
      'rg_context',
      'rg_member',
      'rg_processor_load_balancing',
      'rg_replication_group',
      'rg_state',
      'rg_user_context',
      'rg_user_context_role',
      'roles',
      'task',
      'user_roles',
      'users',
    ]);
    const rules = `SELECT function_roles.role FROM paths_to_functions JOIN function_roles USING (function)
                   WHERE path = 'POST:/v1/backup/createControlDbBackup'`;
    expect(query(image, rules)).toEqual([['ADMIN']]);
  });

  test('hold roles of members as the ordinals of the enum, of which a missing one is read as PRIMARY', () => {
    const db = ControlDb.create(engine);
    const roles = ['SECONDARY', 'PRIMARY', 'ACTIVE_BACKUP', 'PASSIVE_BACKUP', 'MESSAGING_ONLY'] as const;
    const members = roles.map((role, index) => ({
      nodeId: `${index}`,
      nodeName: `node-${index}`,
      host: 'h',
      port: 1,
      role,
    }));
    db.putReplicationGroup(group('default', { members }));
    expect(query(db.image(), 'SELECT role FROM rg_member ORDER BY node_id').flat()).toEqual([4, 0, 1, 2, 3]);
    expect(query(db.image(), 'SELECT role FROM adm_replication_group_member').flat()).toEqual([4, 0, 1, 2, 3]);
    expect(ControlDb.open(engine, db.image()).replicationGroups()[0]?.members).toEqual(members);

    const old = ControlDb.open(engine, altered(db, 'UPDATE rg_member SET role = NULL'));
    expect(new Set(old.replicationGroups()[0]?.members.map((member) => member.role))).toEqual(new Set(['PRIMARY']));
  });

  test('hold of a group that was put twice only the later members', () => {
    const db = ControlDb.create(engine);
    db.putReplicationGroup(group('b'));
    db.putReplicationGroup(group('a', { id: 'z' }));
    db.putReplicationGroup(group('b', { members: [] }));
    expect(db.replicationGroups()).toEqual([group('a', { id: 'z' }), group('b', { members: [] })]);
    expect(query(db.image(), 'SELECT group_id FROM rg_member')).toEqual([['z']]);
  });

  test('have of groups in which the node takes no part what the cluster is told, and of others alone what the node needs', () => {
    const db = ControlDb.create(engine);
    db.putNode(node(1));
    db.putReplicationGroup(group('mine', { tables: 'rg' }));
    db.putReplicationGroup(group('both'));
    const member = { nodeId: 'n', nodeName: 'node-1', host: 'localhost', port: 8224, role: 'PASSIVE_BACKUP' } as const;
    const theirs = group('theirs', { tables: 'adm', members: [member] });
    db.putReplicationGroup(theirs);
    for (const name of ['mine', 'both', 'theirs']) db.putContext({ name: `in ${name}`, replicationGroupName: name });
    const roles = ['in both', 'in theirs', '_admin'].map((context) => ({ context, role: 'USE_CONTEXT' }));
    db.putApplication(application('shop', { roles }));
    db.putUser(user('ann', { roles }));

    const image = db.image();
    const columnOf = (sql: string): unknown[] => query(image, sql).flat().toSorted();
    expect(columnOf('SELECT name FROM rg_replication_group')).toEqual(['both', 'mine']);
    expect(columnOf('SELECT group_id FROM rg_member')).toEqual(['id-of-both', 'id-of-mine']);
    expect(columnOf('SELECT name FROM rg_context')).toEqual(['in both', 'in mine']);
    expect(columnOf('SELECT context FROM rg_application_binding_context')).toEqual(['_admin', 'in both']);
    expect(columnOf('SELECT context FROM rg_user_context')).toEqual(['_admin', 'in both']);
    expect(columnOf('SELECT name FROM adm_replication_group')).toEqual(['both', 'theirs']);
    expect(columnOf('SELECT name FROM adm_context')).toEqual(['in both', 'in theirs']);
    expect(query(image, 'SELECT role FROM adm_replication_group_member ORDER BY id').flat()).toEqual([0, 2]);

    const reopened = ControlDb.open(engine, image);
    expect(reopened.replicationGroups()).toEqual(db.replicationGroups());
    expect(reopened.contexts()).toEqual(db.contexts());
    expect(reopened.applications()).toEqual(db.applications());
    expect(reopened.users()).toEqual(db.users());
    expect(reopened.image()).toEqual(image);
  });

  test('hold the roles of applications and users once each, in order, for the cluster and for each context', () => {
    const db = ControlDb.create(engine);
    const roles = [
      { context: 'b', role: 'USE_CONTEXT' },
      { context: 'a', role: 'ADMIN' },
      { context: 'b', role: 'ADMIN' },
      { context: 'b', role: 'USE_CONTEXT' },
    ];
    const sorted = [roles[1], roles[2], roles[0]];
    db.putApplication(application('shop', { roles }));
    db.putUser(user('ann', { roles }));
    expect(db.applications()[0]?.roles).toEqual(sorted);
    expect(ControlDb.open(engine, db.image()).users()[0]?.roles).toEqual(sorted);
    const contexts = 'SELECT context, count(*) FROM rg_application_binding_context GROUP BY context';
    expect(query(db.image(), contexts)).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
    expect(query(db.image(), 'SELECT * FROM rg_user_context_role')).toEqual([
      [1, 'ADMIN'],
      [2, 'ADMIN'],
      [2, 'USE_CONTEXT'],
    ]);
  });
});

describe('opening a control database', () => {
  test('fails for a torn image', () => {
    const failure = failureOf(tearControlDbImage(populated(engine).image()));
    expect(failure.kind).toBe('control-db-unreadable');
    expect(failure.message).toBe('Not a readable control database: file is not a database');
  });

  test('fails for an image that is cut short, whole pages or not', () => {
    const image = populated(engine).image();
    for (const length of [0, 100, 1024, 10 * 1024, image.length - 1024, image.length - 1]) {
      expect(failureOf(image.subarray(0, length)).kind).toBe('control-db-unreadable');
    }
  });

  test('fails for an image of which one page is from elsewhere', () => {
    const image = populated(engine).image();
    for (let pageAt = 0; pageAt < image.length; pageAt += 1024) {
      for (const byte of [0x00, 0xff]) {
        const damaged = image.slice().fill(byte, pageAt, pageAt + 1024);
        expect(failureOf(damaged).kind).toBe('control-db-unreadable');
      }
    }
  });

  test('fails for another SQLite database', () => {
    expect(failureOf(altered(populated(engine), 'DROP TABLE rg_state')).message).toContain('it has no table rg_state');
    expect(failureOf(altered(populated(engine), 'DROP TABLE users')).message).toContain('it has no table users');
  });

  test('fails for a role that does not exist', () => {
    expect(failureOf(altered(populated(engine), 'UPDATE rg_member SET role = 9')).message).toContain(
      '9 is no member role',
    );
  });

  test('fails for a file of a real server, and says that it is one', () => {
    expect(failureOf(Buffer.from('H:2,block:4,blockSize:1000')).message).toContain('an H2 file of a real Axon Server');
  });
});
