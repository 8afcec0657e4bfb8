import request from 'supertest';
import { describe, expect, test } from 'vitest';
import type { GroupOptions, Simulator } from '../../../server/index.ts';
import { stillSimulator, urlOf } from '../../support/simulator.ts';

/**
 * `retail` holds two contexts; node-3 passes messages on and stores nothing of it, node-4 takes no part in it, nor in
 * `_admin`.
 */
const groups: readonly GroupOptions[] = [
  { name: '_admin', members: [{ node: 'node-1' }, { node: 'node-2' }, { node: 'node-3' }] },
  {
    name: 'retail',
    contexts: ['orders', 'billing'],
    members: [
      { node: 'node-3', role: 'MESSAGING_ONLY' },
      { node: 'node-1' },
      { node: 'node-2', role: 'ACTIVE_BACKUP' },
    ],
  },
  { name: 'default', contexts: ['default'] },
];

async function grown(): Promise<Simulator> {
  const simulator = await stillSimulator({ nodes: 4, groups });
  await simulator.control.append('orders', { transactions: 40 });
  await simulator.control.append('billing', { transactions: 20 });
  await simulator.control.append('default', { transactions: 5 });
  await simulator.clock.advance(60_000);
  return simulator;
}

describe('each node', () => {
  test('tells the roles that it has, and none in a group that it takes no part in', async () => {
    const { nodes } = await grown();
    expect(nodes.map(({ roles }) => roles)).toEqual([
      { _admin: 'PRIMARY', retail: 'PRIMARY', default: 'PRIMARY' },
      { _admin: 'PRIMARY', retail: 'ACTIVE_BACKUP', default: 'PRIMARY' },
      { _admin: 'PRIMARY', retail: 'MESSAGING_ONLY', default: 'PRIMARY' },
      { default: 'PRIMARY' },
    ]);
  });

  test('lists the log of its groups by their names, and answers 500 for any other name', async () => {
    const simulator = await grown();
    const statusOf = async (place: number, context: string): Promise<number> =>
      (await request(urlOf(simulator, place)).get('/v1/backup/log/filenames').query({ context })).status;
    for (const place of [0, 1, 2]) {
      expect([await statusOf(place, 'retail'), await statusOf(place, 'orders')]).toEqual([200, 500]);
    }
    expect([await statusOf(3, 'retail'), await statusOf(3, '_admin'), await statusOf(3, 'default')]).toEqual([
      500, 500, 200,
    ]);
  });

  test('lists the events that it stores; of others nothing, or that they are not here', async () => {
    const simulator = await grown();
    for (const [place, holds] of [true, true, false, false].entries()) {
      const ask = request(urlOf(simulator, place));
      const closed = await ask.get('/v1/backup/filenames').query({ type: 'EVENT', context: 'orders' }).expect(200);
      const all = await ask.get('/v1/backup/eventstore').query({ type: 'EVENT', targetContext: 'billing' });
      if (holds) {
        expect(closed.body.length).toBeGreaterThan(2);
        expect(all.body.filenames.length).toBeGreaterThan(2);
        continue;
      }
      expect(closed.body).toEqual([]);
      expect([all.status, all.headers['axoniq-errorcode'], all.text]).toEqual([
        503,
        'AXONIQ-6000',
        '[AXONIQ-6000] Missing worker for context: billing',
      ]);
    }
  });

  test('makes a backup of its control database, member of _admin or not', async () => {
    const simulator = await grown();
    for (const place of [0, 3]) {
      const { text } = await request(urlOf(simulator, place)).post('/v1/backup/createControlDbBackup').expect(200);
      expect(text).toMatch(new RegExp(`/node-${place + 1}/controldb-backup/controldb\\d+\\.zip$`));
    }
  });

  test('says of itself what it holds and what it stores', async () => {
    const simulator = await grown();
    const me = async (place: number): Promise<Record<string, unknown>> =>
      (await request(urlOf(simulator, place)).get('/v1/public/me').expect(200)).body;
    expect(await me(1)).toMatchObject({
      adminNode: true,
      contextNames: ['_admin', 'billing', 'default', 'orders'],
      storageContextNames: ['billing', 'default', 'orders'],
    });
    expect(await me(2)).toMatchObject({
      adminNode: true,
      contextNames: ['_admin', 'billing', 'default', 'orders'],
      storageContextNames: ['default'],
    });
    expect(await me(3)).toMatchObject({
      adminNode: false,
      contextNames: ['default'],
      storageContextNames: ['default'],
    });
    const stored = await request(urlOf(simulator, 2)).get('/v1/public/mycontexts').expect(200);
    expect(stored.body).toEqual(['default']);
  });
});

