import { Readable } from 'node:stream';
import accepts from '@fastify/accepts';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { AxonError } from '../errors.ts';
import { parseDuration } from '../quantities.ts';
import type { Simulation } from '../simulation.ts';
import { refuseWithoutToken } from './access.ts';
import { registerBackupRoutes } from './backup-routes.ts';
import { registerControlRoutes } from './control-routes.ts';
import { sendAxonError, sendFrameworkError } from './error-bodies.ts';
import { describeFault, type FaultAction } from './faults.ts';
import { registerPublicRoutes } from './public-routes.ts';
import { isoTime } from './state.ts';

/** A request that carries more than this to the control API is a mistake. */
const MOST_BODY_BYTES = 1 << 20;

declare module 'fastify' {
  interface FastifyRequest {
    /** Virtual time of arrival, in milliseconds since 1970. */
    arrivedAtMs: number;
    strickenBy: FaultAction | null;
  }
}

/** One node as the outside sees it. Plugins and routes; it does not listen. */
export async function buildApp(simulation: Simulation, nodeName: string): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: MOST_BODY_BYTES,
    forceCloseConnections: true,
    // What a client sends is taken as it is or refused; nothing is dropped from it in silence.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: true } },
    routerOptions: { ignoreTrailingSlash: false, caseSensitive: true },
  });
  app.decorateRequest('arrivedAtMs', 0);
  app.decorateRequest('strickenBy', null);
  await app.register(accepts);
  addJournal(app, simulation, nodeName);
  addFaults(app, simulation, nodeName);
  addAccessControl(app, simulation);
  addErrorAnswers(app, simulation);
  await app.register((scope) => addPublicApi(scope, simulation, nodeName));
  await app.register((scope) => addControlApi(scope, simulation));
  return app;
}

async function addPublicApi(scope: FastifyInstance, simulation: Simulation, nodeName: string): Promise<void> {
  await scope.register(swagger, {
    openapi: {
      openapi: '3.0.3',
      info: {
        title: 'Axon Server (simulated)',
        description: 'The backup endpoints of an Axon Server, over a fake cluster. The control API is at /_sim/docs.',
        version: simulation.behaviour.reportedVersion,
      },
    },
  });
  registerBackupRoutes(scope, simulation, nodeName);
  registerPublicRoutes(scope, simulation, nodeName);
  await scope.register(swaggerUi, { routePrefix: '/swagger-ui', indexPrefix: '' });
  const toPage = (_request: FastifyRequest, reply: FastifyReply): FastifyReply => reply.redirect('/swagger-ui/');
  scope.get('/swagger-ui.html', { schema: { hide: true } }, toPage);
  scope.get('/swagger-ui/index.html', { schema: { hide: true } }, toPage);
  scope.get('/v3/api-docs', { schema: { hide: true } }, () => scope.swagger());
}

async function addControlApi(scope: FastifyInstance, simulation: Simulation): Promise<void> {
  await scope.register(swagger, {
    openapi: {
      openapi: '3.0.3',
      info: { title: 'Control API of the fake cluster', description: 'Durations: 90s, 31m, 2h.', version: '1' },
    },
  });
  acceptAnyJson(scope);
  refuseOtherOrigins(scope, simulation);
  registerControlRoutes(scope, simulation);
  await scope.register(swaggerUi, { routePrefix: '/_sim/docs' });
}

/** `curl -d` calls what it sends a form: the control API reads JSON whatever it is called, and nothing as `{}`. */
function acceptAnyJson(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? {} : JSON.parse(String(body)));
    } catch {
      done(new AxonError('bad-request', 'the body is not JSON'));
    }
  });
  scope.addHook('preValidation', async (request) => {
    request.body ??= {};
  });
}

/** A page of some other site that is open in the user's browser must not steer the cluster. */
function refuseOtherOrigins(scope: FastifyInstance, simulation: Simulation): void {
  scope.addHook('onRequest', async (request, reply) => {
    const { origin, host } = request.headers;
    if (origin === undefined || origin === `http://${host}`) return;
    const known = [...simulation.urls.values()];
    if (known.includes(origin)) return;
    const { nowMs, behaviour } = simulation;
    return sendFrameworkError(request, reply, { status: 403, message: `Origin ${origin} is not this cluster`, nowMs, behaviour });
  });
}

/** Notes each request to the public API with what became of it. */
function addJournal(app: FastifyInstance, simulation: Simulation, nodeName: string): void {
  app.addHook('onRequest', async (request) => {
    request.arrivedAtMs = simulation.nowMs;
  });
  app.addHook('onResponse', async (request, reply) => {
    if (!isJournaled(request)) return;
    const bytes = Number(reply.getHeader('content-length') ?? 0);
    note(simulation, nodeName, request, reply.statusCode, request.method === 'HEAD' ? 0 : bytes);
  });
}

