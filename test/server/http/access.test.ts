import request from 'supertest';
import { describe, expect, test } from 'vitest';
import { stillSimulator, urlOf } from '../../support/simulator.ts';

const TOKEN = 'b5e6a0c4-secret';

const protectedCalls = [
  ['GET', '/v1/backup/filenames?type=EVENT'],
  ['GET', '/v1/backup/eventstore?type=EVENT'],
  ['GET', '/v1/backup/log/filenames'],
  ['POST', '/v1/backup/createControlDbBackup'],
  ['POST', '/createControlDbBackup'],
  ['GET', '/v1/public/me'],
  ['GET', '/v1/public/context'],
  ['GET', '/v1/%62ackup/log/filenames'],
  ['GET', '/v1/nowhere'],
] as const;

async function call(
  url: string,
  [method, path]: readonly [string, string],
  token?: string,
  accept = '*/*',
): Promise<Response> {
  const headers = new Headers({ accept });
  if (token !== undefined) headers.set('AxonIQ-Access-Token', token);
  return fetch(url + path, { method, headers, redirect: 'manual' });
}

describe('access control', () => {
  test.each(protectedCalls)(
    '%s %s without a token is answered with 401 and how to come by credentials',
    async (...target) => {
      const answer = await call(urlOf(await stillSimulator({ token: TOKEN })), target);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Basic realm="Realm"');
      expect(await answer.json()).toMatchObject({
        status: 401,
        error: 'Unauthorized',
        message: 'Missing header: AxonIQ-Access-Token',
      });
    },
  );

  test.each(protectedCalls)('%s %s with a wrong token is answered with 403 and bare text', async (...target) => {
    const url = urlOf(await stillSimulator({ token: TOKEN }));
    for (const wrong of ['wrong', `${TOKEN}x`, TOKEN.slice(1), TOKEN.toUpperCase(), '']) {
      const answer = await call(url, target, wrong);
      expect(answer.status).toBe(403);
      expect(answer.headers.has('axoniq-errorcode')).toBe(false);
      expect(await answer.text()).toBe('Invalid token\r\n');
    }
  });

  test.each(protectedCalls.filter(([, path]) => path !== '/v1/nowhere'))(
    '%s %s passes with the token',
    async (...target) => {
      const answer = await call(urlOf(await stillSimulator({ token: TOKEN })), target, TOKEN);
      expect(answer.status).toBe(200);
      await answer.arrayBuffer();
    },
  );

  test('the token may come as a parameter, and the header wins over it', async () => {
    const url = urlOf(await stillSimulator({ token: TOKEN }));
    const parameter = `/v1/public/me?AxonIQ-Access-Token=${TOKEN}`;
    expect((await call(url, ['GET', parameter])).status).toBe(200);
    expect((await call(url, ['GET', `${parameter}&AxonIQ-Access-Token=wrong`])).status).toBe(200);
    expect((await call(url, ['GET', '/v1/public/me?AxonIQ-Access-Token=wrong'])).status).toBe(403);
    expect((await call(url, ['GET', parameter], 'wrong')).status).toBe(403);
    expect((await call(url, ['GET', '/v1/public/me?AxonIQ-Access-Token=wrong'], TOKEN)).status).toBe(200);
  });

  test('a refused call does nothing', async () => {
    const simulator = await stillSimulator({ token: TOKEN });
    await simulator.clock.advance(60_000);
    const before = simulator.state();
    await call(urlOf(simulator), ['POST', '/v1/backup/createControlDbBackup']);
    await call(urlOf(simulator), ['POST', '/v1/backup/createControlDbBackup'], 'wrong');
    expect(simulator.state()).toEqual(before);
  });

  test.each(['text/html', 'text/plain', 'application/json, text/plain, */*'])(
    'who asks for %s without a token is sent to the login page, like a browser',
    async (accept) => {
      const url = urlOf(await stillSimulator({ token: TOKEN }));
      const answer = await call(url, ['GET', '/v1/public/me'], undefined, accept);
      expect([answer.status, answer.headers.get('location')]).toEqual([302, `${url}/login`]);
      const page = await call(url, ['GET', '/login'], undefined, accept);
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html;charset=UTF-8']);
    },
  );

  test.each([
    '/actuator/health',
    '/swagger-ui.html',
    '/swagger-ui/',
    '/v3/api-docs',
    '/_sim/state',
    '/_sim/docs',
    '/_sim/requests',
  ])('%s is open', async (path) => {
    const answer = await fetch(urlOf(await stillSimulator({ token: TOKEN })) + path);
    expect(answer.status).toBe(200);
    await answer.arrayBuffer();
  });

  test('what is not protected is open, but not to a wrong token', async () => {
    const url = urlOf(await stillSimulator({ token: TOKEN, serverVersion: '4.6', edition: 'standard' }));
    const openCalls = [
      ['GET', '/nowhere', 404],
      ['GET', '/actuator/health', 200],
      ['POST', '/createControlDbBackup', 200],
    ] as const;
    for (const [method, path, status] of openCalls) {
      expect([path, (await call(url, [method, path])).status]).toEqual([path, status]);
      expect([path, (await call(url, [method, path], 'wrong')).status]).toEqual([path, 403]);
    }
  });

  test('the cookie of a session stands for the token that began it, but not for a wrong one beside it', async () => {
    const simulator = await stillSimulator({ token: TOKEN });
    const url = urlOf(simulator);
    const first = await call(url, ['GET', '/v1/public/me'], TOKEN);
    const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(cookie).toMatch(/^JSESSIONID=[\dA-F]{32}$/);
    const again = async (headers: Record<string, string>): Promise<number> =>
      (await fetch(`${url}/v1/public/me`, { headers: { accept: '*/*', ...headers } })).status;
    expect(await again({ cookie })).toBe(200);
    expect(await again({ cookie, 'AxonIQ-Access-Token': 'wrong' })).toBe(403);
    expect(await again({ cookie: 'JSESSIONID=0123456789ABCDEF0123456789ABCDEF' })).toBe(401);
    await simulator.clock.advance(31 * 60_000);
    expect(await again({ cookie })).toBe(401);
  });

  test('a script in a page is told 401 and nothing else', async () => {
    const url = urlOf(await stillSimulator({ token: TOKEN }));
    const answer = await fetch(`${url}/v1/public/me`, { headers: { 'X-Requested-With': 'XMLHttpRequest' } });
    expect([answer.status, answer.headers.get('www-authenticate'), await answer.text()]).toEqual([401, null, '']);
  });

  test('without --token everything is open, and a token that somebody sends does not matter', async () => {
    const url = urlOf(await stillSimulator());
    expect((await call(url, ['GET', '/v1/public/me'])).status).toBe(200);
    expect((await call(url, ['GET', '/v1/public/me'], 'whatever')).status).toBe(200);
    expect((await call(url, ['GET', '/login'])).status).toBe(404);
  });
});

