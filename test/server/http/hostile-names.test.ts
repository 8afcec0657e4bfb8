import * as fs from 'node:fs';
import path from 'node:path';
import request from 'supertest';
import { describe, expect, test } from 'vitest';
import { stillSimulator, urlOf } from '../../support/simulator.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Names as they stand in a URL. */
const hostileNames = [
  '../../etc',
  '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '..%5c..%5cwindows',
  '%2fetc%2fpasswd',
  '%00',
  'default%00',
  'default%2f..%2fdefault',
  '.',
  '..',
  '%ff%fe',
  '%0d%0aX-Injected:%201',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '%f0%9f%92%a9',
  '[]',
  'null',
  '-1',
  'x'.repeat(7_000),
  '%22%5d%2c%5b%22',
];

describe('hostile names', () => {
  test.each(hostileNames)('%s names nothing, breaks nothing and leads nowhere', async (name) => {
    const parent = temporaryFolder();
    const simulator = await stillSimulator({ dataDir: path.join(parent, 'cluster') });
    const url = urlOf(simulator);
    const before = await request(url).get('/_sim/state');
    const filesBefore = listFiles(parent);

    await request(url).get(`/v1/backup/filenames?type=EVENT&context=${name}`).expect(200, []);

    const eventStore = await request(url).get(`/v1/backup/eventstore?type=EVENT&targetContext=${name}`).expect(503);
    expect(eventStore.text).toMatch(/^\[AXONIQ-6000\] Missing worker for context: /);
    expect(eventStore.headers).not.toHaveProperty('x-injected');

    // The server itself has no better answer for a group that it does not know than its framework's.
    const log = await request(url).get(`/v1/backup/log/filenames?context=${name}`).expect(500);
    expect(log.body.message).toMatch(/^This node has no log of a replication group "/);

    expect((await request(url).get('/_sim/state')).body).toEqual(before.body);
    expect(listFiles(parent)).toEqual(filesBefore);
  });

  test.each(hostileNames.filter((name) => name !== '.' && name !== '..' && name !== '../../etc'))(
    'the control API knows no context and no node called %s',
    async (name) => {
      const simulator = await stillSimulator();
      const url = urlOf(simulator);
      const before = await request(url).get('/_sim/state');
      const answers = await Promise.all([
        request(url).post(`/_sim/contexts/${name}/append`).send({}),
        request(url).post(`/_sim/contexts/${name}/roll`).send({}),
        request(url).post(`/_sim/nodes/${name}/stop`),
        request(url).post(`/_sim/nodes/${name}/crash`),
        request(url).post(`/_sim/nodes/${name}/clean-log`).send({}),
        request(url).get(`/_sim/nodes/${name}/archive.tar`),
      ]);
      for (const { status } of answers) expect([404, 414]).toContain(status);
      expect((await request(url).get('/_sim/state')).body).toEqual(before.body);
    },
  );

  test.each(['..', '%2e%2e', '..%2f..%2f..%2f..%2fetc%2fpasswd', 'static/%2e%2e/%2e%2e/package.json'])(
    'the documentation pages lead to no file outside of them: %s',
    async (name) => {
      const url = urlOf(await stillSimulator());
      for (const root of ['/swagger-ui', '/swagger-ui/static', '/_sim/docs', '/_sim/docs/static']) {
        const answer = await fetch(`${url}${root}/${name}`);
        const text = await answer.text();
        expect(text).not.toMatch(/root:|"devDependencies"/);
        expect(answer.status).toBeLessThan(500);
      }
    },
  );

  test('a parameter that cannot be decoded is not there', async () => {
    const simulator = await stillSimulator();
    const answer = await request(urlOf(simulator))
      .get('/v1/backup/eventstore?type=EVENT&targetContext=%zz')
      .expect(200);
    expect(answer.body.filenames).toEqual([expect.stringMatching(/default\/0{20}\.events$/)]);
  });

  test('a query with a thousand parameters and one with names of objects are like any other', async () => {
    const url = urlOf(await stillSimulator());
    const many = Array.from({ length: 1000 }, (_, place) => `p${place}=1`).join('&');
    await request(url).get(`/v1/backup/filenames?type=EVENT&${many}`).expect(200, []);
    await request(url).get('/v1/backup/filenames?type=EVENT&__proto__=x&constructor=y&toString=z').expect(200, []);
    const { body } = await request(url).get('/_sim/requests?after=1');
    expect(JSON.stringify(body[0].query)).toBe('{"type":"EVENT","__proto__":"x","constructor":"y","toString":"z"}');
  });
});

function listFiles(folder: string): string[] {
  return fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
}