function note(simulation: Simulation, node: string, request: FastifyRequest, status: number, bytes: number): void {
  simulation.journal.note({
    virtualTime: isoTime(request.arrivedAtMs),
    node,
    method: request.method,
    path: pathOf(request),
    query: request.query as Record<string, string>,
    status,
    bytes,
    fault: request.strickenBy === null ? null : describeFault(request.strickenBy),
  });
}

/** A stopped node breaks off every connection; a planned fault does to a request what it says. */
function addFaults(app: FastifyInstance, simulation: Simulation, nodeName: string): void {
  app.addHook('onRequest', async (request, reply) => {
    if (isControl(request)) return;
    if (!simulation.cluster.node(nodeName).isRunning) return breakOff(simulation, nodeName, request, reply);
    if (!isJournaled(request)) return;
    const query = request.query as Record<string, unknown>;
    const path = pathOf(request);
    const action = simulation.faults.strike({ method: request.method, path, query, node: nodeName });
    if (action === null) return;
    request.strickenBy = action;
    if (action.delay !== undefined) await hold(simulation, parseDuration(action.delay));
    if (action.reset === true) return breakOff(simulation, nodeName, request, reply);
    if (action.status === undefined && action.body === undefined) return;
    const { nowMs, behaviour } = simulation;
    const status = action.status ?? 200;
    if (action.body !== undefined) return reply.code(status).type('application/json').send(action.body);
    return sendFrameworkError(request, reply, { status, message: 'planned fault', nowMs, behaviour });
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const truncateAt = request.strickenBy?.truncateAt;
    if (truncateAt === undefined || !(typeof payload === 'string' || Buffer.isBuffer(payload))) return payload;
    const whole = Buffer.from(payload);
    reply.header('content-length', whole.length);
    return brokenOffAfter(whole.subarray(0, truncateAt));
  });
}

/** Virtual time passes with a held answer, also where nothing else moves the clock. */
async function hold(simulation: Simulation, delayMs: number): Promise<void> {
  await simulation.host.waitMs(delayMs);
  if (simulation.options.speed === 0) await simulation.advance(delayMs);
}

function breakOff(simulation: Simulation, node: string, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  note(simulation, node, request, 0, 0);
  reply.hijack();
  request.raw.socket.destroy();
  return reply;
}

function brokenOffAfter(part: Buffer): Readable {
  return Readable.from(
    (async function* () {
      yield part;
      // The next turn of the event loop: what was written must have left before the connection ends.
      await new Promise((resolve) => setImmediate(resolve));
      throw new Error('planned fault: the body is cut short');
    })(),
  );
}

function addAccessControl(app: FastifyInstance, simulation: Simulation): void {
  const { token } = simulation.options;
  if (token === null) return;
  app.addHook('onRequest', async (request, reply) => {
    const { nowMs, behaviour } = simulation;
    if (reply.sent) return;
    if (refuseWithoutToken(request, reply, token, { nowMs, behaviour })) return reply;
  });
}

function addErrorAnswers(app: FastifyInstance, simulation: Simulation): void {
  const fail = (request: FastifyRequest, reply: FastifyReply, status: number, message: string): FastifyReply => {
    const { nowMs, behaviour } = simulation;
    return sendFrameworkError(request, reply, { status, message, nowMs, behaviour });
  };
  app.setErrorHandler((error: Error & { statusCode?: number; validation?: unknown }, request, reply) => {
    if (error instanceof AxonError) {
      return error.code === null ? fail(request, reply, error.status, error.message) : sendAxonError(reply, error);
    }
    return fail(request, reply, error.statusCode ?? 500, error.message);
  });
  app.setNotFoundHandler((request, reply) => {
    const allowed = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'].filter((method) =>
      app.hasRoute({ method: method as 'GET', url: pathOf(request) }),
    );
    if (allowed.length === 0) return fail(request, reply, 404, `There is nothing at ${pathOf(request)}`);
    reply.header('Allow', allowed.join(', '));
    return fail(request, reply, 405, `Request method '${request.method}' is not supported`);
  });
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? '';
}

function isControl(request: FastifyRequest): boolean {
  return /^\/_sim(\/|$)/.test(pathOf(request));
}

/** The pages that describe the API are no part of what a backup client does. */
function isJournaled(request: FastifyRequest): boolean {
  return !isControl(request) && !/^\/(swagger-ui|v3\/api-docs)/.test(pathOf(request));
}
