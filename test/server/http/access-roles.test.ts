import * as fs from 'node:fs';
import path from 'node:path';
import request from 'supertest';
import { describe, expect, test } from 'vitest';
import type { GroupOptions, Node, Simulator, TokenOptions, UserOptions } from '../../../server/index.ts';
import { stillSimulator, urlOf } from '../../support/simulator.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const groups: readonly GroupOptions[] = [
  { name: 'retail', contexts: ['orders'] },
  { name: 'default', contexts: ['default'] },
];

const tokens: readonly TokenOptions[] = [
  {
    token: 'lister',
    roles: [
      { context: '_admin', role: 'USE_CONTEXT' },
      { context: 'default', role: 'USE_CONTEXT' },
    ],
  },
  { token: 'system', roles: [{ context: '_admin', role: 'ADMIN' }] },
  { token: 'orders-admin', roles: [{ context: 'orders', role: 'CONTEXT_ADMIN' }] },
  { token: 'nobody', roles: [] },
];

function guarded(): Promise<Simulator> {
  return stillSimulator({ groups, tokens, token: 'everything' });
}

type Call = readonly [method: 'get' | 'post', path: string, context?: string];

async function statusOf(simulator: Simulator, token: string, [method, target, context]: Call): Promise<number> {
  const call = request(urlOf(simulator))[method](target).set('AxonIQ-Access-Token', token);
  if (context !== undefined) call.set('AxonIQ-Context', context);
  return (await call).status;
}

const post: Call = ['post', '/v1/backup/createControlDbBackup'];
const rows: ReadonlyArray<readonly [call: Call, allowed: readonly string[]]> = [
  [post, ['system']],
  [['post', '/createControlDbBackup'], ['system']],
  // Roles are asked for in the context of a header, not only of a parameter.
  [['post', '/v1/backup/createControlDbBackup', 'orders'], []],
  [['get', '/v1/backup/filenames?type=EVENT&context=default'], ['lister']],
  [['get', '/v1/backup/filenames?type=EVENT&context=orders'], ['orders-admin']],
  // Nothing named: the roles are asked for in _admin, the files are those of default.
  [
    ['get', '/v1/backup/filenames?type=EVENT'],
    ['lister', 'system'],
  ],
  [
    ['get', '/v1/backup/log/filenames?context=_admin'],
    ['lister', 'system'],
  ],
  [['get', '/v1/backup/log/filenames?context=default'], ['lister']],
  // The trap: a group is no context, so that nobody has a role in it.
  [['get', '/v1/backup/log/filenames?context=retail'], []],
  [
    ['get', '/v1/backup/log/filenames?context=retail', '_admin'],
    ['lister', 'system'],
  ],
  [['get', '/v1/backup/log/filenames?context=retail', 'orders'], ['orders-admin']],
  [['get', '/v1/backup/log/filenames?context=retail&AxonIQ-Context=orders'], ['orders-admin']],
  [
    ['get', '/v1/backup/log/filenames?context=retail&AxonIQ-Context=orders', '_admin'],
    ['lister', 'system'],
  ],
  // Not mapped to any function: whoever has a token may ask.
  [
    ['get', '/v1/backup/eventstore?type=EVENT&targetContext=orders'],
    ['lister', 'system', 'orders-admin', 'nobody'],
  ],
  [
    ['get', '/v1/public/me'],
    ['lister', 'system', 'orders-admin', 'nobody'],
  ],
  [
    ['get', '/v1/public/replicationgroups'],
    ['lister', 'system', 'orders-admin', 'nobody'],
  ],
];

describe('a token with roles', () => {
  test.each(rows)('%j passes for %j, and is forbidden to all others', async (call, allowed) => {
    const simulator = await guarded();
    for (const { token } of tokens) {
      expect([token, await statusOf(simulator, token, call)]).toEqual([token, allowed.includes(token) ? 200 : 403]);
    }
    expect(await statusOf(simulator, 'everything', call)).toBe(200);
    expect(await statusOf(simulator, 'unknown', call)).toBe(403);
  });

  test('that is too weak is answered in the shape of the framework, one that nobody knows with bare text', async () => {
    const url = urlOf(await guarded());
    const weak = await request(url)
      .post('/v1/backup/createControlDbBackup')
      .set('AxonIQ-Access-Token', 'lister')
      .expect(403)
      .expect('content-type', 'application/json');
    expect(weak.body).toMatchObject({
      status: 403,
      error: 'Forbidden',
      message: 'CREATE_CONTROLDB_BACKUP in _admin is for ADMIN',
      path: '/v1/backup/createControlDbBackup',
    });
    expect(typeof weak.body.timestamp).toBe('number');
    const unknown = await request(url).post('/v1/backup/createControlDbBackup').set('AxonIQ-Access-Token', 'list');
    expect([unknown.status, unknown.text]).toEqual([403, 'Invalid token\r\n']);
  });

  test('that is too weak has nothing done for it', async () => {
    const simulator = await guarded();
    await simulator.clock.advance(60_000);
    const before = simulator.state();
    await statusOf(simulator, 'lister', post);
    expect(simulator.state()).toEqual(before);
  });

  test('turns access control on, also where there is no token that may do everything', async () => {
    const simulator = await stillSimulator({ groups, tokens });
    const url = urlOf(simulator);
    expect(simulator.state().accessControl).toBe(true);
    await request(url).get('/v1/public/me').expect(401);
    await request(url).get('/v1/public/me').set('AxonIQ-Access-Token', 'everything').expect(403);
    const { body } = await request(url).get('/v1/public/me').set('AxonIQ-Access-Token', 'nobody').expect(200);
    expect(body.authentication).toBe(true);
  });

  test('stands in no journal, state, answer or file of the cluster', async () => {
    const simulator = await guarded();
    const url = urlOf(simulator);
    for (const { token } of tokens) {
      await request(url).get(`/v1/public/me?AxonIQ-Access-Token=${token}x`);
      const { text } = await request(url).get('/v1/backup/log/filenames').set('AxonIQ-Access-Token', token);
      expect(text).not.toContain(token);
    }
    const told = JSON.stringify([simulator.journal, simulator.state(), simulator.nodes, simulator.groups]);
    for (const { token } of tokens) expect(told).not.toContain(token);
  });
});

