import request from 'supertest';
import { describe, expect, test } from 'vitest';
import type { Fault, Simulator } from '../../../server/index.ts';
import { sendRaw } from '../../support/raw-http.ts';
import { stillSimulator, urlOf } from '../../support/simulator.ts';

const ME = '/v1/public/me';

async function plan(simulator: Simulator, ...rules: readonly Fault[]): Promise<void> {
  await request(urlOf(simulator)).put('/_sim/faults').send({ rules }).expect(200);
}

/** The status of an answer, or what became of the connection. */
async function outcome(url: string, path = ME, method = 'GET'): Promise<number | 'broken'> {
  try {
    const answer = await fetch(url + path, { method });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return 'broken';
  }
}

describe('what a fault does', () => {
  test.each([400, 401, 404, 429, 500, 503, 599])('status %i is sent with the body of the framework', async (status) => {
    const simulator = await stillSimulator();
    await plan(simulator, { match: {}, do: { status } });
    const answer = await request(urlOf(simulator)).get(ME);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.body).toMatchObject({ status, path: ME, message: 'planned fault' });
  });

  test('body is sent in the place of the real one, with status 200 or the one that is given', async () => {
    const simulator = await stillSimulator();
    await plan(
      simulator,
      { match: { path: '/a' }, do: { body: '[1,2' } },
      { match: {}, do: { body: 'oops', status: 502 } },
    );
    const first = await fetch(`${urlOf(simulator)}/a`);
    expect([first.status, await first.text()]).toEqual([200, '[1,2']);
    const second = await fetch(`${urlOf(simulator)}/b`);
    expect([second.status, await second.text()]).toEqual([502, 'oops']);
  });

  test('an empty body is a body', async () => {
    const simulator = await stillSimulator();
    await plan(simulator, { match: {}, do: { body: '' } });
    expect(await sendRaw(urlOf(simulator), `GET ${ME} HTTP/1.1`)).toMatchObject({ status: 200, body: '' });
  });

  test('reset ends the connection without an answer', async () => {
    const simulator = await stillSimulator();
    await plan(simulator, { match: {}, do: { reset: true } });
    expect(await sendRaw(urlOf(simulator), `GET ${ME} HTTP/1.1`)).toBe('no answer');
    expect(await outcome(urlOf(simulator))).toBe(200);
  });

  test.each([0, 1, 10, 100])(
    'truncateAt %i promises the whole body, sends so many bytes of it and ends',
    async (truncateAt) => {
      const simulator = await stillSimulator();
      const whole = (await request(urlOf(simulator)).get(ME)).text;
      await plan(simulator, { match: {}, do: { truncateAt } });
      const answer = await sendRaw(urlOf(simulator), `GET ${ME} HTTP/1.1`);
      expect(answer).toMatchObject({ status: 200, body: whole.slice(0, truncateAt) });
      expect(answer !== 'no answer' && answer.headers.get('content-length')).toBe(String(whole.length));
      expect(simulator.journal.at(-1)).toMatchObject({
        status: 200,
        bytes: truncateAt,
        fault: `truncateAt ${truncateAt}`,
      });
    },
  );

  test('a body that is shorter than truncateAt arrives whole', async () => {
    const simulator = await stillSimulator();
    await plan(simulator, { match: {}, do: { body: 'four', truncateAt: 100 } });
    expect(await sendRaw(urlOf(simulator), `GET ${ME} HTTP/1.1`)).toMatchObject({ status: 200, body: 'four' });
    // The cut is behind the end, and changes nothing.
    expect(simulator.journal.at(-1)).toMatchObject({ bytes: 4, fault: 'body' });
  });

  test.each([
    ['half', '[1,2]', '[1'],
    ['last-byte', '[1,2]', '[1,2'],
    ['half', '[]', '['],
    ['last-byte', '[]', '['],
    ['half', '[', ''],
  ] as const)('cut %s of %s lets through %j', async (cut, body, arrives) => {
    const simulator = await stillSimulator();
    await plan(simulator, { match: {}, do: { body, cut } });
    const answer = await sendRaw(urlOf(simulator), `GET ${ME} HTTP/1.1`);
    expect(answer).toMatchObject({ status: 200, body: arrives });
    expect(simulator.journal.at(-1)).toMatchObject({ bytes: arrives.length, fault: `body, cut ${cut}` });
  });

  test('a listing of megabytes is cut at the very byte', async () => {
    const simulator = await stillSimulator();
    const body = 'x'.repeat(900_000);
    await plan(simulator, { match: {}, do: { body, truncateAt: 800_001 } });
    const answer = await sendRaw(urlOf(simulator), `GET ${ME} HTTP/1.1`);
    expect(answer !== 'no answer' && answer.body.length).toBe(800_001);
  });

  test('a HEAD has nothing to cut', async () => {
    const simulator = await stillSimulator();
    await plan(simulator, { match: {}, do: { truncateAt: 1 } });
    expect(await outcome(urlOf(simulator), ME, 'HEAD')).toBe(200);
  });

  test('delay holds the real answer back, and where time stands still it moves the clock by as much', async () => {
    const simulator = await stillSimulator();
    await plan(simulator, { match: {}, do: { delay: '250ms' } });
    const startedAt = performance.now();
    expect(await outcome(urlOf(simulator))).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThan(240);
    expect(simulator.clock.nowMs).toBe(Date.UTC(2024, 0, 1) + 250);
    expect(simulator.journal.at(-1)).toMatchObject({ status: 200, virtualTime: '2024-01-01T00:00:00.000Z' });
  });

  test('a node that stops while it holds an answer back breaks the connection off', async () => {
    const simulator = await stillSimulator({ nodes: 2 });
    await plan(simulator, { match: {}, do: { delay: '200ms' } });
    const held = outcome(urlOf(simulator, 1), '/v1/backup/filenames?type=EVENT');
    await expect.poll(async () => (await request(urlOf(simulator)).get('/_sim/faults')).body.rules[0].fired).toBe(1);
    await simulator.control.stop('node-2');
    expect(await held).toBe('broken');
  });

  test('an answer that is held back as long as can be keeps nobody from their turn, and the simulator not from closing', async () => {
    const simulator = await stillSimulator();
    await plan(simulator, { match: {}, do: { delay: '100d' }, times: 0 });
    const held = Array.from({ length: 5 }, () => outcome(urlOf(simulator)));
    await expect.poll(async () => (await request(urlOf(simulator)).get('/_sim/faults')).body.rules[0].fired).toBe(5);
    await simulator.control.append('default', { transactions: 3 });
    await simulator.control.roll('default');
    await simulator.clock.advance(1000);
    await simulator.close();
    expect(await Promise.all(held)).toEqual(['broken', 'broken', 'broken', 'broken', 'broken']);
  });

  // It went on after the reset, and stood as number 1 in a journal of which it was no part.
  test('a reset breaks off what is held back, of which the journal of the new beginning knows nothing', async () => {
    const simulator = await stillSimulator();
    await simulator.clock.advance(60_000);
    await plan(simulator, { match: {}, do: { delay: '100d' } });
    const held = outcome(urlOf(simulator));
    await expect.poll(async () => (await request(urlOf(simulator)).get('/_sim/faults')).body.rules[0].fired).toBe(1);
    await simulator.control.reset();
    expect(await held).toBe('broken');
    expect(await outcome(urlOf(simulator), '/after-reset')).toBe(404);
    await expect.poll(() => simulator.journal.map(({ seq, path }) => [seq, path])).toEqual([[1, '/after-reset']]);
    expect(simulator.clock.nowMs).toBe(Date.UTC(2024, 0, 1));
  });

  test('what is longer than a hundred days is refused, whatever it is for, and the old plan stays', async () => {
    const simulator = await stillSimulator();
    await plan(simulator, { match: {}, do: { delay: '100d' } });
    const rules = [
      { match: {}, do: { status: 503 } },
      { match: {}, do: { delay: '100d1ms' } },
    ];
    const refused = await request(urlOf(simulator)).put('/_sim/faults').send({ rules }).expect(400);
    expect(refused.body.message).toBe('rules[1].do.delay: 100d1ms: 100d at most');
    expect(() => simulator.control.planFaults(rules)).toThrow('rules[1].do.delay: 100d1ms: 100d at most');
    const { body } = await request(urlOf(simulator)).get('/_sim/faults');
    expect(body.rules).toEqual([{ match: {}, do: { delay: '100d' }, fired: 0 }]);
    const lag = await request(urlOf(simulator)).post('/_sim/nodes/node-1/lag').send({ by: '101d' }).expect(400);
    expect(lag.body.message).toBe('by 101d: 100d at most');
    await expect(simulator.control.delayReplication('node-1', 101 * 86_400_000)).rejects.toMatchObject({
      kind: 'bad-request',
    });
  });

  test('delay goes together with each of the others', async () => {
    const simulator = await stillSimulator();
    await plan(
      simulator,
      { match: {}, do: { delay: '1ms', status: 503 } },
      { match: {}, do: { delay: '1ms', reset: true } },
    );
    expect([await outcome(urlOf(simulator)), await outcome(urlOf(simulator)), await outcome(urlOf(simulator))]).toEqual(
      [503, 'broken', 200],
    );
    expect(simulator.journal.map(({ fault }) => fault)).toEqual(['delay 1ms, status 503', 'delay 1ms, reset', null]);
  });
});

