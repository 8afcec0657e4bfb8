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
