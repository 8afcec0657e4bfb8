import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openTarget } from '../../../conformance/watch/target.ts';
import { startProxy, type PassedAnswer, type PassingRequest, type Proxy } from '../../../conformance/watch/proxy.ts';
import { connectTo, ended, sendRaw } from '../../support/raw-http.ts';
import { send, startRecordedServer } from '../../server/http/recorded/recorded-store.ts';
import { readRecordedCalls } from '../../server/http/recorded/recording.ts';

interface Watching {
  readonly proxy: Proxy;
  readonly seen: Array<PassingRequest & PassedAnswer>;
}

async function proxyTo(url: string): Promise<Watching> {
  const seen: Array<PassingRequest & PassedAnswer> = [];
  const target = openTarget(url, null);
  const proxy = await startProxy(target, {
    arrived: () => undefined,
    keepsBody: () => true,
    answered: (request, answer) => seen.push({ ...request, ...answer }),
  });
  onTestFinished(async () => {
    await proxy.close();
    await target.dispatcher.destroy();
  });
  return { proxy, seen };
}

/** A server that answers as it is told, and knows what it was asked. */
async function serverThat(answer: http.RequestListener): Promise<{ url: string; asked: http.IncomingMessage[] }> {
  const asked: http.IncomingMessage[] = [];
  const server = http.createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** What belongs to a connection, and to the moment. */
const ownHeaders = new Set(['connection', 'keep-alive', 'date']);

describe('the proxy', () => {
  test('gives every recorded request the answer, to the byte, that it has without it', async () => {
    const different: string[] = [];
    let count = 0;
    for (const withTokens of [false, true]) {
      const simulator = await startRecordedServer('4.6.11', withTokens);
      onTestFinished(() => simulator.close());
      const url = simulator.nodes[0]?.url ?? '';
      const { proxy } = await proxyTo(url);
      for (const call of readRecordedCalls()) {
        // A method that Node does not know it refuses before anybody sees it.
        if (call.hasAccessControl !== withTokens || !http.METHODS.includes(call.method)) continue;
        const answers = [await send(url, call), await send(proxy.url, call)];
        const [direct, passed] = answers.map(({ status, headers, body }) =>
          timeless(JSON.stringify([status, Object.entries(headers).filter(([name]) => !ownHeaders.has(name)), body])),
        );
        if (direct !== passed) different.push(`${call.name}: ${direct} ${passed}`);
        count++;
      }
    }
    expect(different).toEqual([]);
    expect(count).toBeGreaterThanOrEqual(400);
  });

  test('passes path, headers and body as they are, and changes nothing but the host', async () => {
    const { url, asked } = await serverThat((request, response) => {
      response.writeHead(207, 'Of Its Own', ['X-Twice', 'one', 'X-Twice', 'two']);
      request.pipe(response);
    });
    const { proxy } = await proxyTo(url);
    const head = 'PUT /a/./b//%2e%zz?x=1&x=%FF+ HTTP/1.1\nX-Odd-Case: yes\nContent-Length: 5\nX-Twice: 1\nX-Twice: 2';
    const answer = await sendRaw(proxy.url, head, 'bytes');
    expect(answer).toMatchObject({ status: 207, body: expect.stringContaining('bytes') });
    const [request] = asked;
    expect(request?.method).toBe('PUT');
    expect(request?.url).toBe('/a/./b//%2e%zz?x=1&x=%FF+');
    expect(request?.headers.host).toBe(new URL(url).host);
    expect(request?.rawHeaders.join('|')).toContain('X-Odd-Case|yes|X-Twice|1|X-Twice|2');
  });

  test('asks once, whatever the answer is', async () => {
    const { url, asked } = await serverThat((_request, response) => {
      response.writeHead(503, { 'Retry-After': '0' }).end('later');
    });
    const { proxy } = await proxyTo(url);
    const answer = await fetch(`${proxy.url}/v1/backup/filenames`);
    expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([503, '0', 'later']);
    expect(asked).toHaveLength(1);
  });

  test.each([
    [
      'before there is an answer',
      (_: http.IncomingMessage, response: http.ServerResponse) => response.destroy(),
      0,
      '',
    ],
    [
      'in the middle of one',
      (_: http.IncomingMessage, response: http.ServerResponse) => {
        response.writeHead(200, { 'Content-Length': '100' });
        response.write('half', () => response.destroy());
      },
      200,
      'half',
    ],
  ])('breaks off where the server does: %s', async (_when, answer, status, body) => {
    const { url } = await serverThat(answer);
    const { proxy, seen } = await proxyTo(url);
    const got = await sendRaw(proxy.url, 'GET /v1/backup/filenames HTTP/1.1');
    if (status === 0) expect(got).toBe('no answer');
    else expect(got).toMatchObject({ status });
    expect(seen).toMatchObject([{ status, wasCut: status !== 0, body: Buffer.from(body) }]);
  });

  test('takes an answer as far as it has come, and lets headers through before it', async () => {
    const { url } = await serverThat((_request, response) => {
      response.writeHead(200, { 'X-Early': 'yes' });
      response.flushHeaders();
    });
    const { proxy } = await proxyTo(url);
    const answer = await fetch(`${proxy.url}/slow`);
    expect(answer.headers.get('x-early')).toBe('yes');
    await answer.body?.cancel();
  });

  test('gives up a request when the client does', async () => {
    let close: () => void = () => undefined;
    const isGone = new Promise<void>((resolve) => (close = resolve));
    const { url } = await serverThat((request) => request.on('close', close));
    const { proxy } = await proxyTo(url);
    const socket = connectTo(proxy.url);
    socket.write(`GET /never HTTP/1.1\r\nHost: x\r\n\r\n`);
    await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    await ended(socket);
    await isGone;
  });

  test('has the base path of its target, and listens on loopback alone', async () => {
    const { url, asked } = await serverThat((_request, response) => response.end());
    const { proxy } = await proxyTo(`${url}/axonserver-1/`);
    await fetch(`${proxy.url}/v1/public/me`);
    expect(asked[0]?.url).toBe('/axonserver-1/v1/public/me');
    expect(new URL(proxy.url).hostname).toBe('127.0.0.1');
  });
});

/** Without what is another one each time: when an error was made, a new session, how much room the disk has. */
function timeless(answer: string): string {
  return answer
    .replaceAll(/\\"timestamp\\":(?:\\"[^"]*\\"|\d+)/g, 'timestamp')
    .replaceAll(/JSESSIONID=[0-9A-F]+/g, 'JSESSIONID')
    .replaceAll(/\\"free\\":\d+/g, 'free');
}
