import net from 'node:net';
import type { FastifyInstance } from 'fastify';
import { AxonError } from '../errors.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { sendFrameworkError } from './error-bodies.ts';

/** Addresses that stand for all of a machine, under whatever name it is called. */
const wildcardHosts: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** `curl -d` calls what it sends a form: the control API reads JSON whatever it is called, and nothing as `{}`. */
export function acceptAnyJson(scope: FastifyInstance): void {
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
export function refuseOtherOrigins(scope: FastifyInstance, simulation: Simulation): void {
  scope.addHook('onRequest', async (request, reply) => {
    const { origin, host = '' } = request.headers;
    if (origin === undefined || [...simulation.urls.values()].includes(origin)) return;
    if (origin === `http://${host}` && isOwnName(host, simulation.options.host)) return;
    const { nowMs, behaviour } = simulation;
    const message = `Origin ${origin} is not this cluster`;
    return sendFrameworkError(request, reply, { status: 403, message, nowMs, behaviour });
  });
}

/** Any site can give a name of its own to this machine's address; it cannot do that to an address or to localhost. */
function isOwnName(host: string, bound: string): boolean {
  const name = host.replace(/:\d+$/, '').replaceAll(/[[\]]/g, '');
  return name === 'localhost' || name === bound || net.isIP(name) !== 0 || wildcardHosts.has(bound);
}
