import accepts from '@fastify/accepts';
import fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, test } from 'vitest';
import { behaviours, type Behaviour } from '../../../server/behaviours.ts';
import { AxonError } from '../../../server/errors.ts';
import { addErrorAnswers } from '../../../server/http/error-answers.ts';
import { FrameworkError } from '../../../server/http/error-bodies.ts';
import { normalizeUrl } from '../../../server/http/request-path.ts';
import type { Simulation } from '../../../server/simulation/simulation.ts';

/** An app with one route, which fails, and what is reported of that. */
async function failing(
  error: Error,
  behaviour: Partial<Behaviour> = {},
): Promise<{ app: FastifyInstance; reported: unknown[] }> {
  const reported: unknown[] = [];
  const simulation = {
    nowMs: 42,
    behaviour: { ...behaviours.documented, ...behaviour },
    report: (trouble: unknown) => reported.push(trouble),
  };
  const app = fastify();
  await app.register(accepts);
  addErrorAnswers(app, simulation as unknown as Simulation);
  const querystring = { type: 'object', properties: { type: { type: 'string', enum: ['A'] } }, required: ['type'] };
  app.get('/fails', () => {
    throw error;
  });
  app.get('/typed', { schema: { querystring } }, () => 'fine');
  app.post('/things/:name/parts.of(it)', () => 'fine');
  return { app, reported };
}

describe('failures', () => {
  test('our own mistake is answered with 500, and reported to whoever runs the simulator', async () => {
    const mistake = new TypeError('x is not a function');
    const { app, reported } = await failing(mistake);
    const answer = await app.inject('/fails');
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({ timestamp: 42, status: 500, message: 'x is not a function', path: '/fails' });
    expect(reported).toEqual([mistake]);
  });

  test('what a client has provoked is reported to nobody', async () => {
    for (const error of [
      new AxonError('no-event-store', 'no'),
      new AxonError('conflict', 'no'),
      new FrameworkError(500, 'no'),
    ]) {
      const { app, reported } = await failing(error);
      await app.inject('/fails');
      expect(reported).toEqual([]);
    }
  });

  test('an Axon failure with a code is bare text, one without is the framework’s', async () => {
    const coded = await (await failing(new AxonError('no-event-store', 'no'))).app.inject('/fails');
    expect([coded.statusCode, coded.body, coded.headers['axoniq-errorcode']]).toEqual([
      503,
      '[AXONIQ-6000] no',
      'AXONIQ-6000',
    ]);
    const uncoded = await (await failing(new AxonError('conflict', 'no'))).app.inject('/fails');
    expect([uncoded.statusCode, uncoded.json().message, uncoded.headers['axoniq-errorcode']]).toEqual([
      409,
      'no',
      undefined,
    ]);
  });

  test('a version without messages in its errors has none', async () => {
    const { app } = await failing(new FrameworkError(500, 'secret reason'), { hasErrorMessages: false });
    const answer = await app.inject('/fails');
    expect(Object.keys(answer.json())).toEqual(['timestamp', 'status', 'error', 'path', 'asVersion', 'product']);
  });

  test('a version says itself what a value that does not parse is answered with; a missing one is 400 in all', async () => {
    for (const badValueStatus of [400, 500] as const) {
      const { app } = await failing(new Error('unused'), { badValueStatus });
      expect((await app.inject('/typed?type=B')).statusCode).toBe(badValueStatus);
      expect((await app.inject('/typed')).statusCode).toBe(400);
    }
  });
});

describe('what is not there', () => {
  test.each([
    ['GET', '/things/x/parts.of(it)', 405, 'POST'],
    ['POST', '/things/x/partsXof(it)', 405, 'GET, HEAD'],
    ['POST', '/things/x/y/parts.of(it)', 405, 'GET, HEAD'],
    ['GET', '/things//parts.of(it)', 404, undefined],
    ['PUT', '/fails', 405, 'GET, HEAD'],
    ['GET', '/fails/', 404, undefined],
  ] as const)('%s %s is answered with %i', async (method, url, status, allow) => {
    const { app } = await failing(new Error('unused'));
    const answer = await app.inject({ method, url });
    expect([answer.statusCode, answer.headers['allow']]).toEqual([status, allow]);
  });
});

describe('a URL as it comes in', () => {
  test.each([
    ['/a?b=c', '/a?b=c'],
    ['/a?b=%zz?d', '/a?b=%zz?d'],
    ['http://host:80/a?b=http://x/', '/a?b=http://x/'],
    ['HTTPS://host', '/'],
    ['*', '/*'],
    ['', '/'],
    ['/%zz%41', '/%25zz%2541'],
    ['/%ff', '/%25ff'],
    ['/%c3%a9%2F', '/%c3%a9%2F'],
    ['//host/path', '//host/path'],
  ])('%s is routed as %s', (url, routed) => {
    expect(normalizeUrl(url)).toBe(routed);
  });
});
