import net from 'node:net';
import type { FastifyInstance } from 'fastify';
import { AxonError } from '../../errors.ts';
import type { Simulation } from '../../simulation/simulation.ts';
import { sendFrameworkError } from '../answers/error-bodies.ts';
import { isControl } from '../asked/request-path.ts';

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

/**
 * A page of some other site that is open in the user's browser must neither steer the cluster nor look into it. It calls
 * under its own origin, or, where its owner has given this machine's address a name of theirs, under that name; so reads
 * without an origin are held to the name, too.
 */
export function refuseOtherSites(app: FastifyInstance, simulation: Simulation): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!isControl(request)) return;
    const { origin, host = '' } = request.headers;
    const message = nameFault(host, simulation.options.host) ?? originFault(origin, host, simulation.urls.values());
    if (message === null) return;
    const { nowMs, behaviour } = simulation;
    return sendFrameworkError(request, reply, { status: 403, message, nowMs, behaviour });
  });
}

function nameFault(host: string, bound: string): string | null {
  if (isOwnName(host, bound)) return null;
  const advice = 'use localhost, an address, or what --host names';
  return host === '' ? `There is no Host in this request: ${advice}` : `Host ${host} is not this node: ${advice}`;
}

function originFault(origin: string | undefined, host: string, urls: Iterable<string>): string | null {
  if (origin === undefined || origin === `http://${host}` || [...urls].includes(origin)) return null;
  return `Origin ${origin} is not this cluster`;
}

/** Any site can give a name of its own to this machine's address; it cannot do that to an address or to localhost. */
function isOwnName(host: string, bound: string): boolean {
  const name = host.replace(/:\d+$/, '').replaceAll(/[[\]]/g, '').replace(/\.$/, '').toLowerCase();
  return name === 'localhost' || name === bound.toLowerCase() || net.isIP(name) !== 0 || wildcardHosts.has(bound);
}
