import request from 'supertest';
import { describe, expect, test } from 'vitest';
import type { Simulator } from '../../../server/index.ts';
import { RequestJournal } from '../../../server/simulation/request-journal.ts';
import { connectTo, ended } from '../../support/raw-http.ts';
import { growSegments, stillSimulator, urlOf } from '../../support/simulator.ts';

async function journalOf(simulator: Simulator, after?: number): Promise<Record<string, unknown>[]> {
  const query = after === undefined ? {} : { after };
  return (await request(urlOf(simulator)).get('/_sim/requests').query(query).expect(200)).body;
}

describe('GET /_sim/requests', () => {
  test('has every request to every node with virtual time, node, method, path, query, status and bytes', async () => {
    const simulator = await stillSimulator({ nodes: 2 });
    await growSegments(simulator);
    await simulator.clock.advance(3_600_000);
    const virtualTime = new Date(simulator.clock.nowMs).toISOString();
    const post = await request(urlOf(simulator, 1)).post('/v1/backup/createControlDbBackup');
    const list = await request(urlOf(simulator)).get('/v1/backup/filenames?type=EVENT&lastSegmentBackedUp=0');
    await request(urlOf(simulator)).head('/v1/public/me');
    await request(urlOf(simulator)).get('/nowhere');
    expect(await journalOf(simulator)).toEqual([
      {
        seq: 1,
        virtualTime,
        node: 'node-2',
        method: 'POST',
        path: '/v1/backup/createControlDbBackup',
        query: {},
        status: 200,
        bytes: post.text.length,
        fault: null,
      },
      {
        seq: 2,
        virtualTime,
        node: 'node-1',
        method: 'GET',
        path: '/v1/backup/filenames',
        query: { type: 'EVENT', lastSegmentBackedUp: '0' },
        status: 200,
        bytes: list.text.length,
        fault: null,
      },
      expect.objectContaining({ seq: 3, method: 'HEAD', path: '/v1/public/me', status: 200, bytes: 0 }),
      expect.objectContaining({ seq: 4, method: 'GET', path: '/nowhere', status: 404 }),
    ]);
  });

  test('gives the newest alone to whom they are enough', async () => {
    const simulator = await stillSimulator();
    for (let count = 0; count < 5; count++) await request(urlOf(simulator)).get('/v1/public/me');
    const seqs = async (query: string): Promise<number[]> => {
      const { body } = await request(urlOf(simulator)).get(`/_sim/requests?${query}`).expect(200);
      return body.map(({ seq }: { seq: number }) => seq);
    };
    expect(await seqs('last=2')).toEqual([4, 5]);
    expect(await seqs('last=99')).toEqual([1, 2, 3, 4, 5]);
    expect(await seqs('last=0')).toEqual([]);
    expect(await seqs('after=1&last=2')).toEqual([4, 5]);
    expect(await seqs('after=4&last=2')).toEqual([5]);
    await request(urlOf(simulator)).get('/_sim/requests?last=-1').expect(400);
  });

  test('is the same on every node, and in process', async () => {
    const simulator = await stillSimulator({ nodes: 2 });
    await request(urlOf(simulator, 1)).get('/v1/public/me');
    await request(urlOf(simulator, 0)).get('/v1/public/me');
    const { body } = await request(urlOf(simulator, 1)).get('/_sim/requests');
    expect(body).toEqual(await journalOf(simulator));
    expect(body).toEqual(simulator.journal);
    expect(body.map(({ node }: { node: string }) => node)).toEqual(['node-2', 'node-1']);
  });

  test('shows the query as it was sent: no default is added to it', async () => {
    const simulator = await stillSimulator();
    await request(urlOf(simulator)).get('/v1/backup/eventstore?type=EVENT&context=orders');
    await request(urlOf(simulator)).get('/v1/backup/log/filenames');
    const [eventStore, log] = await journalOf(simulator);
    expect(eventStore?.['query']).toEqual({ type: 'EVENT', context: 'orders' });
    expect(log?.['query']).toEqual({});
  });

  test('has what was refused, too, with its status', async () => {
    const simulator = await stillSimulator({ token: 'secret' });
    const get = (token: string): request.Test =>
      request(urlOf(simulator)).get('/v1/public/me').set('AxonIQ-Access-Token', token);
    await request(urlOf(simulator)).get('/v1/public/me').expect(401);
    await get('wrong').expect(403);
    await request(urlOf(simulator)).get('/v1/backup/filenames?type=EVENT').set('accept', 'text/plain').expect(302);
    await request(urlOf(simulator))
      .get('/v1/backup/filenames?type=foo')
      .set('AxonIQ-Access-Token', 'secret')
      .expect(400);
    expect((await journalOf(simulator)).map(({ status }) => status)).toEqual([401, 403, 302, 400]);
  });

  test('with `after` has the later ones alone', async () => {
    const simulator = await stillSimulator();
    for (const path of ['/a', '/b', '/c']) await request(urlOf(simulator)).get(path);
    const pathsAfter = async (seq: number): Promise<unknown[]> =>
      (await journalOf(simulator, seq)).map(({ path }) => path);
    expect(await pathsAfter(0)).toEqual(['/a', '/b', '/c']);
    expect(await pathsAfter(2)).toEqual(['/c']);
    expect(await pathsAfter(3)).toEqual([]);
    expect(await pathsAfter(1_000_000)).toEqual([]);
  });

  test('knows nothing of the control API and of the pages that describe the API', async () => {
    const simulator = await stillSimulator();
    for (const path of [
      '/_sim/state',
      '/_sim/nowhere',
      '/%5Fsim/state',
      '/swagger-ui/',
      '/v3/api-docs',
      '/_sim/docs',
    ]) {
      await request(urlOf(simulator)).get(path);
    }
    expect(await journalOf(simulator)).toEqual([]);
  });

  test('a request to a stopped node has status 0: it got no answer', async () => {
    const simulator = await stillSimulator({ nodes: 2 });
    await simulator.control.stop('node-2');
    await expect(fetch(`${urlOf(simulator, 1)}/v1/public/me`)).rejects.toThrow();
    expect(await journalOf(simulator)).toEqual([
      expect.objectContaining({ node: 'node-2', path: '/v1/public/me', status: 0, bytes: 0, fault: null }),
    ]);
  });

  test('a request whose client left before the answer has status 0, too', async () => {
    const simulator = await stillSimulator();
    simulator.control.planFaults([{ match: {}, do: { delay: '1h' } }]);
    const socket = connectTo(urlOf(simulator));
    socket.write('GET /v1/public/me HTTP/1.1\r\nHost: test\r\n\r\n');
    // Once the fault has fired the answer is being held back.
    await expect.poll(async () => (await request(urlOf(simulator)).get('/_sim/faults')).body.rules[0].fired).toBe(1);
    socket.destroy();
    await ended(socket);
    await expect
      .poll(() => simulator.journal)
      .toEqual([expect.objectContaining({ path: '/v1/public/me', status: 0, bytes: 0, fault: 'delay 1h' })]);
  });
});

