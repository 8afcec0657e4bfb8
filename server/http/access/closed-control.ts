import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Simulation } from '../../simulation/simulation.ts';
import { sendText } from '../answers/error-bodies.ts';
import { calledPortOf, isControl, pathOf } from '../asked/request-path.ts';
import { isSameSecret } from './same-secret.ts';

const KEY_HEADER = 'x-sim-key';

/**
 * Closes everything below `/_sim` to whoever does not hold the observer's key: a client under test must neither steer the
 * cluster nor look behind it. Reads, the event stream, archives, pictures, pages and paths that nothing is at are refused
 * alike, so that no answer tells more than that the door is shut. Must come before whatever else answers.
 */
export function closeControl(app: FastifyInstance, simulation: Simulation, nodeName: string): void {
  const key = simulation.observer?.controlKey;
  if (key === undefined) return;
  app.addHook('onRequest', async (request, reply) => {
    if (!isControl(request)) return;
    const given = request.headers[KEY_HEADER];
    if (typeof given === 'string' && isSameSecret(given, key)) return;
    const { method } = request;
    const { path } = simulation.show({ path: pathOf(request), query: {} });
    simulation.observer?.refusedControl?.({
      ordinal: simulation.nextOrdinal(),
      node: nodeName,
      method,
      path,
      port: calledPortOf(request),
    });
    return refuse(reply, simulation, path);
  });
}

/** Always JSON, whatever the caller says that it likes: who calls here is a program. */
function refuse(reply: FastifyReply, { nowMs }: Simulation, path: string): FastifyReply {
  const message =
    'The control API is closed: it takes requests with the header X-Sim-Key alone, and only the judge holds the key';
  const body = { timestamp: nowMs, status: 403, error: 'Forbidden', message, path };
  return sendText(reply.code(403), JSON.stringify(body), 'application/json');
}
