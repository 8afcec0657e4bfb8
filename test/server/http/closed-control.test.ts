import request from 'supertest';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSimulator, type RefusedControl, type Simulator } from '../../../server/index.ts';
import { connectTo, sendRaw } from '../../support/raw-http.ts';
import { urlOf } from '../../support/simulator.ts';

const key = 'only-the-judge-has-this';

/** Two nodes whose control API is closed, and what was refused of it. */
async function closedSimulator(): Promise<{ readonly simulator: Simulator; readonly refused: RefusedControl[] }> {
  const refused: RefusedControl[] = [];
  const simulator = await startSimulator(
    { port: 0, nodes: 2, speed: 0, rate: 0 },
    {
      beforeAnswer: async () => undefined,
      beforeSend: async () => null,
      controlKey: key,
      refusedControl: (seen) => refused.push(seen),
    },
  );
  onTestFinished(() => simulator.close());
  return { simulator, refused };
}

const calls: ReadonlyArray<readonly [string, string]> = [
  ['GET', '/_sim'],
  ['GET', '/_sim/'],
  ['GET', '/_sim/state'],
  ['HEAD', '/_sim/state'],
  ['OPTIONS', '/_sim/state'],
  ['GET', '/_sim/requests?after=0'],
  ['GET', '/_sim/events'],
  ['GET', '/_sim/happenings'],
  ['GET', '/_sim/faults'],
  ['PUT', '/_sim/faults'],
  ['DELETE', '/_sim/faults'],
  ['POST', '/_sim/clock/advance'],
  ['POST', '/_sim/contexts/default/append'],
  ['POST', '/_sim/contexts/default/roll'],
  ['POST', '/_sim/contexts/default/transform'],
  ['POST', '/_sim/contexts/default/compact'],
  ['POST', '/_sim/nodes/node-1/clean-log'],
  ['POST', '/_sim/nodes/node-1/stop'],
  ['POST', '/_sim/nodes/node-1/crash'],
  ['POST', '/_sim/nodes/node-1/start'],
  ['POST', '/_sim/nodes/node-1/lag'],
  ['GET', '/_sim/nodes/node-1/archive.tar'],
  ['GET', '/_sim/nodes/node-1/timeline.svg'],
  ['POST', '/_sim/reset'],
  ['GET', '/_sim/docs'],
  ['GET', '/_sim/docs/json'],
  ['GET', '/_sim/docs/static/index.html'],
  ['GET', '/_sim/page/main.js'],
  ['GET', '/_sim/page/page.css'],
  ['GET', '/_sim/nothing-is-here'],
];