describe('whom a fault strikes', () => {
  test('a call that is struck by a status does not do its work', async () => {
    const simulator = await stillSimulator();
    await simulator.clock.advance(60_000);
    const before = simulator.state();
    await plan(simulator, { match: { method: 'POST' }, do: { status: 503 } });
    expect(await outcome(urlOf(simulator), '/v1/backup/createControlDbBackup', 'POST')).toBe(503);
    expect(simulator.state()).toEqual(before);
  });

  test('method, path, query and node must all match', async () => {
    const simulator = await stillSimulator({ nodes: 2 });
    const match = { method: 'get', path: '/v1/backup/*', query: { type: 'SNAPSHOT' }, node: 'node-2' };
    await plan(simulator, { match, do: { status: 503 }, times: 0 });
    const [first, second] = [urlOf(simulator, 0), urlOf(simulator, 1)];
    expect(await outcome(first, '/v1/backup/filenames?type=SNAPSHOT')).toBe(200);
    expect(await outcome(second, '/v1/backup/filenames?type=EVENT')).toBe(200);
    expect(await outcome(second, ME)).toBe(200);
    expect(await outcome(second, '/v1/backup/filenames?type=SNAPSHOT', 'HEAD')).toBe(200);
    expect(await outcome(second, '/v1/backup/filenames?type=SNAPSHOT')).toBe(503);
    expect(await outcome(second, '/v1/%62ackup/filenames?x=1&type=SNAPSHOT')).toBe(503);
  });

  test('nothing strikes the control API or the pages that describe the API', async () => {
    const simulator = await stillSimulator();
    await plan(simulator, { match: {}, do: { reset: true }, times: 0 });
    for (const path of ['/_sim/state', '/_sim/docs', '/swagger-ui/', '/v3/api-docs']) {
      expect(await outcome(urlOf(simulator), path)).toBe(200);
    }
    expect(await outcome(urlOf(simulator))).toBe('broken');
  });

  test('nth and times say which of the matching requests', async () => {
    const simulator = await stillSimulator();
    await plan(simulator, { match: { nth: 2 }, do: { status: 503 }, times: 2 });
    const outcomes = [];
    for (let call = 0; call < 5; call++) outcomes.push(await outcome(urlOf(simulator)));
    expect(outcomes).toEqual([200, 503, 503, 200, 200]);
  });
});

