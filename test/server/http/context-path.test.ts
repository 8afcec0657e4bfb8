import { beforeAll, describe, expect, test } from 'vitest';
import { checkOptions } from '../../../server/config.ts';
import { startSimulator, type Simulator } from '../../../server/index.ts';
import { failureOf } from '../../support/failure-of.ts';

const token = 'secret-of-this-test';
const headers = { 'AxonIQ-Access-Token': token };
let simulator: Simulator;
let base = '';
let root = '';

beforeAll(async () => {
  simulator = await startSimulator({
    port: 0,
    speed: 0,
    rate: 0,
    nodes: 1,
    token,
    contextPath: '/axonserver-1/',
    segmentSizeBytes: 2048,
  });
  base = simulator.nodes[0]?.url ?? '';
  root = new URL(base).origin;
  return () => simulator.close();
});

async function call(url: string, init: RequestInit = {}) {
  const answer = await fetch(url, { redirect: 'manual', ...init });
  const location = answer.headers.get('location')?.replace(root, '') ?? null;
  return { status: answer.status, location, headers: answer.headers, body: await answer.text() };
}

describe('below a context path', () => {
  test('lies all that is public, and the URL of the node says so', async () => {
    expect(base).toBe(`${root}/axonserver-1`);
    expect(await call(`${base}/v1/public/me`, { headers })).toMatchObject({ status: 200 });
    const { status, body: zip } = await call(`${base}/v1/backup/createControlDbBackup`, { method: 'POST', headers });
    expect([status, zip.startsWith(`${simulator.nodes[0]?.dataDir}/`)]).toEqual([200, true]);
    expect(await call(`${base}/v1/backup/log/filenames?context=_admin`, { headers })).toMatchObject({ status: 200 });
    expect(await call(`${base}/actuator/health`)).toMatchObject({ status: 200 });
    expect(await call(`${root}/%61xonserver-1/actuator/health`)).toMatchObject({ status: 200 });
  });

  test('lies the description of the API, and it leads there', async () => {
    expect(await call(`${base}/swagger-ui.html`)).toMatchObject({ location: '/axonserver-1/swagger-ui/' });
    const page = await call(`${base}/swagger-ui/`);
    const script = await call(new URL('./static/swagger-initializer.js', `${base}/swagger-ui/`).href);
    expect([page.status, script.status]).toEqual([200, 200]);
    for (const place of ['/v3/api-docs', '/swagger-ui/json']) {
      const { body } = await call(`${base}${place}`);
      expect(JSON.parse(body)).toMatchObject({ servers: [{ url: '/axonserver-1' }] });
    }
  });

  test('are the login page, cookies, and the path in the body of an error', async () => {
    const accept = { accept: 'text/html' };
    expect(await call(`${base}/v1/public/me`, { headers: accept })).toMatchObject({ location: '/axonserver-1/login' });
    const { headers: sent } = await call(`${base}/v1/public/me`, { headers });
    expect(sent.get('set-cookie')).toContain('; Path=/axonserver-1;');
    const { body } = await call(`${base}/v1/nothing`, { headers: { ...headers, accept: 'application/json' } });
    expect(JSON.parse(body)).toMatchObject({ status: 404, path: '/axonserver-1/v1/nothing' });
  });

  test.each([
    ['POST', '/v1/backup/createControlDbBackup'],
    ['GET', '/v1/public/me'],
    ['GET', '/actuator/health'],
    ['GET', '/axonserver-12/v1/public/me'],
    ['GET', '/AxonServer-1/v1/public/me'],
    ['POST', '/'],
  ])('there is nothing for a %s of %s, with or without a token', async (method, path) => {
    for (const each of [{}, headers]) {
      const answer = await call(`${root}${path}`, { method, headers: each });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'text/html;charset=utf-8']);
    }
    expect(simulator.journal.at(-1)).toMatchObject({ status: 404, path: `(outside of the base path) ${path}` });
  });

  test('lie neither the control API nor the live page, which stay where they are', async () => {
    expect(await call(`${root}/_sim/state`)).toMatchObject({ status: 200 });
    expect((await call(`${root}/`)).body).toContain('axon-node');
    expect(await call(base)).toMatchObject({ status: 302, location: '/axonserver-1/' });
    expect(await call(`${base}/`)).toMatchObject({ status: 302, location: '/' });
    for (const path of ['/_sim/state', '/%5Fsim/state']) {
      expect(await call(`${base}${path}`, { headers })).toMatchObject({ status: 404 });
    }
  });

  test('strikes a planned fault what it would strike at the root, and nothing beside', async () => {
    simulator.control.planFaults([{ match: { path: '/v1/public/me' }, do: { status: 503 }, times: 1 }]);
    expect(await call(`${root}/v1/public/me`)).toMatchObject({ status: 404 });
    expect(await call(`${base}/v1/public/me`, { headers })).toMatchObject({ status: 503 });
    expect(simulator.journal.at(-1)).toMatchObject({ path: '/v1/public/me', status: 503 });
  });
});

describe('a context path', () => {
  test.each([
    'axonserver',
    '//',
    '/a//b',
    '/..',
    '/a/../b',
    '/.a',
    '/a%20b',
    '/a?b',
    '/a b',
    '/a#b',
    '/_sim',
    '/_sim/x',
    '/ä',
    '/a;b',
  ])('%j is refused in one line', async (contextPath) => {
    const { kind, message } = await failureOf(() => checkOptions({ contextPath }));
    expect([kind, message.includes('\n'), message.startsWith('context path "')]).toEqual(['bad-option', false, true]);
  });

  test.each(['', '/', '/axonserver-1', '/axonserver-1/', '/a/b_c/d.e~f', '/_simulator'])(
    '%j will do',
    (contextPath) => {
      expect(() => checkOptions({ contextPath })).not.toThrow();
    },
  );
});
