import { timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Behaviour } from '../behaviours.ts';
import { sendFrameworkError, sendText } from './error-bodies.ts';

const TOKEN_NAME = 'AxonIQ-Access-Token';

/** Paths that access control leaves alone: health is open, and the pages that describe the API are ours. */
const openPaths = [/^\/actuator\/health$/, /^\/swagger-ui/, /^\/v3\/api-docs/, /^\/_sim(\/|$)/];

/**
 * Lets a request pass, or answers it: no credentials 401, a wrong token 403 (dossier "backup endpoints", section 7).
 * Returns true where the request was answered.
 */
export function refuseWithoutToken(
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
  context: { readonly nowMs: number; readonly behaviour: Behaviour },
): boolean {
  const path = request.url.split('?')[0] ?? '';
  if (openPaths.some((open) => open.test(path))) return false;
  const given = givenToken(request);
  if (given === null) {
    reply.header('WWW-Authenticate', 'Basic realm="Realm"');
    sendFrameworkError(request, reply, { status: 401, message: `Missing header: ${TOKEN_NAME}`, ...context });
    return true;
  }
  if (isSame(given, token)) return false;
  sendText(reply.code(403), 'Invalid token\r\n');
  return true;
}

/** The header wins over the parameter. */
function givenToken(request: FastifyRequest): string | null {
  const header = request.headers[TOKEN_NAME.toLowerCase()];
  if (typeof header === 'string') return header;
  const query = request.query as Readonly<Record<string, unknown>>;
  const parameter = query[TOKEN_NAME];
  return typeof parameter === 'string' ? parameter : null;
}

function isSame(given: string, token: string): boolean {
  const left = Buffer.from(given);
  const right = Buffer.from(token);
  return left.length === right.length && timingSafeEqual(left, right);
}