describe('the fault plan', () => {
  test('GET tells the rules and how often each has fired, DELETE forgets them', async () => {
    const simulator = await stillSimulator();
    const rule: Fault = { match: { path: ME }, do: { status: 503 }, times: 2 };
    const replaced = await request(urlOf(simulator))
      .put('/_sim/faults')
      .send({ rules: [rule, { match: {}, do: { reset: true } }] });
    expect(replaced.body.rules.map(({ fired }: { fired: number }) => fired)).toEqual([0, 0]);
    await outcome(urlOf(simulator));
    await outcome(urlOf(simulator), '/elsewhere');
    const { body } = await request(urlOf(simulator)).get('/_sim/faults').expect(200);
    expect(body.rules).toEqual([
      { ...rule, fired: 1 },
      { match: {}, do: { reset: true }, fired: 1 },
    ]);
    await request(urlOf(simulator)).delete('/_sim/faults').expect(200, { rules: [] });
    expect(await outcome(urlOf(simulator))).toBe(200);
  });

  test('a new plan takes the place of the old one, with all counts at nothing', async () => {
    const simulator = await stillSimulator();
    await plan(simulator, { match: {}, do: { status: 500 }, times: 0 });
    expect(await outcome(urlOf(simulator))).toBe(500);
    await plan(simulator, { match: {}, do: { status: 503 } });
    expect([await outcome(urlOf(simulator)), await outcome(urlOf(simulator))]).toEqual([503, 200]);
  });
});
