import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { PlannedGroup } from '../../../server/cluster/terms/topology.ts';
import { decodeLogEntry, logEntryTypes } from '../../../server/formats/log-segment.ts';
import type { Role } from '../../../server/formats/log-entry-data.ts';
import { entriesIn, transactionsIn } from '../../support/cluster-files.ts';
import {
  append,
  eventsOfKind,
  HOUR_MS,
  leaderOf,
  letSettle,
  memberOf,
  MINUTE_MS,
  openCluster,
  SECOND_MS,
  startCluster,
  type RunningCluster,
} from '../../support/clusters.ts';
import { failureOf } from '../../support/failure-of.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function group(name: string, contexts: readonly string[], ...roles: readonly (Role | null)[]): PlannedGroup {
  const members = roles.flatMap((role, place) => (role === null ? [] : [{ node: `node-${place + 1}`, role }]));
  return { name, contexts, members };
}

const everyone = ['PRIMARY', 'PRIMARY', 'PRIMARY'] as const;
const admin = group('_admin', [], ...everyone);

/** Three nodes; `retail` holds two contexts. */
function retail(...roles: readonly (Role | null)[]): { readonly nodes: number; readonly groups: PlannedGroup[] } {
  return { nodes: roles.length, groups: [admin, group('retail', ['orders', 'billing'], ...roles)] };
}

function tokensOn({ folder }: RunningCluster, node: string, context = 'orders'): number {
  return transactionsIn(folder, node, context, 'EVENT').size;
}

function foldersIn({ folder }: RunningCluster, node: string, kind: 'events' | 'log'): string[] {
  const parent = path.join(folder, node, kind);
  return fs.existsSync(parent) ? fs.readdirSync(parent).toSorted() : [];
}

describe('a group of several contexts', () => {
  test('has one log, and an event store for each context', () => {
    const running = startCluster(retail(...everyone));
    append(running, 3, { context: 'orders' });
    append(running, 5, { context: 'billing' });
    append(running, 2, { context: 'billing', type: 'SNAPSHOT' });
    for (const node of ['node-1', 'node-2', 'node-3']) {
      expect(foldersIn(running, node, 'log')).toEqual(['_admin', 'retail']);
      expect(foldersIn(running, node, 'events')).toEqual(['billing', 'orders']);
      expect([tokensOn(running, node, 'orders'), tokensOn(running, node, 'billing')]).toEqual([3, 5]);
      expect(transactionsIn(running.folder, node, 'billing', 'SNAPSHOT').size).toBe(2);
    }
    expect(running.cluster.ledger.of('orders', 'EVENT').length).toBe(3);
    expect(running.cluster.groupOfContext('billing').name).toBe('retail');
  });

  test('comes back from a crash of all nodes with what each context had', () => {
    const folder = temporaryFolder();
    const running = openCluster({ folder, ...retail(...everyone), rate: 5 });
    running.advance(MINUTE_MS);
    const acknowledged = ['orders', 'billing'].map((context) => running.cluster.ledger.of(context, 'EVENT').length);
    for (const node of running.cluster.nodes.keys()) running.cluster.crashNode(node);
    const again = startCluster({ folder, ...retail(...everyone) });
    letSettle(again);
    expect(tokensOn(again, 'node-2', 'orders')).toBeGreaterThanOrEqual(acknowledged[0] ?? 0);
    expect(tokensOn(again, 'node-2', 'billing')).toBeGreaterThanOrEqual(acknowledged[1] ?? 0);
    expect(append(again, 1, { context: 'billing' }).firstToken).toBe(BigInt(tokensOn(again, 'node-2', 'billing') - 1));
  });

  test('stands in the control database of every node under its own name', () => {
    const running = startCluster(retail(...everyone));
    running.advance(SECOND_MS);
    for (const node of running.cluster.nodes.values()) {
      expect(node.controlDb?.contexts().map(({ name, replicationGroupName }) => [name, replicationGroupName])).toEqual([
        ['billing', 'retail'],
        ['orders', 'retail'],
      ]);
    }
  });
});

