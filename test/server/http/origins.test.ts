import { describe, expect, test } from 'vitest';
import { sendRaw } from '../../support/raw-http.ts';
import { stillSimulator, urlOf } from '../../support/simulator.ts';

/** Tries to move the clock as a page of `origin` would that calls the node by `host`. */
async function advanceFrom(url: string, origin: string, host = new URL(url).host): Promise<number> {
  const { port, hostname } = new URL(url);
  const head = `POST /_sim/clock/advance HTTP/1.1\nHost: ${host}\nOrigin: ${origin}\nContent-Length: 11`;
  const answer = await sendRaw(`http://${hostname}:${port}`, head, '{"by":"1s"}');
  return answer === 'no answer' ? 0 : answer.status;
}

describe('pages in the user’s browser', () => {
  test.each(['http://evil.example', 'https://evil.example:8024', 'null', 'http://127.0.0.1:1', 'file://'])(
    'a page of another site, %s, is refused and changes nothing',
    async (origin) => {
      const simulator = await stillSimulator();
      const before = simulator.clock.nowMs;
      expect(await advanceFrom(urlOf(simulator), origin)).toBe(403);
      expect(simulator.clock.nowMs).toBe(before);
    },
  );

  test('a site that has given this machine’s address a name of its own is refused', async () => {
    const simulator = await stillSimulator();
    const { port } = new URL(urlOf(simulator));
    const before = simulator.clock.nowMs;
    expect(await advanceFrom(urlOf(simulator), `http://evil.example:${port}`, `evil.example:${port}`)).toBe(403);
    expect(simulator.clock.nowMs).toBe(before);
  });

  test('the pages of the node itself and of the other nodes may steer the cluster', async () => {
    const simulator = await stillSimulator({ nodes: 2 });
    const url = urlOf(simulator);
    const { port } = new URL(url);
    expect(await advanceFrom(url, url)).toBe(200);
    expect(await advanceFrom(url, urlOf(simulator, 1))).toBe(200);
    expect(await advanceFrom(url, `http://localhost:${port}`, `localhost:${port}`)).toBe(200);
    expect(await advanceFrom(url, `http://[::1]:${port}`, `[::1]:${port}`)).toBe(200);
  });

  test('the public API is as open to other origins as the real server', async () => {
    const url = urlOf(await stillSimulator());
    const answer = await fetch(`${url}/v1/public/me`, { headers: { origin: 'http://evil.example' } });
    expect(answer.status).toBe(200);
    // Open, but no page can read the answer.
    expect(answer.headers.has('access-control-allow-origin')).toBe(false);
  });
});

/** What a page gets to read that calls the node by a name; without an origin, as a browser does for a page's own site. */
async function statusAs(url: string, host: string, path = '/_sim/state'): Promise<number> {
  const answer = await sendRaw(url, `GET ${path} HTTP/1.1\nHost: ${host}`);
  return answer === 'no answer' ? 0 : answer.status;
}

describe('the name by which a node is called', () => {
  // A site that gives this machine's address a name of its own (DNS rebinding) could read all of it.
  test.each([
    '/_sim/state',
    '/_sim/requests',
    '/_sim/events',
    '/_sim/faults',
    '/_sim/nodes/node-1/archive.tar',
    '/_sim/nodes/node-1/timeline.svg',
    '/_sim/docs',
    '/_sim/docs/json',
    '/_sim/page/main.js',
    '/_sim/nowhere',
    '/%5Fsim/state',
  ])('must be its own, where %s is read', async (path) => {
    const url = urlOf(await stillSimulator());
    const { port } = new URL(url);
    for (const host of [
      `evil.example:${port}`,
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      '',
    ]) {
      expect(await statusAs(url, host, path)).toBe(403);
    }
  });

  test('may be any address, localhost, or what it was bound by', async () => {
    const url = urlOf(await stillSimulator());
    const { port } = new URL(url);
    for (const host of [
      `127.0.0.1:${port}`,
      '127.0.0.1',
      'LOCALHOST',
      `localhost.:${port}`,
      `[::1]:${port}`,
      '10.1.2.3',
    ]) {
      expect(await statusAs(url, host)).toBe(200);
    }
    const named = urlOf(await stillSimulator({ host: 'localhost' }));
    expect(await statusAs(named, 'localhost')).toBe(200);
    expect(await statusAs(named, 'evil.example')).toBe(403);
  });

  test('may be any where the node answers for all of a machine, under whatever name that is called', async () => {
    const { port } = new URL(urlOf(await stillSimulator({ host: '0.0.0.0' })));
    expect(await statusAs(`http://127.0.0.1:${port}`, 'backup-kit.internal')).toBe(200);
  });

  test('says what to do where it is another one', async () => {
    const url = urlOf(await stillSimulator());
    const answer = await sendRaw(url, 'GET /_sim/state HTTP/1.1\nHost: evil.example');
    expect(answer !== 'no answer' && JSON.parse(answer.body).message).toBe(
      'Host evil.example is not this node: use localhost, an address, or what --host names',
    );
  });

  test('is nothing that the public API looks at', async () => {
    const url = urlOf(await stillSimulator());
    expect(await statusAs(url, 'evil.example', '/v1/public/me')).toBe(200);
    expect(await statusAs(url, 'evil.example', '/')).toBe(200);
  });
});
