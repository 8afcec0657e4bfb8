import request from 'supertest';
import { describe, expect, test } from 'vitest';
import { growSegments, stillSimulator, urlOf } from '../../support/simulator.ts';

describe('GET /_sim/state', () => {
  test('tells where a new cluster stands', async () => {
    const simulator = await stillSimulator({ nodes: 1, contexts: ['orders'], seed: 7 });
    const { body } = await request(urlOf(simulator)).get('/_sim/state').expect(200);
    const store = { nextToken: 0, closedSegments: { count: 0, first: null, last: null }, openSegment: 0 };
    const group = {
      role: 'PRIMARY',
      isLeader: true,
      term: 1,
      firstIndex: 1,
      lastIndex: expect.any(Number),
      commitIndex: expect.any(Number),
      appliedIndex: expect.any(Number),
      nextCleaning: '2024-01-01T01:00:00.000Z',
      applyError: null,
    };
    expect(body).toEqual({
      now: '2024-01-01T00:00:00.000Z',
      seed: 7,
      speed: 0,
      serverVersion: 'documented',
      accessControl: false,
      workload: { rate: 0, pausedFor: null },
      disk: { usedBytes: expect.any(Number), limitBytes: 2 * 1024 ** 3 },
      groups: { _admin: { leader: 'node-1', contexts: [] }, orders: { leader: 'node-1', contexts: ['orders'] } },
      nodes: [
        {
          name: 'node-1',
          url: urlOf(simulator),
          state: 'running',
          contexts: { orders: { EVENT: store, SNAPSHOT: store } },
          groups: { _admin: group, orders: group },
        },
      ],
    });
  });

  test('follows the stores as they grow', async () => {
    const simulator = await stillSimulator();
    const { closed, open } = await growSegments(simulator);
    const { body } = await request(urlOf(simulator)).get('/_sim/state').expect(200);
    const [node] = body.nodes;
    expect(node.contexts.default.EVENT).toEqual({
      nextToken: 40,
      closedSegments: { count: closed.length, first: 0, last: closed.at(-1) },
      openSegment: open,
    });
    const { firstIndex, lastIndex, commitIndex, appliedIndex } = node.groups.default;
    expect(firstIndex).toBe(1);
    expect(appliedIndex).toBeLessThanOrEqual(commitIndex);
    expect(commitIndex).toBeLessThanOrEqual(lastIndex);
    expect(lastIndex).toBeGreaterThan(40);
  });

  test.each([
    [{}, false],
    [{ token: 'secret' }, true],
    [{ tokens: [{ token: 'secret', roles: [] }] }, true],
  ])('with %j says that access control is on: %s', async (options, isOn) => {
    const { body } = await request(urlOf(await stillSimulator(options)))
      .get('/_sim/state')
      .expect(200);
    expect(body.accessControl).toBe(isOn);
  });

  test('is the same on every node', async () => {
    const simulator = await stillSimulator({ nodes: 3 });
    await growSegments(simulator);
    const states = await Promise.all(
      simulator.nodes.map(async ({ url }) => (await request(url).get('/_sim/state')).body),
    );
    expect(states[1]).toEqual(states[0]);
    expect(states[2]).toEqual(states[0]);
    expect(states[0]).toEqual(simulator.state());
  });
});

describe('POST /_sim/clock/advance', () => {
  test.each([
    ['0s', '2024-01-01T00:00:00.000Z'],
    ['250ms', '2024-01-01T00:00:00.250Z'],
    ['90s', '2024-01-01T00:01:30.000Z'],
    ['31m', '2024-01-01T00:31:00.000Z'],
    ['1h30m', '2024-01-01T01:30:00.000Z'],
    ['1d', '2024-01-02T00:00:00.000Z'],
  ])('moves the clock by %s and answers when it has', async (by, now) => {
    const simulator = await stillSimulator();
    await request(urlOf(simulator)).post('/_sim/clock/advance').send({ by }).expect(200, { now });
    expect(new Date(simulator.clock.nowMs).toISOString()).toBe(now);
  });

  test('everything that fell due has happened when it answers', async () => {
    const simulator = await stillSimulator({ rate: 5 });
    await request(urlOf(simulator)).post('/_sim/clock/advance').send({ by: '2m' }).expect(200);
    const { EVENT } = simulator.state().nodes[0]?.contexts['default'] ?? {};
    expect(EVENT?.nextToken).toBeGreaterThan(400);
    expect(EVENT?.closedSegments.count).toBeGreaterThan(30);
  });

  test('calls that come together run one after the other', async () => {
    const simulator = await stillSimulator();
    const calls = Array.from({ length: 10 }, () =>
      request(urlOf(simulator)).post('/_sim/clock/advance').send({ by: '1m' }),
    );
    const answers = await Promise.all(calls);
    const times = answers.map(({ body }) => body.now as string);
    expect(new Set(times).size).toBe(10);
    expect(new Date(simulator.clock.nowMs).toISOString()).toBe('2024-01-01T00:10:00.000Z');
  });
});

