import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Exchange, ObservedRequest } from '../../simulation/observer.ts';
import type { Asked } from '../../simulation/secrets.ts';
import type { Simulation } from '../../simulation/simulation.ts';
import { givenToken } from '../access/access.ts';
import { calledPortOf, isPublicCall, pathOf } from '../asked/request-path.ts';
import { describeEffects } from './struck.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** From 1, in the order of arrival over all nodes; 0 for what is no call of the public API. */
    ordinal: number;
    /** The port that it came to; a connection that is gone tells it no more. */
    calledPort: number;
    /** Virtual time at which the node takes it up, in milliseconds since 1970. */
    arrivedAtMs: number;
    /** The query as it was sent: validation adds the defaults to the one that handlers see. */
    sentQuery: Readonly<Record<string, string | readonly string[]>>;
    /** What is shown of path and query to whoever looks on or looks back: without secrets, and not too long. */
    shown: Asked;
  }
}

/** Numbers and dates each request, and lets the simulation's observer, if there is one, look on from both ends. */
export function addObserver(app: FastifyInstance, simulation: Simulation, nodeName: string): void {
  app.decorateRequest('ordinal', 0);
  app.decorateRequest('calledPort', 0);
  app.decorateRequest('arrivedAtMs', 0);
  app.decorateRequest('sentQuery');
  app.decorateRequest('shown');
  app.addHook('onRequest', async (request) => {
    request.sentQuery = { ...(request.query as Readonly<Record<string, string | readonly string[]>>) };
    request.arrivedAtMs = simulation.nowMs;
    if (!isPublicCall(request)) return;
    request.calledPort = calledPortOf(request);
    request.shown = simulation.show({ path: pathOf(request), query: request.sentQuery });
    request.ordinal = simulation.nextOrdinal();
    await simulation.observer?.beforeAnswer(observed(request, nodeName));
    request.arrivedAtMs = simulation.nowMs;
  });
  app.addHook('onSend', async (request, reply, payload) => {
    if (simulation.observer === null || !isPublicCall(request)) return payload;
    const body = typeof payload === 'string' || Buffer.isBuffer(payload) ? String(payload) : '';
    const replaced = await simulation.observer.beforeSend(exchangeOf(request, nodeName, reply.statusCode, body));
    if (replaced === null) return payload;
    reply.header('content-length', Buffer.byteLength(replaced));
    return replaced;
  });
}

/** Tells the observer of a connection that is about to be broken off. */
export async function observeBreakOff(simulation: Simulation, node: string, request: FastifyRequest): Promise<void> {
  if (isPublicCall(request)) await simulation.observer?.beforeSend(exchangeOf(request, node, 0, ''));
}

function observed(request: FastifyRequest, node: string): ObservedRequest {
  const { ordinal, method, shown, calledPort: port } = request;
  const hasToken = givenToken(request) !== null;
  return { ordinal, node, port, method, ...shown, hasToken };
}

function exchangeOf(request: FastifyRequest, node: string, status: number, body: string): Exchange {
  const fault = describeEffects(request);
  return { ...observed(request, node), atMs: request.arrivedAtMs, status, body, fault };
}
