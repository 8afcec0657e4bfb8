import request from 'supertest';
import { describe, expect, test } from 'vitest';
import { stillSimulator, urlOf } from '../../support/simulator.ts';

describe('GET /v1/public/me', () => {
  test('describes the node with the members of the server, and no others', async () => {
    const simulator = await stillSimulator({ nodes: 2, contexts: ['orders', 'default'] });
    for (const [place, { name, url }] of simulator.nodes.entries()) {
      const answer = await request(url).get('/v1/public/me').expect(200).expect('content-type', 'application/json');
      expect(answer.body).toEqual({
        authentication: false,
        clustered: true,
        ssl: false,
        adminNode: true,
        developmentMode: false,
        contextNames: ['_admin', 'default', 'orders'],
        storageContextNames: ['default', 'orders'],
        name,
        hostName: '127.0.0.1',
        internalHostName: name,
        httpPort: Number(new URL(url).port),
        grpcPort: 8124 + place,
        grpcInternalPort: 8224 + place,
        pluginsEnabled: false,
        initialized: true,
      });
    }
  });

  test('says whether access control is on', async () => {
    const simulator = await stillSimulator({ token: 'secret' });
    const answer = await request(urlOf(simulator))
      .get('/v1/public/me')
      .set('AxonIQ-Access-Token', 'secret')
      .expect(200);
    expect(answer.body.authentication).toBe(true);
  });
});

describe('GET /v1/public/context', () => {
  test('lists all contexts by name, _admin among them, each with its group, its leader and its members', async () => {
    const simulator = await stillSimulator({ nodes: 3, contexts: ['orders', 'default'] });
    const answer = await request(urlOf(simulator)).get('/v1/public/context').expect(200);
    const roles = ['node-1', 'node-2', 'node-3'].map((node) => ({ node, role: 'PRIMARY' }));
    const groups = simulator.state().groups;
    expect(answer.body).toEqual(
      ['_admin', 'default', 'orders'].map((context) => ({
        context,
        metaData: {},
        replicationGroup: context,
        changePending: false,
        pendingSince: 0,
        leader: groups[context]?.leader,
        roles,
      })),
    );
  });

  test('a group without a majority has no leader', async () => {
    const simulator = await stillSimulator({ nodes: 3 });
    await simulator.control.stop('node-2');
    await simulator.control.stop('node-3');
    const { body } = await request(urlOf(simulator)).get('/v1/public/context').expect(200);
    expect(body.map(({ leader }: { leader: unknown }) => leader)).toEqual([null, null]);
  });
});

describe('GET /actuator/health', () => {
  test('a healthy node is UP, with the leader of each of its groups', async () => {
    const simulator = await stillSimulator({ nodes: 3 });
    const { body } = await request(urlOf(simulator)).get('/actuator/health').expect(200);
    const { groups } = simulator.state();
    expect(body.status).toBe('UP');
    expect(body.components).toMatchObject({
      db: { status: 'UP' },
      localEventStore: { status: 'UP', details: { 'default.lastEvent': -1, 'default.lastSnapshot': -1 } },
      raft: {
        status: 'UP',
        details: { '_admin.leader': groups['_admin']?.leader, 'default.leader': groups['default']?.leader },
      },
    });
    const part = await request(urlOf(simulator)).get('/actuator/health/raft').expect(200);
    expect(part.body).toEqual(body.components.raft);
    await request(urlOf(simulator)).get('/actuator/health/liveness').expect(404, '');
  });

  test('a node whose groups have no leader answers 200 all the same, with WARN', async () => {
    const simulator = await stillSimulator({ nodes: 3 });
    await simulator.control.stop('node-2');
    await simulator.control.stop('node-3');
    const { body } = await request(urlOf(simulator)).get('/actuator/health').expect(200);
    expect(body.status).toBe('WARN');
  });
});