describe('POST /_sim/contexts/:context/append', () => {
  test('appends one small transaction when nothing is said', async () => {
    const simulator = await stillSimulator();
    const { body } = await request(urlOf(simulator)).post('/_sim/contexts/default/append').expect(200);
    expect(body).toEqual({ firstToken: 0, lastToken: 0, now: new Date(simulator.clock.nowMs).toISOString() });
  });

  test('answers with the first and the last token, which go on from one call to the next', async () => {
    const simulator = await stillSimulator({ nodes: 3 });
    const append = request(urlOf(simulator, 1)).post('/_sim/contexts/default/append');
    const { body } = await append.send({
      transactions: 100,
      eventsPerTransaction: 2,
      payloadBytes: 200,
      type: 'EVENT',
    });
    expect(body).toMatchObject({ firstToken: 0, lastToken: 199 });
    const next = await request(urlOf(simulator, 2)).post('/_sim/contexts/default/append').send({ transactions: 3 });
    expect(next.body).toMatchObject({ firstToken: 200, lastToken: 202 });
    for (const node of simulator.state().nodes) expect(node.contexts['default']?.EVENT.nextToken).toBe(203);
    expect(simulator.ledger.of('default', 'EVENT').nextToken).toBe(203n);
  });

  test('events, snapshots and contexts count their tokens apart', async () => {
    const simulator = await stillSimulator({ contexts: ['default', 'order management & co'] });
    const append = async (context: string, body: object): Promise<{ firstToken: number }> =>
      (
        await request(urlOf(simulator))
          .post(`/_sim/contexts/${encodeURIComponent(context)}/append`)
          .send(body)
          .expect(200)
      ).body;
    await append('default', { transactions: 5 });
    expect(await append('default', { type: 'SNAPSHOT' })).toMatchObject({ firstToken: 0 });
    expect(await append('order management & co', {})).toMatchObject({ firstToken: 0 });
    expect(await append('default', {})).toMatchObject({ firstToken: 5 });
  });

  test('without a majority it is refused, with the way out', async () => {
    const simulator = await stillSimulator({ nodes: 3 });
    await simulator.control.stop('node-1');
    await simulator.control.stop('node-2');
    const answer = await request(urlOf(simulator)).post('/_sim/contexts/default/append');
    expect(answer.status).toBe(503);
    expect(answer.body.message).toMatch(/majority/);
  });
});

describe('POST /_sim/contexts/:context/roll', () => {
  test('closes the open segment on every node, however little it holds', async () => {
    const simulator = await stillSimulator({ nodes: 3 });
    await simulator.control.append('default', { transactions: 2 });
    const { body } = await request(urlOf(simulator)).post('/_sim/contexts/default/roll').expect(200);
    expect(body).toEqual({ closed: { 'node-1': 0, 'node-2': 0, 'node-3': 0 } });
    const listed = await request(urlOf(simulator)).get('/v1/backup/eventstore?type=EVENT');
    expect(listed.body.lastClosedSegment).toBe(0);
    expect(simulator.state().nodes[0]?.contexts['default']?.EVENT.openSegment).toBe(2);
  });

  test('closes snapshots when told so', async () => {
    const simulator = await stillSimulator();
    await simulator.control.append('default', { type: 'SNAPSHOT' });
    await request(urlOf(simulator)).post('/_sim/contexts/default/roll').send({ type: 'SNAPSHOT' }).expect(200);
    const { EVENT, SNAPSHOT } = simulator.state().nodes[0]?.contexts['default'] ?? {};
    expect([EVENT?.closedSegments.count, SNAPSHOT?.closedSegments.count]).toEqual([0, 1]);
  });
});

describe('POST /_sim/nodes/:node/clean-log', () => {
  test('deletes what the rule allows on that node alone, and answers which segments', async () => {
    const simulator = await stillSimulator({ nodes: 3, logSegmentSizeBytes: 2048 });
    await simulator.control.append('default', { transactions: 40 });
    const firstIndexes = (): (number | undefined)[] =>
      simulator.state().nodes.map(({ groups }) => groups['default']?.firstIndex);
    const { body } = await request(urlOf(simulator))
      .post('/_sim/nodes/node-2/clean-log')
      .send({ group: 'default', olderThan: '0s' });
    expect(body.removed.length).toBeGreaterThan(0);
    expect(body.removed[0]).toBe(1);
    const [first, second, third] = firstIndexes();
    expect([first, third]).toEqual([1, 1]);
    expect(second).toBeGreaterThan(body.removed.at(-1));
  });

  test('spares what is not old enough', async () => {
    const simulator = await stillSimulator({ logSegmentSizeBytes: 2048 });
    await simulator.control.append('default', { transactions: 40 });
    await simulator.clock.advance(60_000);
    const clean = request(urlOf(simulator)).post('/_sim/nodes/node-1/clean-log');
    await clean.send({ group: 'default', olderThan: '2m' }).expect(200, { removed: [] });
  });
});
