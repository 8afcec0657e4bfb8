import * as fs from 'node:fs';
import path from 'node:path';
import request from 'supertest';
import { describe, expect, test } from 'vitest';
import { growSegments, nodeOf, stillSimulator, urlOf } from '../../support/simulator.ts';

describe('contexts in the listings', () => {
  test.each(['order management & co', 'été', 'a+b', '100%', '#1;x=y', "it's"])(
    'a context that needs URL encoding is found: %s',
    async (context) => {
      const simulator = await stillSimulator({ contexts: ['default', context] });
      await growSegments(simulator, { context });
      const folder = `${nodeOf(simulator).eventsDir}/${context}`;
      const name = encodeURIComponent(context);
      const closed = await request(urlOf(simulator)).get(`/v1/backup/filenames?type=EVENT&context=${name}`).expect(200);
      const all = await request(urlOf(simulator))
        .get(`/v1/backup/eventstore?type=EVENT&targetContext=${name}`)
        .expect(200);
      expect(closed.body.length).toBeGreaterThan(3);
      expect(all.body.filenames).toHaveLength(closed.body.length + 1);
      for (const file of all.body.filenames) {
        expect(path.dirname(file)).toBe(folder);
        expect(fs.existsSync(file)).toBe(true);
      }
    },
  );

  test.each(['', '&context=&targetContext='])(
    'without a context, or an empty one, both listings are of `default`: "%s"',
    async (query) => {
      const simulator = await stillSimulator({ contexts: ['other', 'default'] });
      await growSegments(simulator);
      const folder = `${nodeOf(simulator).eventsDir}/default/`;
      const closed = await request(urlOf(simulator)).get(`/v1/backup/filenames?type=EVENT${query}`);
      const all = await request(urlOf(simulator)).get(`/v1/backup/eventstore?type=EVENT${query}`);
      expect(closed.body.length).toBeGreaterThan(0);
      for (const file of [...closed.body, ...all.body.filenames]) expect(file).toContain(folder);
    },
  );

  test('each context is listed with its own segments', async () => {
    const simulator = await stillSimulator({ contexts: ['default', 'orders'] });
    await growSegments(simulator, { context: 'orders' });
    const of = async (context: string): Promise<string[]> =>
      (await request(urlOf(simulator)).get('/v1/backup/filenames').query({ type: 'EVENT', context })).body;
    expect(await of('default')).toEqual([]);
    expect((await of('orders')).length).toBeGreaterThan(0);
  });

  test('/filenames answers an unknown context as one with nothing new: 200 and an empty list', async () => {
    const simulator = await stillSimulator();
    for (const context of ['nowhere', '_admin', 'Default', 'default ']) {
      const answer = await request(urlOf(simulator)).get('/v1/backup/filenames').query({ type: 'EVENT', context });
      expect([context, answer.status, answer.text]).toEqual([context, 200, '[]']);
    }
  });

  test('/eventstore answers an unknown context with 503, the code in a header and the text of the server', async () => {
    const simulator = await stillSimulator();
    const answer = await request(urlOf(simulator))
      .get('/v1/backup/eventstore')
      .query({ type: 'EVENT', targetContext: 'nowhere' });
    expect(answer.status).toBe(503);
    expect(answer.headers['axoniq-errorcode']).toBe('AXONIQ-6000');
    expect(answer.headers['content-type']).toBe('text/plain;charset=UTF-8');
    expect(answer.text).toBe('[AXONIQ-6000] Missing worker for context: nowhere');
  });

  test('who asks for JSON gets that failure as bare text that is called JSON', async () => {
    const simulator = await stillSimulator();
    const answer = await fetch(`${urlOf(simulator)}/v1/backup/eventstore?type=EVENT&targetContext=nowhere`, {
      headers: { accept: 'application/json' },
    });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await answer.text()).toBe('[AXONIQ-6000] Missing worker for context: nowhere');
  });

  test('/eventstore ignores `context`: who names it like that is told of `default`', async () => {
    const simulator = await stillSimulator({ contexts: ['default', 'orders'] });
    const answer = await request(urlOf(simulator)).get('/v1/backup/eventstore?type=EVENT&context=orders').expect(200);
    expect(answer.body.filenames).toEqual([`${nodeOf(simulator).eventsDir}/default/00000000000000000000.events`]);
  });

  test('/filenames ignores `targetContext`', async () => {
    const simulator = await stillSimulator({ contexts: ['default', 'orders'] });
    await growSegments(simulator, { context: 'orders' });
    await request(urlOf(simulator)).get('/v1/backup/filenames?type=EVENT&targetContext=orders').expect(200, []);
  });

  test.each(['EVENT', 'Event', 'SNAPSHOT', 'Snapshot'])('the type can be spelt %s', async (type) => {
    const simulator = await stillSimulator();
    await request(urlOf(simulator)).get('/v1/backup/filenames').query({ type }).expect(200);
    const answer = await request(urlOf(simulator)).get('/v1/backup/eventstore').query({ type }).expect(200);
    expect(path.extname(answer.body.filenames[0])).toBe(type.toUpperCase() === 'EVENT' ? '.events' : '.snapshots');
  });

  test('each node lists its own files', async () => {
    const simulator = await stillSimulator({ nodes: 3 });
    for (const node of simulator.nodes) {
      const answer = await request(node.url).get('/v1/backup/eventstore?type=EVENT').expect(200);
      expect(answer.body.filenames[0].startsWith(`${node.eventsDir}/`)).toBe(true);
    }
  });
});
