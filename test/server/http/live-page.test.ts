import request from 'supertest';
import { describe, expect, test } from 'vitest';
import { sendRaw } from '../../support/raw-http.ts';
import { stillSimulator, urlOf } from '../../support/simulator.ts';

describe('GET /', () => {
  test('is the live page of each node, which says whose it is', async () => {
    const simulator = await stillSimulator({ nodes: 2 });
    for (const [place, name] of ['node-1', 'node-2'].entries()) {
      const { text, headers } = await request(urlOf(simulator, place)).get('/').expect(200);
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      expect(text).toContain(`<meta name="axon-node" content="${name}" />`);
      expect(text).not.toContain('{{');
    }
  });

  test('lets nothing run but the modules of this node', async () => {
    const { headers, text } = await request(urlOf(await stillSimulator())).get('/');
    expect(headers['content-security-policy']).toMatch(/^default-src 'self';/);
    expect(headers['content-security-policy']).not.toMatch(/unsafe|https?:|\*/);
    expect(text).not.toMatch(/<script(?![^>]*src="\/_sim\/page\/)|<style|style="|\son\w+="/);
    expect(text).not.toMatch(/(?:src|href)="(?!\/)/);
  });

  test('is open where access control is on, and says nothing of the token', async () => {
    const { text } = await request(urlOf(await stillSimulator({ token: 'secret-token' })))
      .get('/')
      .expect(200);
    expect(text).not.toContain('secret-token');
  });

  test('shows a stopped node, too, which answers nothing else', async () => {
    const simulator = await stillSimulator({ nodes: 3 });
    await simulator.control.stop('node-1');
    await request(urlOf(simulator)).get('/').expect(200);
    await request(urlOf(simulator)).get('/_sim/page/main.js').expect(200);
    expect(await sendRaw(urlOf(simulator), 'GET /v1/public/me HTTP/1.1\nHost: test')).toBe('no answer');
  });

  test('is no part of what a client does: it is neither in the journal nor struck by a fault', async () => {
    const simulator = await stillSimulator();
    simulator.control.planFaults([{ match: {}, do: { status: 503 }, times: 0 }]);
    await request(urlOf(simulator)).get('/').expect(200);
    await request(urlOf(simulator)).head('/').expect(200);
    expect(simulator.journal).toEqual([]);
  });

  test('cannot be called otherwise, and such a call is journalled like any other', async () => {
    const simulator = await stillSimulator();
    const { headers } = await request(urlOf(simulator)).post('/').expect(405);
    expect(headers['allow']).toBe('GET');
    await expect
      .poll(() => simulator.journal)
      .toEqual([expect.objectContaining({ method: 'POST', path: '/', status: 405 })]);
  });
});

describe('the parts of the page', () => {
  test.each([
    ['main.js', /^(?:text|application)\/javascript/],
    ['page.css', /^text\/css/],
    ['icon.svg', /^image\/svg\+xml/],
  ])('%s is there', async (name, type) => {
    const { headers } = await request(urlOf(await stillSimulator()))
      .get(`/_sim/page/${name}`)
      .expect(200);
    expect(headers['content-type']).toMatch(type);
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  test.each(['index.html', 'main.ts', '../../../package.json', '..%2f..%2fpackage.json', 'nothing.js', ''])(
    '%s is not',
    async (name) => {
      const url = urlOf(await stillSimulator());
      const answer = await sendRaw(url, `GET /_sim/page/${name} HTTP/1.1\nHost: ${new URL(url).host}`);
      expect(answer).toMatchObject({ status: expect.toSatisfy((status) => [403, 404].includes(status)) });
    },
  );

  test('each module imports modules that are there', async () => {
    const url = urlOf(await stillSimulator());
    const seen = new Set<string>();
    const visit = async (path: string): Promise<void> => {
      if (seen.has(path)) return;
      seen.add(path);
      const { text } = await request(url).get(path).expect(200);
      for (const [, target = ''] of text.matchAll(/^import .*'(.+)';$/gm)) {
        await visit(new URL(target, `http://page${path}`).pathname);
      }
    };
    await visit('/_sim/page/main.js');
    expect(seen.size).toBeGreaterThan(10);
  });
});
