import request from 'supertest';
import { describe, expect, test } from 'vitest';
import type { Simulator } from '../../../server/index.ts';
import { elementsOf, parseXmlElement } from '../../support/parsed-xml.ts';
import { growSegments, stillSimulator, urlOf } from '../../support/simulator.ts';

/** The picture in its own words. */
async function describedBy(simulator: Simulator, node = 'node-1', query = ''): Promise<string> {
  const { body } = await request(urlOf(simulator)).get(`/_sim/nodes/${node}/timeline.svg${query}`).expect(200);
  return elementsOf(parseXmlElement(body.toString()), 'desc')[0]?.text ?? '';
}

describe('GET /_sim/nodes/:node/timeline.svg', () => {
  test('is a picture, as wide as one wants it, in which nothing can run', async () => {
    const url = urlOf(await stillSimulator());
    const { headers, body } = await request(url).get('/_sim/nodes/node-1/timeline.svg?width=700').expect(200);
    expect(headers['content-type']).toBe('image/svg+xml');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['content-security-policy']).toBe("default-src 'none'; style-src 'unsafe-inline'");
    expect(parseXmlElement(body.toString())).toMatchObject({ name: 'svg', attributes: { width: '700' } });
  });

  test('shows segments, logs, the requests of clients and what they listed', async () => {
    const simulator = await stillSimulator({ nodes: 2, token: 'secret' });
    const { closed } = await growSegments(simulator);
    const ask = (method: string, path: string, token = 'secret'): Promise<Response> =>
      fetch(urlOf(simulator) + path, { method, headers: { 'AxonIQ-Access-Token': token } });
    await ask('POST', '/v1/backup/createControlDbBackup');
    await ask('GET', '/v1/backup/log/filenames?context=_admin');
    await ask('GET', '/v1/backup/filenames?type=Event');
    await ask('GET', '/v1/backup/eventstore?type=SNAPSHOT&targetContext=default', 'wrong');
    const description = await describedBy(simulator);
    expect(description).toMatch(/^Node node-1 from 2024-01-01 00:00:00 to 2024-01-01 01:01:00/);
    expect(description).toContain('It made 4 requests, of which 1 failed.');
    expect(description).toMatch(/Control database: 1 backup, at 2024-01-01 00:01:00/);
    expect(description).toContain(
      `Events of default: ${closed.length} closed segments and the open one, listed 1 time.`,
    );
    expect(await describedBy(simulator, 'node-2')).toContain('Control database: no backup.');
    const { body } = await request(urlOf(simulator)).get('/_sim/nodes/node-1/timeline.svg');
    // The data file, the index and the bloom file of each closed segment.
    expect(body.toString()).toContain(`${closed.length * 3} files`);
    expect(body.toString()).not.toContain('secret');
  });

  test('begins where the window does, or where the cluster does, and reaches to the next cleaning', async () => {
    const simulator = await stillSimulator();
    await simulator.clock.advance(5.5 * 3_600_000);
    expect(await describedBy(simulator)).toContain('from 2024-01-01 02:30:00 to 2024-01-01 06:00:00');
    expect(await describedBy(simulator, 'node-1', '?window=30m')).toContain('from 2024-01-01 05:00:00 to');
    expect(await describedBy(simulator, 'node-1', '?window=1d')).toContain('from 2024-01-01 00:00:00 to');
  });

  test('knows of a node that is down, and of a cluster in its first instant', async () => {
    const simulator = await stillSimulator({ nodes: 3 });
    expect(await describedBy(simulator)).toContain('from 2024-01-01 00:00:00');
    await simulator.clock.advance(60_000);
    await simulator.control.stop('node-2');
    await simulator.clock.advance(60_000);
    expect(await describedBy(simulator, 'node-2')).toMatch(/The node is down from 2024-01-01 00:01:0\d/);
  });

  test('has the logs of the groups that a node takes part in, and the stores that it keeps', async () => {
    const simulator = await stillSimulator({
      nodes: 2,
      groups: [
        { name: '_admin', members: [{ node: 'node-1' }] },
        {
          name: 'retail',
          contexts: ['orders'],
          members: [{ node: 'node-1' }, { node: 'node-2', role: 'MESSAGING_ONLY' }],
        },
      ],
    });
    const lanes = async (node: string): Promise<string[]> =>
      [...(await describedBy(simulator, node)).matchAll(/(?:Log|Events|Snapshots) of \w+/g)].map(([lane]) => lane);
    expect(await lanes('node-1')).toEqual([
      'Log of _admin',
      'Log of retail',
      'Events of orders',
      'Snapshots of orders',
    ]);
    expect(await lanes('node-2')).toEqual(['Log of retail']);
  });

  test('forgets what was before a reset', async () => {
    const simulator = await stillSimulator();
    await growSegments(simulator);
    await fetch(`${urlOf(simulator)}/v1/public/me`);
    await simulator.control.reset();
    const description = await describedBy(simulator);
    expect(description).toContain('It made 0 requests');
    expect(description).toContain('Events of default: 0 closed segments');
  });

  test.each([
    ['/_sim/nodes/node-9/timeline.svg', 404, 'There is no node "node-9"'],
    ['/_sim/nodes/node-1/timeline.svg?window=soon', 400, '"soon" is not a duration'],
    ['/_sim/nodes/node-1/timeline.svg?window=101d', 400, '100d at most'],
    ['/_sim/nodes/node-1/timeline.svg?width=99999', 400, 'width'],
  ])('%s is answered with %i and what is wrong', async (path, status, message) => {
    const { body } = await request(urlOf(await stillSimulator()))
      .get(path)
      .expect(status);
    expect(body.message).toContain(message);
  });
});
