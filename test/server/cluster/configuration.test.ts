import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  applyConfigurationChange,
  copyConfiguration,
  describeTopology,
} from '../../../server/cluster/node/configuration.ts';
import type { ConfigurationChange } from '../../../server/cluster/terms/log-payload.ts';
import { groupPerContext, nodeNamesOf, planTopology } from '../../../server/cluster/terms/topology.ts';
import { RandomStream } from '../../../server/time-and-chance/random.ts';
import { ControlDb, loadSqlEngine, type SqlEngine } from '../../../server/stores/control-db.ts';
import {
  eventsOfKind,
  HOUR_MS,
  letSettle,
  openCluster,
  startCluster,
  type RunningCluster,
} from '../../support/clusters.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

let engine: SqlEngine;

beforeAll(async () => {
  engine = await loadSqlEngine();
});

/** All that `_admin` has configured, as one node knows it. */
function configurationIn(controlDb: ControlDb | null): object {
  return {
    contexts: controlDb?.contexts(),
    applications: controlDb?.applications(),
    users: controlDb?.users(),
    groups: controlDb?.replicationGroups(),
    nodes: controlDb?.nodes(),
  };
}

function configurations({ cluster }: RunningCluster): object[] {
  return [...cluster.nodes.values()].map(({ controlDb }) => configurationIn(controlDb));
}

/** Applications and users that the acknowledged changes leave. */
function namesInLedger({ cluster }: RunningCluster): { applications: string[]; users: string[] } {
  const applications = new Set<string>();
  const users = new Set<string>();
  for (const { type, name } of cluster.ledger.changes) {
    if (type === 'ADMIN_APPLICATION') applications.add(name);
    else if (type === 'DELETE_APPLICATION') applications.delete(name);
    else if (type === 'ADMIN_USER') users.add(name);
  }
  return { applications: [...applications].toSorted(), users: [...users].toSorted() };
}

/** Hardly any events, but a change of the configuration every ten minutes or so. */
const quiet = { rate: 0.001 };

describe('the configuration', () => {
  test('of a new cluster has its nodes, its groups and its contexts, on every node', () => {
    const running = startCluster({ contexts: ['default', 'orders'] });
    running.advance(1000);
    const controlDb = running.cluster.node('node-3').controlDb;
    expect(controlDb?.contexts().map(({ name }) => name)).toEqual(['default', 'orders']);
    expect(controlDb?.nodes().map(({ name, grpcInternalPort }) => [name, grpcInternalPort])).toEqual([
      ['node-1', 8224],
      ['node-2', 8225],
      ['node-3', 8226],
    ]);
    expect(controlDb?.replicationGroups().map(({ name, members }) => [name, members.length])).toEqual([
      ['_admin', 3],
      ['default', 3],
      ['orders', 3],
    ]);
    const [first, ...others] = configurations(running);
    for (const other of others) expect(other).toEqual(first);
  });

  test('changes now and then, and every change that was acknowledged is in the control database of every node', () => {
    const running = startCluster(quiet);
    running.advance(12 * HOUR_MS);
    letSettle(running);
    const { applications, users } = namesInLedger(running);
    expect(applications.length + users.length).toBeGreaterThan(20);
    expect(eventsOfKind(running, 'configuration-changed')).toHaveLength(running.cluster.ledger.changes.length);
    for (const { controlDb } of running.cluster.nodes.values()) {
      expect(controlDb?.applications().map(({ name }) => name)).toEqual(applications);
      expect(controlDb?.users().map(({ userName }) => userName)).toEqual(users);
    }
    const [first, ...others] = configurations(running);
    for (const other of others) expect(other).toEqual(first);
  });

  test('survives a restart of the cluster, clean or not', () => {
    const folder = temporaryFolder();
    const running = openCluster({ ...quiet, folder });
    running.advance(6 * HOUR_MS);
    letSettle(running);
    const [before] = configurations(running);
    running.cluster.crashNode('node-2');
    const startMs = running.cluster.clock.nowMs;
    running.cluster.close();

    const again = startCluster({ folder, startMs });
    again.advance(1000);
    for (const after of configurations(again)) expect(after).toEqual(before);
    // What is known already is not configured again.
    expect(again.cluster.ledger.changes.filter(({ type }) => type === 'ADD_CONTEXT')).toEqual([]);
  });

  test('comes with an installed snapshot to a node whose part of the log is gone', () => {
    const running = startCluster(quiet);
    running.advance(HOUR_MS);
    running.cluster.stopNode('node-3');
    running.advance(6 * HOUR_MS);
    for (const node of ['node-1', 'node-2']) running.cluster.node(node).cleanLog('_admin', 0);
    running.cluster.startNode('node-3');
    running.advance(1000);
    letSettle(running);
    const installed = eventsOfKind(running, 'snapshot-installed').filter(({ group }) => group === '_admin');
    expect(installed).toMatchObject([{ node: 'node-3' }]);
    const [first, ...others] = configurations(running);
    for (const other of others) expect(other).toEqual(first);
  });

  test('is on disk with the snapshot, should the node crash right then', () => {
    const running = startCluster(quiet);
    running.advance(HOUR_MS);
    running.cluster.stopNode('node-3');
    running.advance(6 * HOUR_MS);
    for (const node of ['node-1', 'node-2']) running.cluster.node(node).cleanLog('_admin', 0);
    running.cluster.startNode('node-3');
    running.advance(20);
    running.cluster.crashNode('node-3');
    const stored = running.cluster.node('node-3').loadControlDb();
    expect(configurationIn(stored)).toEqual(configurationIn(running.cluster.node('node-1').controlDb));
  });
});