describe('a node outside of a group', () => {
  test('has neither its log nor its events, and no pointers for it', () => {
    const running = startCluster(retail('PRIMARY', 'PRIMARY', null));
    append(running, 3, { context: 'orders' });
    running.advance(2 * SECOND_MS);
    expect(foldersIn(running, 'node-3', 'log')).toEqual(['_admin']);
    expect(foldersIn(running, 'node-3', 'events')).toEqual([]);
    const { controlDb } = running.cluster.node('node-3');
    const tables = controlDb?.replicationGroups().map(({ name, tables: which }) => [name, which]);
    expect(tables).toEqual([
      ['_admin', 'both'],
      ['retail', 'adm'],
    ]);
    expect(controlDb?.readPointers().size).toBe(1);
    expect(controlDb?.contexts().map(({ name }) => name)).toEqual(['billing', 'orders']);
  });

  test('does not count: its stop takes nothing from the group', () => {
    const running = startCluster(retail('PRIMARY', 'PRIMARY', null));
    running.cluster.stopNode('node-3');
    append(running, 2, { context: 'orders' });
    expect(tokensOn(running, 'node-1')).toBe(2);
    running.cluster.stopNode('node-2');
    expect(failureOf(() => append(running, 1, { context: 'orders' })).kind).toBe('no-leader');
  });

  test('of _admin knows its own groups and contexts, and nothing of the rest', () => {
    const groups = [
      group('_admin', [], 'PRIMARY', 'PRIMARY', null),
      group('retail', ['orders', 'billing'], null, null, 'PRIMARY'),
      group('default', ['default'], ...everyone),
      group('hidden', ['secret'], 'PRIMARY', 'PRIMARY', null),
    ];
    const folder = temporaryFolder();
    const running = openCluster({ folder, groups });
    append(running, 3, { context: 'orders' });
    running.advance(2 * SECOND_MS);
    const known = (from: RunningCluster, node: string): unknown => {
      const { controlDb } = from.cluster.node(node);
      return {
        groups: controlDb?.replicationGroups().map(({ name, tables }) => `${name} ${tables}`),
        contexts: controlDb?.contexts().map(({ name }) => name),
      };
    };
    const expected = {
      groups: ['default rg', 'retail rg'],
      contexts: ['billing', 'default', 'orders'],
    };
    expect(known(running, 'node-3')).toEqual(expected);
    expect(known(running, 'node-1')).toEqual({
      groups: ['_admin both', 'default both', 'hidden both', 'retail adm'],
      contexts: ['billing', 'default', 'orders', 'secret'],
    });
    running.cluster.close();
    const again = startCluster({ folder, groups });
    expect(known(again, 'node-3')).toEqual(expected);
    expect(append(again, 1, { context: 'orders' }).firstToken).toBe(3n);
  });
});

describe('an ACTIVE_BACKUP node', () => {
  test('has everything before a write is confirmed, and never leads', () => {
    const running = startCluster(retail('PRIMARY', 'ACTIVE_BACKUP', 'ACTIVE_BACKUP'));
    append(running, 4, { context: 'orders' });
    expect(['node-1', 'node-2', 'node-3'].map((node) => tokensOn(running, node))).toEqual([4, 4, 4]);
    running.cluster.stopNode('node-1');
    running.advance(MINUTE_MS);
    expect(leaderOf(running, 'retail')).toBeNull();
  });

  test('is needed: with the last of them the group has no leader, and with the first of them again one', () => {
    const running = startCluster(retail('PRIMARY', 'PRIMARY', 'PRIMARY', 'ACTIVE_BACKUP', 'ACTIVE_BACKUP'));
    running.cluster.stopNode('node-5');
    append(running, 2, { context: 'orders' });
    running.cluster.stopNode('node-4');
    const failure = failureOf(() => append(running, 1, { context: 'orders' }));
    expect(failure.kind).toBe('no-leader');
    expect(failure.message).toContain('one of its ACTIVE_BACKUP nodes');
    running.cluster.startNode('node-5');
    running.advance(5 * SECOND_MS);
    append(running, 1, { context: 'orders' });
    expect(tokensOn(running, 'node-5')).toBe(3);
  });

  test('does not make up for a primary: a majority of those is needed all the same', () => {
    const running = startCluster(retail('PRIMARY', 'PRIMARY', 'ACTIVE_BACKUP'));
    running.cluster.stopNode('node-2');
    expect(leaderOf(running, 'retail')).toBeNull();
    running.advance(MINUTE_MS);
    expect(leaderOf(running, 'retail')).toBeNull();
  });
});

