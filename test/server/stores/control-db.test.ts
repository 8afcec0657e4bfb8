import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { ControlDb, loadSqlEngine } from '../../../server/stores/control-db.ts';
import type { SqlEngine } from '../../../server/stores/control-db.ts';
import { application, group, node, pointers, populated, user } from '../../support/control-db-content.ts';

let engine: SqlEngine;

beforeAll(async () => {
  engine = await loadSqlEngine();
});

function reopened(db: ControlDb): ControlDb {
  return ControlDb.open(engine, db.image());
}

function isSameImage(left: ControlDb, right: ControlDb): boolean {
  return Buffer.compare(left.image(), right.image()) === 0;
}

function names(map: ReadonlyMap<string, unknown>): string[] {
  return [...map.keys()].toSorted();
}

describe('a control database', () => {
  test('gives back pointers by group id, votes that were not given included', () => {
    const db = ControlDb.create(engine);
    const large = pointers({ commitIndex: 2 ** 40, lastAppliedIndex: Number.MAX_SAFE_INTEGER, votedFor: null });
    db.writePointers('b', pointers());
    db.writePointers('a', pointers({ commitIndex: 1 }));
    db.writePointers('a', large);
    expect(db.readPointers()).toEqual(
      new Map([
        ['a', large],
        ['b', pointers()],
      ]),
    );
    expect(reopened(db).readPointers()).toEqual(db.readPointers());
  });

  test('gives back nodes, groups, contexts, applications and users after it was opened again', () => {
    const db = populated(engine);
    const copy = reopened(db);
    expect(copy.nodes()).toEqual([node(1)]);
    expect(copy.replicationGroups()).toEqual([group('default')]);
    expect(copy.contexts()).toEqual([
      { name: 'default', replicationGroupName: 'default', metaData: { 'event.index-format': 'JUMP' } },
    ]);
    expect(copy.applications()).toEqual([application('shop')]);
    expect(copy.users()).toEqual([user('ann')]);
    expect(isSameImage(copy, db)).toBe(true);
  });

  test('is not changed by putting the same things again', () => {
    const db = populated(engine);
    const before = db.image();
    db.writePointers('id-of-default', pointers());
    db.putNode(node(1));
    db.putReplicationGroup(group('default'));
    db.putContext({ name: 'default', replicationGroupName: 'default', metaData: { 'event.index-format': 'JUMP' } });
    db.putApplication(application('shop'));
    db.putUser(user('ann'));
    db.removeUser('nobody');
    db.removeApplication('nothing');
    expect(Buffer.compare(db.image(), before)).toBe(0);
  });

  test('has the bytes of its content, whatever happened before', () => {
    const db = populated(engine);
    db.image();
    db.writePointers('id-of-default', pointers({ commitIndex: 1_000_000, votedFor: null }));
    db.putReplicationGroup(group('default', { members: [] }));
    db.putApplication(application('another'));
    db.putUser(user('bob'));
    expect(isSameImage(db, populated(engine))).toBe(false);

    db.removeApplication('another');
    db.removeUser('bob');
    db.putReplicationGroup(group('default'));
    db.writePointers('id-of-default', pointers());
    expect(isSameImage(db, populated(engine))).toBe(true);
  });

  test('holds what was put last, in any order of puts and reopenings', () => {
    const commands = fc.array(
      fc.record({
        kind: fc.constantFrom('pointers', 'group', 'application', 'remove', 'reopen'),
        key: fc.constantFrom('a', 'b', 'ü x', "o'hara"),
        number: fc.nat(),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(commands, (steps) => {
        let db = ControlDb.create(engine);
        const model = { pointers: new Map(), groups: new Map(), applications: new Map() };
        for (const { kind, key, number } of steps) {
          if (kind === 'pointers') {
            db.writePointers(key, pointers({ commitIndex: number }));
            model.pointers.set(key, pointers({ commitIndex: number }));
          } else if (kind === 'group') {
            const members = group(key).members.map((member) => ({ ...member, port: number }));
            db.putReplicationGroup(group(key, { members }));
            model.groups.set(key, group(key, { members }));
          } else if (kind === 'application') {
            db.putApplication(application(key, { description: `${number}` }));
            model.applications.set(key, application(key, { description: `${number}` }));
          } else if (kind === 'remove') {
            db.removeApplication(key);
            model.applications.delete(key);
          } else {
            db = reopened(db);
          }
        }
        expect(db.readPointers()).toEqual(model.pointers);
        expect(db.replicationGroups()).toEqual(names(model.groups).map((name) => model.groups.get(name)));
        expect(db.applications()).toEqual(names(model.applications).map((name) => model.applications.get(name)));
      }),
      { numRuns: 50 },
    );
  });

  test('refuses two names for what the tables keep unique', () => {
    const db = populated(engine);
    expect(() => db.putReplicationGroup(group('default', { id: 'other' }))).toThrow('cannot both have default');
    expect(() => db.putApplication(application('x', { hashedToken: 'hash of shop' }))).toThrow('cannot both have');
    expect(isSameImage(db, populated(engine))).toBe(true);
  });

  test('lets nodes exchange their ports, but makes no image in which two have the same', () => {
    const db = populated(engine);
    const other = { ...node(2), grpcInternalPort: node(1).grpcInternalPort };
    db.putNode(other);
    expect(() => db.image()).toThrow('UNIQUE constraint failed: cluster_node');
    db.putNode({ ...node(1), grpcInternalPort: node(2).grpcInternalPort });
    expect(ControlDb.open(engine, db.image()).nodes()[1]).toEqual(other);
  });

  test('takes copies of what is put into it, and its image is the caller’s own', () => {
    const db = populated(engine);
    const roles = [{ context: 'default', role: 'ADMIN' }];
    db.putUser(user('ann', { roles }));
    roles.push({ context: 'other', role: 'ADMIN' });
    db.image().fill(0);
    expect(isSameImage(db, populated(engine))).toBe(true);
  });

  test('can be read and changed after it was closed, since nothing was open', () => {
    const db = populated(engine);
    db.close();
    expect(isSameImage(db, populated(engine))).toBe(true);
  });

  test('is small: 40 KiB for a cluster of three nodes', () => {
    expect(populated(engine).image().length).toBe(40 * 1024);
  });
});
