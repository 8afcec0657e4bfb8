import fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, test } from 'vitest';
import { behaviours, type Behaviour } from '../../../server/versions/behaviours.ts';
import { AxonError } from '../../../server/errors.ts';
import { addErrorAnswers } from '../../../server/http/answers/error-answers.ts';
import { BodilessError, FrameworkError } from '../../../server/http/answers/error-bodies.ts';
import { normalizeUrl } from '../../../server/http/asked/request-path.ts';
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
  app.decorate('contextPath', '');
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

  test.each([
    ['says what was wrong', 'the reason'],
    ['in the words of the framework', 'its own words'],
    ['left out', undefined],
  ] as const)('the message of an error is, by version: %s', async (errorMessages, message) => {
    const error = new FrameworkError(500, 'the reason', { frameworkMessage: 'its own words' });
    const { app } = await failing(error, { errorMessages, namesProduct: false });
    const body = (await app.inject('/fails')).json();
    expect(body.message).toBe(message);
    const keys = ['timestamp', 'status', 'error', ...(message === undefined ? [] : ['message']), 'path'];
    expect(Object.keys(body)).toEqual(keys);
  });

  test('a failure of which the framework has nothing to say has no message available', async () => {
    const { app } = await failing(new FrameworkError(500, 'no'), { errorMessages: 'in the words of the framework' });
    expect((await app.inject('/fails')).json().message).toBe('No message available');
  });

  test('some failures are a status and nothing else', async () => {
    const answer = await (await failing(new BodilessError(400, 'no'))).app.inject('/fails');
    expect([answer.statusCode, answer.body]).toEqual([400, '']);
  });
});

describe('what is not there', () => {
  test.each([
    ['GET', '/things/x/parts.of(it)', 405, 'POST'],
    ['POST', '/things/x/partsXof(it)', 404, undefined],
    ['POST', '/things/x/y/parts.of(it)', 404, undefined],
    ['GET', '/things//parts.of(it)', 404, undefined],
    ['PUT', '/fails', 405, 'GET'],
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