describe('RequestJournal', () => {
  const entry = {
    virtualTime: '',
    node: 'node-1',
    method: 'GET',
    path: '/',
    query: {},
    status: 200,
    bytes: 0,
    fault: null,
  };

  test('keeps at least the last hundred thousand, under the numbers that they have', () => {
    const journal = new RequestJournal();
    for (let count = 0; count < 250_000; count++) journal.note(entry);
    const kept = journal.after(0);
    expect(kept.length).toBeGreaterThanOrEqual(100_000);
    expect(kept.length).toBeLessThan(200_000);
    expect(kept.at(-1)?.seq).toBe(250_000);
    expect(journal.after(249_998).map(({ seq }) => seq)).toEqual([249_999, 250_000]);
  });

  test('tells whoever listens of each new entry, until they no longer want it', () => {
    const journal = new RequestJournal();
    const heard: number[] = [];
    const end = journal.onEntry(({ seq }) => heard.push(seq));
    journal.note(entry);
    journal.note(entry);
    end();
    journal.note(entry);
    expect(heard).toEqual([1, 2]);
  });

  test('begins with 1 again once it has been cleared', () => {
    const journal = new RequestJournal();
    journal.note(entry);
    journal.clear();
    journal.note(entry);
    expect(journal.after(0).map(({ seq }) => seq)).toEqual([1]);
  });
});
