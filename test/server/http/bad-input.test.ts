import request from 'supertest';
import { describe, expect, test } from 'vitest';
import type { Simulator } from '../../../server/index.ts';
import { sendRaw } from '../../support/raw-http.ts';
import { stillSimulator, urlOf } from '../../support/simulator.ts';

/** The body that the server's framework gives to a failure, with what differs from case to case. */
function frameworkError(status: number, error: string, path: string, message: unknown): object {
  const timestamp = Date.UTC(2024, 0, 1);
  return { timestamp, status, error, message, path, asVersion: '4.6.11', product: 'Axon Server' };
}

async function stateOf(simulator: Simulator): Promise<unknown> {
  return (await request(urlOf(simulator)).get('/_sim/state').expect(200)).body;
}

const FILENAMES = '/v1/backup/filenames';
const EVENTSTORE = '/v1/backup/eventstore';
const wrongType = 'type: one of EVENT, SNAPSHOT, Event, Snapshot is wanted';

const badRequests: ReadonlyArray<readonly [path: string, query: string, message: string]> = [
  ...[FILENAMES, EVENTSTORE].flatMap((path) => [
    [path, '', "Required String parameter 'type' is not present"] as const,
    [path, 'Type=EVENT', "Required String parameter 'type' is not present"] as const,
    [path, 'type=', wrongType] as const,
    [path, 'type', wrongType] as const,
    [path, 'type=foo', wrongType] as const,
    [path, 'type=event', wrongType] as const,
    [path, 'type=EVENTS', wrongType] as const,
    [path, 'type=__proto__', wrongType] as const,
    [path, 'type=EVENT&type=EVENT', 'type is given more than once'] as const,
  ]),
  ...[
    'abc',
    '1e5',
    '99999999999999999999',
    '9223372036854775808',
    '-9223372036854775809',
    '-',
    '--1',
    '0x',
    '1.0',
    'null',
  ].flatMap((number) => [
    [
      FILENAMES,
      `type=EVENT&lastSegmentBackedUp=${number}`,
      `lastSegmentBackedUp=${number} is not a 64-bit number`,
    ] as const,
    [
      EVENTSTORE,
      `type=EVENT&lastClosedSegmentBackedUp=${number}`,
      `lastClosedSegmentBackedUp=${number} is not a 64-bit number`,
    ] as const,
  ]),
  [FILENAMES, 'type=EVENT&lastSegmentBackedUp=1&lastSegmentBackedUp=2', 'lastSegmentBackedUp is given more than once'],
  [FILENAMES, 'type=EVENT&context=a&context=b', 'context is given more than once'],
  [EVENTSTORE, 'type=EVENT&targetContext=a&targetContext=b', 'targetContext is given more than once'],
  ['/v1/backup/log/filenames', 'context=a&context=b', 'context is given more than once'],
];

