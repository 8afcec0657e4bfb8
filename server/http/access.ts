import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Simulation } from '../simulation/simulation.ts';
import { sendFrameworkError, sendText } from './error-bodies.ts';
import { isLivePage, pathOf } from './request-path.ts';

const TOKEN_NAME = 'AxonIQ-Access-Token';

/** Paths that access control leaves alone: health and login are open, and the pages that describe the API are ours. */
const openPaths = [/^\/actuator\/health$/, /^\/login$/, /^\/swagger-ui/, /^\/v3\/api-docs/, /^\/_sim(\/|$)/];

/** Turns access control on, where the options have a token (dossier "backup endpoints", section 7). */
export function addAccessControl(app: FastifyInstance, simulation: Simulation): void {
  const { token } = simulation.options;
  if (token === null) return;
  app.addHook('onRequest', async (request, reply) => {
    if (isLivePage(request) || openPaths.some((open) => open.test(pathOf(request)))) return;
    const given = givenToken(request);
    if (given === null) return askForCredentials(request, reply, simulation);
    if (!isSame(given, token)) return sendText(reply.code(403), 'Invalid token\r\n');
  });
  app.get('/login', { schema: { hide: true } }, (_request, reply) =>
    sendText(reply, '<!DOCTYPE html>\n<html><head><title>Login</title></head></html>\n', 'text/html;charset=UTF-8'),
  );
}

/** The token that a request carries, or null; the header wins over the parameter, and of many parameters the first. */
export function givenToken(request: FastifyRequest): string | null {
  const header = request.headers[TOKEN_NAME.toLowerCase()];
  if (typeof header === 'string') return header;
  const query = request.query as Readonly<Record<string, string | readonly string[]>>;
  return [query[TOKEN_NAME]].flat()[0] ?? null;
}

/** No credentials: 401, or for whom looks like a browser the way to the login page. */
function askForCredentials(request: FastifyRequest, reply: FastifyReply, simulation: Simulation): FastifyReply {
  const accepted = new Set([request.accepts().types()].flat());
  if (accepted.has('text/html') || accepted.has('text/plain')) return reply.redirect('/login');
  reply.header('WWW-Authenticate', 'Basic realm="Realm"');
  const { nowMs, behaviour } = simulation;
  return sendFrameworkError(request, reply, {
    status: 401,
    message: `Missing header: ${TOKEN_NAME}`,
    nowMs,
    behaviour,
  });
}

function isSame(given: string, token: string): boolean {
  const left = Buffer.from(given);
  const right = Buffer.from(token);
  return left.length === right.length && timingSafeEqual(left, right);
}
