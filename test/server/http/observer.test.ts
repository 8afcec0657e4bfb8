import request from 'supertest';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  startSimulator,
  type Exchange,
  type ObservedRequest,
  type Observer,
  type Simulator,
} from '../../../server/index.ts';
import { sendRaw } from '../../support/raw-http.ts';
import { urlOf } from '../../support/simulator.ts';

interface Watched {
  readonly simulator: Simulator;
  readonly asked: ObservedRequest[];
  readonly answered: Exchange[];
}

/** A simulator with an observer who keeps what it sees, after `first` has had its way. */
async function watched(first: Partial<Observer> = {}, token: string | null = null): Promise<Watched> {
  const asked: ObservedRequest[] = [];
  const answered: Exchange[] = [];
  const simulator = await startSimulator(
    { port: 0, nodes: 2, speed: 0, rate: 0, token },
    {
      beforeAnswer: async (seen) => {
        await first.beforeAnswer?.(seen);
        asked.push(seen);
      },
      beforeSend: async (exchange) => {
        const replaced = (await first.beforeSend?.(exchange)) ?? null;
        answered.push(exchange);
        return replaced;
      },
    },
  );
  onTestFinished(() => simulator.close());
  return { simulator, asked, answered };
}

describe('an observer', () => {
  test('sees each request as it arrives, and with what it is answered', async () => {
    const { simulator, asked, answered } = await watched();
    const { text } = await request(urlOf(simulator, 1)).get('/v1/backup/log/filenames?context=_admin').expect(200);
    const seen = {
      ordinal: 1,
      node: 'node-2',
      method: 'GET',
      path: '/v1/backup/log/filenames',
      query: { context: '_admin' },
      port: Number(new URL(urlOf(simulator, 1)).port),
      hasToken: false,
    };
    expect(asked).toEqual([seen]);
    expect(answered).toEqual([{ ...seen, atMs: simulator.clock.nowMs, status: 200, body: text, fault: null }]);
  });

  /** It was told by the `Host` header: callers that send another one were taken for one another. */
  test('sees at which port the client calls the node, whatever its Host header says', async () => {
    const { simulator, asked } = await watched();
    const ports = await simulator.otherPorts();
    expect(await simulator.otherPorts()).toEqual(ports);
    expect([...ports.keys()]).toEqual(simulator.nodes.map(({ name }) => name));
    const port = ports.get('node-2');
    await request(`http://127.0.0.1:${port}`).get('/v1/public/me').set('Host', 'axonserver.example').expect(200);
    expect(asked).toMatchObject([{ node: 'node-2', port }]);
    await simulator.close();
    await expect(fetch(`http://127.0.0.1:${port}/v1/public/me`)).rejects.toThrow('fetch failed');
    await expect(simulator.otherPorts()).rejects.toThrow('is closed');
  });

  test('sees the query as it was sent, whether there is a token, and never which', async () => {
    const { simulator, asked, answered } = await watched({}, 'secret');
    await request(urlOf(simulator))
      .get('/v1/backup/filenames?type=EVENT')
      .set('AxonIQ-Access-Token', 'secret')
      .expect(200);
    await request(urlOf(simulator)).get('/v1/backup/filenames?type=EVENT').expect(401);
    await request(urlOf(simulator)).get('/v1/public/me?AxonIQ-Access-Token=secret').expect(200);
    expect(answered.map(({ query, hasToken, status }) => ({ query, hasToken, status }))).toEqual([
      { query: { type: 'EVENT' }, hasToken: true, status: 200 },
      { query: { type: 'EVENT' }, hasToken: false, status: 401 },
      { query: { 'AxonIQ-Access-Token': '***' }, hasToken: true, status: 200 },
    ]);
    expect(JSON.stringify([asked, answered])).not.toContain('secret');
  });

  test('sees nothing of the control API and of the pages that describe the API', async () => {
    const { simulator, asked } = await watched();
    for (const path of ['/_sim/state', '/swagger-ui/', '/v3/api-docs'])
      await request(urlOf(simulator)).get(path).expect(200);
    expect(asked).toEqual([]);
  });

  test('may let time pass before the answer, which is then of that time', async () => {
    const { simulator, answered } = await watched({ beforeAnswer: () => simulator.clock.advance(5000) });
    const { text } = await request(urlOf(simulator)).post('/v1/backup/createControlDbBackup').expect(200);
    const later = Date.UTC(2024, 0, 1) + 5000;
    expect(text).toContain(`controldb${later}.zip`);
    expect(answered[0]?.atMs).toBe(later);
    expect(simulator.journal[0]?.virtualTime).toBe('2024-01-01T00:00:05.000Z');
  });

  test('may have things happen between a listing and its arrival', async () => {
    const { simulator } = await watched({
      beforeSend: async () => {
        await simulator.control.append('default');
        return null;
      },
    });
    await request(urlOf(simulator)).get('/v1/backup/eventstore?type=EVENT').expect(200);
    expect(simulator.ledger.of('default', 'EVENT').nextToken).toBe(1n);
  });

  test('may give the client another body, which is the one that is noted and cut', async () => {
    const { simulator } = await watched({ beforeSend: async () => '["é","other"]' });
    const answer = await request(urlOf(simulator)).get('/v1/backup/filenames?type=EVENT').expect(200, ['é', 'other']);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(simulator.journal.at(-1)?.bytes).toBe(14);
    await request(urlOf(simulator)).head('/v1/backup/filenames?type=EVENT').expect(200);
    simulator.control.planFaults([{ match: {}, do: { truncateAt: 4 } }]);
    const cut = await sendRaw(urlOf(simulator), 'GET /v1/backup/filenames?type=EVENT HTTP/1.1');
    expect(cut).toMatchObject({ status: 200, body: '["é' });
  });

  test('sees planned faults, a broken connection as status 0 and a cut body whole', async () => {
    const { simulator, answered } = await watched();
    simulator.control.planFaults([
      { match: {}, do: { reset: true } },
      { match: {}, do: { body: '[1,2,3]', truncateAt: 2 } },
    ]);
    await expect(fetch(`${urlOf(simulator)}/v1/public/me`)).rejects.toThrow();
    await expect(fetch(`${urlOf(simulator)}/v1/public/me`).then((answer) => answer.text())).rejects.toThrow();
    expect(answered.map(({ status, body, fault }) => ({ status, body, fault }))).toEqual([
      { status: 0, body: '', fault: 'reset' },
      { status: 200, body: '[1,2,3]', fault: 'body, truncateAt 2' },
    ]);
  });

  test('sees that a stopped node gives no answer', async () => {
    const { simulator, answered } = await watched();
    await simulator.control.stop('node-2');
    await expect(fetch(`${urlOf(simulator, 1)}/v1/public/me`)).rejects.toThrow();
    expect(answered).toMatchObject([{ node: 'node-2', status: 0, body: '', fault: null }]);
  });
});