describe('the token', () => {
  test('never stands in the journal, however it was sent', async () => {
    const simulator = await stillSimulator({ token: TOKEN });
    const url = urlOf(simulator);
    const targets = [
      `/v1/public/me?AxonIQ-Access-Token=${TOKEN}`,
      `/v1/public/me?axoniq-access-token=${TOKEN}`,
      `/v1/public/me?%41xonIQ-Access-Token=${TOKEN}`,
      `/v1/public/me?AxonIQ-Access-Token=${TOKEN}&AxonIQ-Access-Token=${TOKEN}`,
    ];
    for (const path of targets) await (await call(url, ['GET', path])).arrayBuffer();
    await (await call(url, ['GET', '/v1/public/me'], TOKEN)).arrayBuffer();
    const { body, text } = await request(url).get('/_sim/requests').expect(200);
    expect(body).toHaveLength(5);
    expect(text).not.toContain(TOKEN);
    expect(body[0].query).toEqual({ 'AxonIQ-Access-Token': '***' });
    expect(JSON.stringify(simulator.journal)).not.toContain(TOKEN);
  });

  test('never stands in the state or in an answer', async () => {
    const url = urlOf(await stillSimulator({ token: TOKEN }));
    const targets = [
      '/_sim/state',
      '/v1/public/me',
      '/v1/public/context',
      '/actuator/health',
      '/v3/api-docs',
      '/nowhere',
    ];
    for (const path of targets) {
      expect(await (await call(url, ['GET', path], TOKEN)).text()).not.toContain(TOKEN);
      expect(await (await call(url, ['GET', path], 'wrong')).text()).not.toContain(TOKEN);
    }
  });
});