describe('a closed control API', () => {
  test.each(calls)('refuses %s %s on every node, and tells the observer', async (method, path) => {
    const { simulator, refused } = await closedSimulator();
    const state = simulator.state();
    for (const place of [0, 1]) {
      const answer = await fetch(urlOf(simulator, place) + path, { method, headers: { accept: 'text/html' } });
      expect(answer.status).toBe(403);
      expect(answer.headers.get('content-type')).toBe('application/json');
      const text = await answer.text();
      if (method !== 'HEAD') {
        expect(JSON.parse(text)).toEqual({
          timestamp: simulator.clock.nowMs,
          status: 403,
          error: 'Forbidden',
          message: expect.stringContaining('X-Sim-Key'),
          path: path.split('?')[0],
        });
      }
    }
    const seen = { method, path: path.split('?')[0] };
    expect(refused).toEqual([
      { ...seen, ordinal: 1, node: 'node-1', port: Number(new URL(urlOf(simulator)).port) },
      { ...seen, ordinal: 2, node: 'node-2', port: Number(new URL(urlOf(simulator, 1)).port) },
    ]);
    expect(simulator.state()).toEqual(state);
  });

  test.each([
    'GET /%5Fsim/state HTTP/1.1',
    'GET /%5fsi%6D/state HTTP/1.1',
    'GET /_sim/../_sim/state HTTP/1.1',
    'GET /_sim/state#/v1/public/me HTTP/1.1',
    'GET /_sim/%zz HTTP/1.1',
    'GET http://elsewhere.example/_sim/state HTTP/1.1',
    'GET _sim/state HTTP/1.1',
    'BREW /_sim/state HTTP/1.1',
    'GET /_sim/state HTTP/1.0',
  ])('is no more open to whoever spells the way differently: %s', async (head) => {
    const { simulator } = await closedSimulator();
    const answer = await sendRaw(urlOf(simulator), head);
    expect(answer === 'no answer' ? 'no answer' : answer.status).toBeOneOf([400, 403, 404, 'no answer']);
    if (answer !== 'no answer') expect(answer.body).not.toContain('"nodes"');
  });

  test.each(['', 'wrong', key.slice(1), `${key}x`, key.toUpperCase(), `${key}, ${key}`, `${key},`])(
    'is not opened by the key "%s"',
    async (wrong) => {
      const { simulator, refused } = await closedSimulator();
      await request(urlOf(simulator)).get('/_sim/state').set('X-Sim-Key', wrong).expect(403);
      await request(urlOf(simulator)).get(`/_sim/state?X-Sim-Key=${key}`).expect(403);
      expect(refused).toHaveLength(2);
      expect(JSON.stringify(refused)).not.toContain(key);
    },
  );

  test('is open to whoever holds the key, each part of it', async () => {
    const { simulator, refused } = await closedSimulator();
    const get = (path: string): request.Test => request(urlOf(simulator, 1)).get(path).set('x-sim-key', key);
    for (const path of ['/_sim/state', '/_sim/requests', '/_sim/faults', '/_sim/docs/json', '/_sim/page/main.js']) {
      await get(path).expect(200);
    }
    await get('/_sim/nothing-is-here').expect(404);
    const before = simulator.clock.nowMs;
    await request(urlOf(simulator)).post('/_sim/clock/advance').set('X-Sim-Key', key).send({ by: '1s' }).expect(200);
    expect(simulator.clock.nowMs).toBe(before + 1000);
    expect(refused).toEqual([]);
    const reader = connectTo(urlOf(simulator));
    reader.write(`GET /_sim/events HTTP/1.1\r\nHost: localhost\r\nX-Sim-Key: ${key}\r\n\r\n`);
    const first = await new Promise<Buffer>((resolve) => reader.once('data', resolve));
    expect(String(first)).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  test('leaves the public API and the pages that describe it as they are', async () => {
    const { simulator, refused } = await closedSimulator();
    for (const path of ['/', '/v1/public/me', '/actuator/health', '/swagger-ui/', '/v3/api-docs', '/_simulator']) {
      await request(urlOf(simulator))
        .get(path)
        .expect(path === '/_simulator' ? 404 : 200);
    }
    expect(refused).toEqual([]);
  });

  test('is as shut on a stopped node', async () => {
    const { simulator, refused } = await closedSimulator();
    await simulator.control.stop('node-2');
    await request(urlOf(simulator, 1)).post('/_sim/nodes/node-2/start').expect(403);
    expect(simulator.state().nodes[1]?.state).toBe('stopped');
    expect(refused).toMatchObject([{ node: 'node-2', method: 'POST' }]);
  });

  test('does not read what comes with a request that it refuses', async () => {
    const { simulator } = await closedSimulator();
    const head = 'PUT /_sim/faults HTTP/1.1\nContent-Length: 900000000';
    expect(await sendRaw(urlOf(simulator), head)).toMatchObject({ status: 403 });
  });
});

test.each(['', ' ', 'two words', 'schlüssel', 'line\nbreak'])(
  'a control key that no header can carry, "%s", is refused at once',
  async (controlKey) => {
    const observer = { beforeAnswer: async () => undefined, beforeSend: async () => null, controlKey };
    await expect(startSimulator({ port: 0 }, observer)).rejects.toMatchObject({ kind: 'bad-option' });
  },
);