const name = fc.constantFrom('a', 'b', 'c');
const roles = fc.array(
  fc.record({ context: fc.constantFrom('default', 'orders'), role: fc.constantFrom('ADMIN', 'USE') }),
  {
    maxLength: 3,
  },
);
const change: fc.Arbitrary<ConfigurationChange> = fc.oneof(
  fc.record({ type: fc.constant('ADD_CONTEXT'), name, replicationGroup: fc.constant('default') }),
  fc.record({ type: fc.constant('DELETE_APPLICATION'), name }),
  fc.record({ type: fc.constant('DELETE_USER'), name }),
  fc.record({ type: fc.constant('ADMIN_USER'), name, hashedPassword: fc.constantFrom('x', 'y'), roles }),
  fc
    .record({
      type: fc.constant('ADMIN_APPLICATION'),
      name,
      description: fc.constantFrom('', 'd'),
      version: fc.nat(2),
      roles,
    })
    .map(({ version, ...rest }) => ({ ...rest, tokenPrefix: 'p', hashedToken: `${rest.name}${version}` })),
);

/** A control database that has gone through the changes. */
function changed(changes: readonly ConfigurationChange[]): ControlDb {
  const controlDb = ControlDb.create(engine);
  for (const each of changes) applyConfigurationChange(controlDb, each);
  return controlDb;
}

describe('changes of the configuration', () => {
  test('may be applied again from any point on, as after a restart, with the same outcome', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), fc.nat(12), (changes, from) => {
        expect(configurationIn(changed([...changes, ...changes.slice(from)]))).toEqual(
          configurationIn(changed(changes)),
        );
      }),
    );
  });

  test('are all in a copy, whatever was there before', () => {
    const lists = fc.array(change, { maxLength: 12 });
    fc.assert(
      fc.property(lists, lists, (ofLeader, ofFollower) => {
        // A follower never has a context that the leader lacks: none is ever removed.
        const contexts = ofFollower.filter(({ type }) => type === 'ADD_CONTEXT');
        const from = changed([...contexts, ...ofLeader]);
        const to = changed(ofFollower);
        copyConfiguration(from, to);
        expect(configurationIn(to)).toEqual(configurationIn(from));
      }),
    );
  });

  test('leave what describes the topology alone', () => {
    const controlDb = ControlDb.create(engine);
    const nodeNames = nodeNamesOf(2);
    const topology = planTopology(nodeNames, groupPerContext(nodeNames, ['default']), new RandomStream(1, 'ids'));
    describeTopology(controlDb, topology, 'node-1');
    const groups = controlDb.replicationGroups();
    applyConfigurationChange(controlDb, { type: 'ADD_CONTEXT', name: 'default', replicationGroup: 'default' });
    expect(controlDb.replicationGroups()).toEqual(groups);
    expect(groups.map(({ id }) => id)).toEqual(topology.groups.map(({ id }) => id));
  });
});