describe('a user who signs in by HTTP Basic', () => {
  const users: readonly UserOptions[] = [
    { name: 'alice', password: 'a:b c', roles: [{ context: '_admin', role: 'ADMIN' }] },
    { name: 'bob', password: 'secret-of-bob', roles: [{ context: 'default', role: 'USE_CONTEXT' }] },
  ];
  const list = '/v1/backup/filenames?type=EVENT&context=default';

  test('may do what the roles may', async () => {
    const url = urlOf(await stillSimulator({ users }));
    await request(url).post('/v1/backup/createControlDbBackup').auth('alice', 'a:b c').expect(200);
    await request(url).post('/v1/backup/createControlDbBackup').auth('bob', 'secret-of-bob').expect(403);
    await request(url).get(list).auth('alice', 'a:b c').expect(403);
    await request(url).get(list).auth('bob', 'secret-of-bob').expect(200);
  });

  test('with another password, or of another name, gets 401, also where a page is asked for', async () => {
    const url = urlOf(await stillSimulator({ users }));
    for (const [name, password] of [
      ['alice', 'secret-of-bob'],
      ['carol', 'a:b c'],
      ['', ''],
    ] as const) {
      const refused = request(url).get(list).auth(name, password).set('Accept', 'text/html');
      await refused.expect(401).expect('WWW-Authenticate', 'Basic realm="Realm"');
    }
    await request(url).get(list).set('Authorization', 'Basic').expect(401);
    await request(url).get(list).set('Authorization', 'Bearer abc').expect(401);
  });

  test('is not looked at where there is a token', async () => {
    const url = urlOf(await stillSimulator({ users, token: 'everything' }));
    await request(url).get(list).auth('bob', 'wrong').set('AxonIQ-Access-Token', 'everything').expect(200);
    await request(url).get(list).auth('bob', 'secret-of-bob').set('AxonIQ-Access-Token', 'other').expect(403);
  });

  test('has a password that stands in no journal, state or answer', async () => {
    const simulator = await stillSimulator({ users });
    const { text } = await request(urlOf(simulator)).get(list).auth('bob', 'secret-of-bob');
    expect(simulator.state().accessControl).toBe(true);
    const told = JSON.stringify([text, simulator.journal, simulator.state(), simulator.nodes]);
    expect(told).not.toContain('secret-of-bob');
    expect(told).not.toContain(Buffer.from('bob:secret-of-bob').toString('base64'));
  });
});

describe('the system token of a node', () => {
  const tokenOf = ({ dataDir }: Node): string => fs.readFileSync(path.join(dataDir, 'security', '.token'), 'utf8');

  test('lies in a file of the node, and is good there for what ADMIN in _admin may do', async () => {
    const simulator = await stillSimulator({ token: 'everything', nodes: 2 });
    const [first, second] = simulator.nodes;
    if (first === undefined || second === undefined) throw new Error('there are two nodes');
    const askForBackup = (node: Node, token: string) =>
      request(node.url).post('/v1/backup/createControlDbBackup').set('AxonIQ-Access-Token', token);
    await askForBackup(first, tokenOf(first)).expect(200);
    await askForBackup(second, tokenOf(first)).expect(403, 'Invalid token\r\n');
    const list = '/v1/backup/filenames?type=EVENT&context=default';
    await request(first.url).get(list).set('AxonIQ-Access-Token', tokenOf(first)).expect(403);
    expect(JSON.stringify([simulator.journal, simulator.state(), simulator.nodes])).not.toContain(tokenOf(first));
  });

  test('stays what it is over restarts, and can be replaced', async () => {
    const dataDir = temporaryFolder();
    const before = await stillSimulator({ token: 'everything', dataDir });
    const first = tokenOf(nodeOf(before));
    await before.close();
    const after = await stillSimulator({ token: 'everything', dataDir });
    expect(tokenOf(nodeOf(after))).toBe(first);
    await after.close();
    fs.writeFileSync(path.join(nodeOf(after).dataDir, 'security', '.token'), 'chosen-by-hand\n');
    const replaced = await stillSimulator({ token: 'everything', dataDir });
    await request(urlOf(replaced))
      .post('/v1/backup/createControlDbBackup')
      .set('AxonIQ-Access-Token', 'chosen-by-hand')
      .expect(200);
  });

  test('is not there where access control is off', async () => {
    const simulator = await stillSimulator();
    expect(fs.existsSync(path.join(nodeOf(simulator).dataDir, 'security'))).toBe(false);
  });
});

function nodeOf({ nodes }: Simulator): Node {
  const [node] = nodes;
  if (node === undefined) throw new Error('there is no node');
  return node;
}