describe('a PASSIVE_BACKUP node', () => {
  test('gets everything, but late, and nobody waits for it', () => {
    const running = startCluster(retail('PRIMARY', 'PRIMARY', 'PASSIVE_BACKUP'));
    running.advance(10 * SECOND_MS);
    const startMs = running.cluster.clock.nowMs;
    append(running, 4, { context: 'orders' });
    expect(running.cluster.clock.nowMs - startMs).toBeLessThan(100);
    expect(tokensOn(running, 'node-2')).toBe(4);
    expect(tokensOn(running, 'node-3')).toBe(0);
    running.advance(10 * SECOND_MS);
    expect(tokensOn(running, 'node-3')).toBe(4);
  });

  test('has no say: neither does the group need it, nor does it keep the group going', () => {
    const running = startCluster(retail('PRIMARY', 'PASSIVE_BACKUP', 'PASSIVE_BACKUP'));
    running.cluster.stopNode('node-2');
    running.cluster.stopNode('node-3');
    append(running, 2, { context: 'orders' });
    running.cluster.startNode('node-2');
    running.advance(10 * SECOND_MS);
    expect(tokensOn(running, 'node-2')).toBe(2);
    running.cluster.stopNode('node-1');
    running.advance(MINUTE_MS);
    expect(leaderOf(running, 'retail')).toBeNull();
  });
});

describe('a MESSAGING_ONLY node', () => {
  const roles = ['PRIMARY', 'PRIMARY', 'MESSAGING_ONLY'] as const;

  test('has a log as long as the others, with dummies in the place of events, and no event store', () => {
    const running = startCluster(retail(...roles));
    append(running, 4, { context: 'orders' });
    running.advance(SECOND_MS);
    letSettle(running);
    expect(foldersIn(running, 'node-3', 'events')).toEqual([]);
    const types = (node: string): number[] =>
      [...entriesIn(running.folder, node, 'retail')].map(([index, record]) => decodeLogEntry(record, index).type);
    const { serializedObject, dummy } = logEntryTypes;
    expect(types('node-1').filter((type) => type === serializedObject)).toHaveLength(4);
    expect(types('node-3')).toEqual(types('node-1').map((type) => (type === serializedObject ? dummy : type)));
    expect(memberOf(running, 'node-3', 'retail').appliedIndex).toBe(memberOf(running, 'node-1', 'retail').appliedIndex);
    const [, last] = [...entriesIn(running.folder, 'node-3', 'retail')].at(-1) ?? [];
    expect(last?.subarray(17, 18).toString()).toBe('X');
  });

  test('never leads, has no say, and catches up after a stop, by the log or by a snapshot', () => {
    const running = startCluster({ ...retail(...roles), logSegmentSizeBytes: 2048 });
    running.cluster.stopNode('node-3');
    append(running, 10, { context: 'orders' });
    running.cluster.startNode('node-3');
    running.advance(SECOND_MS);
    letSettle(running);
    expect(memberOf(running, 'node-3', 'retail').log.lastIndex).toBe(
      memberOf(running, 'node-1', 'retail').log.lastIndex,
    );

    running.cluster.crashNode('node-3');
    append(running, 40, { context: 'orders' });
    running.advance(2 * HOUR_MS);
    running.cluster.startNode('node-3');
    running.advance(SECOND_MS);
    letSettle(running);
    expect(eventsOfKind(running, 'snapshot-installed').map(({ node, group: name }) => [node, name])).toContainEqual([
      'node-3',
      'retail',
    ]);
    expect(memberOf(running, 'node-3', 'retail').appliedIndex).toBe(memberOf(running, 'node-1', 'retail').appliedIndex);
    running.cluster.stopNode('node-1');
    running.cluster.stopNode('node-2');
    running.advance(MINUTE_MS);
    expect(leaderOf(running, 'retail')).toBeNull();
  });
});

test('the workload writes to groups that can confirm, whatever the others do', () => {
  const groups = [
    admin,
    group('retail', ['orders'], 'PRIMARY', null, 'ACTIVE_BACKUP'),
    group('default', ['default'], ...everyone),
  ];
  const running = startCluster({ groups, rate: 5 });
  running.cluster.stopNode('node-3');
  running.advance(SECOND_MS);
  const before = running.cluster.ledger.of('orders', 'EVENT').length;
  const others = running.cluster.ledger.of('default', 'EVENT').length;
  running.advance(MINUTE_MS);
  expect(running.cluster.ledger.of('orders', 'EVENT').length).toBe(before);
  expect(running.cluster.ledger.of('default', 'EVENT').length).toBeGreaterThan(others + 100);
  running.cluster.startNode('node-3');
  running.advance(MINUTE_MS);
  expect(running.cluster.ledger.of('orders', 'EVENT').length).toBeGreaterThan(before + 100);
});