describe('HEAD', () => {
  test.each([
    '/v1/backup/filenames?type=EVENT',
    '/v1/backup/eventstore?type=EVENT',
    '/v1/backup/log/filenames',
    '/v1/public/me',
    '/v1/public/context',
    '/actuator/health',
  ])('%s answers as GET does, without the body', async (path) => {
    const url = urlOf(await stillSimulator());
    const get = await request(url).get(path).expect(200);
    const head = await request(url).head(path).expect(200);
    expect(head.headers['content-type']).toBe(get.headers['content-type']);
    expect(head.headers['content-length']).toBe(String(Buffer.byteLength(get.text)));
    expect(head.text).toBeUndefined();
  });
});

describe('the pages that describe the API', () => {
  test.each(['/swagger-ui.html', '/swagger-ui/index.html', '/swagger-ui/', '/_sim/docs', '/_sim/docs/'])(
    '%s leads to a page whose scripts and styles are there',
    async (path) => {
      const url = urlOf(await stillSimulator());
      const page = await fetch(url + path);
      expect(page.status).toBe(200);
      expect(page.headers.get('content-type')).toMatch(/^text\/html/);
      const parts = [...(await page.text()).matchAll(/(?:src|href)="(?<part>[^"]+)"/g)].map(
        (match) => match.groups?.['part'] ?? '',
      );
      expect(parts.length).toBeGreaterThan(3);
      for (const part of parts) expect([part, (await fetch(new URL(part, page.url))).status]).toEqual([part, 200]);
    },
  );

  test('/v3/api-docs is an OpenAPI 3 document with the backup endpoints under the names of their controllers', async () => {
    const { body } = await request(urlOf(await stillSimulator()))
      .get('/v3/api-docs')
      .expect(200);
    expect(body.openapi).toMatch(/^3\./);
    const tagOf = (path: string, method: string): unknown => body.paths[path]?.[method]?.tags;
    expect(tagOf('/v1/backup/createControlDbBackup', 'post')).toEqual(['Backup Info Rest Controller']);
    expect(tagOf('/v1/backup/filenames', 'get')).toEqual(['Backup Info Rest Controller']);
    expect(tagOf('/v1/backup/eventstore', 'get')).toEqual(['Backup Info Rest Controller']);
    expect(tagOf('/v1/backup/log/filenames', 'get')).toEqual(['Backup Log Files Rest Controller']);
  });

  test('it says which parameters there are, which of them are needed, and how `type` is spelt', async () => {
    const { body } = await request(urlOf(await stillSimulator()))
      .get('/v3/api-docs')
      .expect(200);
    const parameters = body.paths['/v1/backup/eventstore'].get.parameters as { name: string; required?: boolean }[];
    expect(parameters.map(({ name }) => name).toSorted()).toEqual([
      'lastClosedSegmentBackedUp',
      'targetContext',
      'type',
    ]);
    expect(parameters.find(({ name }) => name === 'type')).toMatchObject({
      in: 'query',
      required: true,
      schema: { type: 'string', enum: ['EVENT', 'SNAPSHOT', 'Event', 'Snapshot'] },
    });
    expect(parameters.find(({ name }) => name === 'lastClosedSegmentBackedUp')).not.toMatchObject({ required: true });
  });

  test('the control API has a document of its own, and is no part of the public one', async () => {
    const url = urlOf(await stillSimulator());
    const { body: shown } = await request(url).get('/v3/api-docs').expect(200);
    const { body: control } = await request(url).get('/_sim/docs/json').expect(200);
    expect(Object.keys(shown.paths).filter((path) => path.startsWith('/_sim'))).toEqual([]);
    expect(Object.keys(control.paths).every((path) => path.startsWith('/_sim'))).toBe(true);
    expect(Object.keys(control.paths)).toEqual(
      expect.arrayContaining(['/_sim/state', '/_sim/clock/advance', '/_sim/contexts/{context}/append', '/_sim/faults']),
    );
  });
});