describe('a member of _admin', () => {
  test('tells of every context in which group it lies, and who is in that', async () => {
    const simulator = await grown();
    const { body } = await request(urlOf(simulator, 2)).get('/v1/public/context').expect(200);
    expect(body.map(({ context, replicationGroup }: Record<string, string>) => [context, replicationGroup])).toEqual([
      ['_admin', '_admin'],
      ['billing', 'retail'],
      ['default', 'default'],
      ['orders', 'retail'],
    ]);
    expect(body[3]).toEqual({
      context: 'orders',
      metaData: {},
      replicationGroup: 'retail',
      changePending: false,
      pendingSince: 0,
      leader: 'node-1',
      roles: [
        { node: 'node-1', role: 'PRIMARY' },
        { node: 'node-2', role: 'ACTIVE_BACKUP' },
        { node: 'node-3', role: 'MESSAGING_ONLY' },
      ],
    });
  });

  test('tells of every replication group who is in it, and which contexts', async () => {
    const simulator = await grown();
    const answer = await request(urlOf(simulator)).get('/v1/public/replicationgroups').expect(200);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.body.map(({ name }: { name: string }) => name)).toEqual(['_admin', 'default', 'retail']);
    expect(answer.body[2]).toMatchObject({
      name: 'retail',
      leader: 'node-1',
      roles: [
        { node: 'node-1', role: 'PRIMARY' },
        { node: 'node-2', role: 'ACTIVE_BACKUP' },
        { node: 'node-3', role: 'MESSAGING_ONLY' },
      ],
      changePending: false,
      pendingSince: 0,
      contexts: [
        { context: 'orders', replicationGroup: 'retail' },
        { context: 'billing', replicationGroup: 'retail' },
      ],
    });
  });
});

test('a node outside of _admin has nothing in the tables that these lists come from', async () => {
  const simulator = await grown();
  const url = urlOf(simulator, 3);
  expect((await request(url).get('/v1/public/context').expect(200)).body).toEqual([]);
  expect((await request(url).get('/v1/public/replicationgroups').expect(200)).body).toEqual([]);
});

test('the state of the cluster tells what each node holds', async () => {
  const simulator = await grown();
  const { nodes, groups: states } = simulator.state();
  expect(nodes.map(({ contexts }) => Object.keys(contexts).toSorted())).toEqual([
    ['billing', 'default', 'orders'],
    ['billing', 'default', 'orders'],
    ['default'],
    ['default'],
  ]);
  expect(nodes.map((node) => node.groups['retail']?.role)).toEqual([
    'PRIMARY',
    'ACTIVE_BACKUP',
    'MESSAGING_ONLY',
    undefined,
  ]);
  expect(states['retail']).toEqual({ leader: 'node-1', contexts: ['orders', 'billing'] });
  expect(simulator.groups.map(({ name, contexts }) => [name, contexts])).toEqual([
    ['_admin', []],
    ['retail', ['orders', 'billing']],
    ['default', ['default']],
  ]);
});

test("a node's timeline has a lane for what it holds, and none for the rest", async () => {
  const simulator = await grown();
  const drawn = async (place: number): Promise<string> => {
    const { body } = await request(urlOf(simulator, place))
      .get(`/_sim/nodes/node-${place + 1}/timeline.svg`)
      .expect(200);
    return String(body);
  };
  expect(await drawn(0)).toContain('orders');
  expect(await drawn(2)).toContain('retail');
  expect(await drawn(2)).not.toContain('orders');
  expect(await drawn(3)).not.toContain('retail');
});

test('the control API goes by context where it appends and rolls, and by group where it cleans', async () => {
  const simulator = await grown();
  const url = urlOf(simulator);
  const rolled = await request(url).post('/_sim/contexts/orders/roll').send({ type: 'EVENT' }).expect(200);
  expect(Object.keys(rolled.body.closed)).toEqual(['node-1', 'node-2']);
  await request(url).post('/_sim/nodes/node-3/clean-log').send({ group: 'retail' }).expect(200);
  await request(url).post('/_sim/nodes/node-4/clean-log').send({ group: 'retail' }).expect(404);
  await request(url).post('/_sim/nodes/node-1/clean-log').send({ group: 'orders' }).expect(404);
});