describe('bad values', () => {
  test.each(badRequests)('%s?%s is answered with 400 and what is wrong', async (path, query, message) => {
    const simulator = await stillSimulator();
    const before = await stateOf(simulator);
    const answer = await request(urlOf(simulator)).get(`${path}?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.headers).not.toHaveProperty('axoniq-errorcode');
    expect(answer.body).toEqual(frameworkError(400, 'Bad Request', path, message));
    expect(await stateOf(simulator)).toEqual(before);
  });
});

const wrongMethods = [
  ['GET', '/v1/backup/createControlDbBackup', 'POST'],
  ['PUT', '/v1/backup/createControlDbBackup', 'POST'],
  ['GET', '/createControlDbBackup', 'POST'],
  ['POST', FILENAMES, 'GET'],
  ['DELETE', EVENTSTORE, 'GET'],
  ['PATCH', '/v1/backup/log/filenames', 'GET'],
  ['POST', '/v1/public/me', 'GET'],
] as const;

describe('wrong methods', () => {
  test.each(wrongMethods)('%s %s is answered with 405 and what is allowed', async (method, path, allowed) => {
    const simulator = await stillSimulator();
    const before = await stateOf(simulator);
    const answer = await fetch(urlOf(simulator) + path, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe(allowed);
    expect(await answer.json()).toEqual(
      frameworkError(405, 'Method Not Allowed', path, `Request method '${method}' is not supported`),
    );
    expect(await stateOf(simulator)).toEqual(before);
  });
});

describe('wrong paths', () => {
  test.each([
    `${FILENAMES}/?type=EVENT`,
    '/V1/backup/filenames?type=EVENT',
    '/v1/Backup/eventstore?type=EVENT',
    '/v1/backup/log?context=default',
    '/v2/backup',
    '/v1/%ff',
    '/:a(',
    '/*',
  ])('GET %s is answered with 404', async (url) => {
    const simulator = await stillSimulator();
    const before = await stateOf(simulator);
    const answer = await sendRaw(urlOf(simulator), `GET ${url} HTTP/1.1`);
    const path = url.split('?')[0] ?? '';
    expect(answer).toMatchObject({ status: 404 });
    expect(JSON.parse(answer === 'no answer' ? '' : answer.body)).toEqual(
      frameworkError(404, 'Not Found', path, `There is nothing at ${path}`),
    );
    expect(await stateOf(simulator)).toEqual(before);
  });

  // Static resources were thought to own every path, and to know GET alone; recorded servers answer as for GET.
  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])(
    '%s where nothing is is answered with 404',
    async (method) => {
      const answer = await fetch(`${urlOf(await stillSimulator())}/v1/backup/createControlDbBackup/`, { method });
      expect([answer.status, answer.headers.get('allow')]).toEqual([404, null]);
    },
  );

  test.each([
    '//v1/backup/filenames',
    '/v1//backup/filenames',
    '/v1/./backup/filenames',
    '/v1/x/../backup/filenames',
    '/v1/backup/filenames;a=b',
    '/v1/backup/%2e/filenames',
    '//',
  ])('GET %s is stopped by the firewall with 500, and says why', async (path) => {
    const answer = await sendRaw(urlOf(await stillSimulator()), `GET ${path}?type=EVENT HTTP/1.1`);
    expect(answer).toMatchObject({ status: 500 });
    expect(JSON.parse(answer === 'no answer' ? '' : answer.body)).toEqual(
      frameworkError(500, 'Internal Server Error', path, expect.stringMatching(/^The request was rejected because/)),
    );
  });

  test.each([
    '/v1/%zz',
    '/v1%2Fbackup/filenames',
    '/v1/backup/filenames?type=EVENT&context=a|b',
    `/${'x'.repeat(9000)}`,
  ])('GET %s is no request to the server, and is answered with a page', async (target) => {
    const answer = await sendRaw(urlOf(await stillSimulator()), `GET ${target} HTTP/1.1`);
    if (answer === 'no answer') throw new Error('There is no answer');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'text/html;charset=utf-8']);
  });

  test('an escaped path and the absolute form that proxies send lead where the plain path leads', async () => {
    const url = urlOf(await stillSimulator());
    for (const target of ['/v1/%62ackup/filenames', 'http://proxied.example:1/v1/backup/filenames']) {
      expect(await sendRaw(url, `GET ${target}?type=EVENT HTTP/1.1`)).toMatchObject({ status: 200, body: '[]' });
    }
  });
});

describe('what the client accepts', () => {
  const lists = [`${FILENAMES}?type=EVENT`, `${EVENTSTORE}?type=EVENT`, '/v1/backup/log/filenames'];

  test.each(lists)('GET %s for text/plain is answered with 406 and nothing', async (url) => {
    const answer = await request(urlOf(await stillSimulator()))
      .get(url)
      .set('accept', 'text/plain');
    expect([answer.status, answer.text]).toEqual([406, '']);
  });

  test.each(lists)('GET %s for anything that takes JSON is a list', async (url) => {
    const simulator = await stillSimulator();
    for (const accept of ['*/*', 'application/*', 'text/plain, application/json;q=0.1', 'application/json']) {
      await request(urlOf(simulator))
        .get(url)
        .set('accept', accept)
        .expect(200)
        .expect('content-type', 'application/json');
    }
  });

  test('a browser gets failures as a page, with nothing in it that it would take for markup', async () => {
    const answer = await request(urlOf(await stillSimulator()))
      .get('/%3Cscript%3E')
      .set('accept', 'text/html,application/xhtml+xml');
    expect(answer.status).toBe(404);
    expect(answer.headers['content-type']).toBe('text/html;charset=UTF-8');
    expect(answer.text).toContain('AxonDashboard: Error');
    expect(answer.text).toContain('There is nothing at /&lt;script&gt;');
  });
});
