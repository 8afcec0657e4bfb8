import http from 'node:http';
import { expect } from 'vitest';
import type { Answer, FrameworkErrorBody, Row } from './expectation.ts';
import type { PreparedCluster } from './prepared-cluster.ts';

interface Received {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

/** Makes the call of a row, with no header but those that the row has, and compares what comes back. */
export async function play(cluster: PreparedCluster, row: Row, answer: Answer): Promise<void> {
  const received = await send(cluster.node.url, row);
  const { status, headers = {}, allow, contentType } = answer;
  expect(describeStart(received, status)).toBe(`status ${status}`);
  if (contentType !== undefined) expectContentType(received, contentType);
  for (const [name, value] of Object.entries(headers)) expectHeader(received, name, value);
  if (allow !== undefined) expect(allowedMethods(received)).toEqual(allow.toSorted());
  expectBody(cluster, received, answer.body);
}

function send(url: string, { call, headers = {}, body = '' }: Row): Promise<Received> {
  const [method, target = '/'] = call.split(' ');
  const length = body === '' ? {} : { 'Content-Length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, path: target, headers: { ...headers, ...length }, agent: false });
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    request.end(body);
  });
}

/** Where the status is not the expected one, the body says most of why. */
function describeStart({ status, text }: Received, expected: number): string {
  return status === expected ? `status ${status}` : `status ${status}: ${text.slice(0, 400)}`;
}

function expectContentType({ headers }: Received, expected: string): void {
  const received = headers['content-type'] ?? '';
  const isWhole = !expected.endsWith(';…');
  expect(isWhole ? received : `${received.split(';')[0]};…`).toBe(expected);
}

function expectHeader({ headers }: Received, name: string, expected: string | RegExp | null): void {
  const value = headers[name];
  if (expected === null) expect(headers).not.toHaveProperty(name);
  else if (typeof expected === 'string') expect(`${name}: ${String(value)}`).toBe(`${name}: ${expected}`);
  else expect(String(value)).toMatch(expected);
}

function allowedMethods({ headers }: Received): string[] {
  const methods = (headers.allow ?? '').split(',').map((method) => method.trim());
  return methods.filter((method) => method !== 'HEAD').toSorted();
}

function expectBody(cluster: PreparedCluster, { text }: Received, body: Answer['body']): void {
  if (body === undefined) return;
  if ('text' in body) expect(text).toBe(body.text);
  else if ('textLike' in body) expect(text.replace(cluster.node.dataDir, '{node}')).toMatch(body.textLike);
  else if ('names' in body) expectJson(text, cluster.resolve(body.names));
  else if ('namesInAnyOrder' in body) {
    expect(JSON.parse(text).toSorted()).toEqual(cluster.resolve(body.namesInAnyOrder).toSorted());
  } else if ('eventStore' in body) {
    const { lastClosedSegment, filenames } = body.eventStore;
    expectJson(text, { lastClosedSegment, filenames: cluster.resolve(filenames) });
  } else if ('error' in body) expectFrameworkError(text, body.error);
  else expect(JSON.parse(text)).toEqual(body.like);
}

/** The same value, and written the same way: members in the same order. */
function expectJson(text: string, expected: unknown): void {
  expect(JSON.parse(text)).toEqual(expected);
  expect(text).toBe(JSON.stringify(expected));
}

function expectFrameworkError(text: string, expected: FrameworkErrorBody): void {
  const received = JSON.parse(text) as Readonly<Record<string, unknown>>;
  const { status, error, path, members, message = /\S/, asVersion } = expected;
  if (members === null) expect(Object.keys(received)).toEqual(expect.arrayContaining(['timestamp']));
  else expect(Object.keys(received)).toEqual(members);
  expect(received).toMatchObject({ timestamp: expect.any(Number), status, error, path });
  if (members?.includes('message') || expected.message !== undefined) {
    expect(received).toMatchObject({ message: typeof message === 'string' ? message : expect.stringMatching(message) });
  }
  if (asVersion !== undefined) {
    expect(received).toMatchObject({
      asVersion: expect.stringMatching(asVersion),
      product: expect.stringMatching(/^Axon Server/),
    });
  }
}
