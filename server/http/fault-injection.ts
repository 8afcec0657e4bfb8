import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parseDuration } from '../quantities.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { sendFrameworkError } from './error-bodies.ts';
import { observeBreakOff } from './observation.ts';
import { isControl, isLivePage, isPublicCall, pathOf } from './request-path.ts';

/** An answer is held back in slices, so that neither a client that leaves nor the end of the process waits for it. */
const HOLD_SLICE_MS = 100;

/** A stopped node breaks off every connection; a planned fault does to a request what it says. */
export function addFaults(app: FastifyInstance, simulation: Simulation, nodeName: string): void {
  const isRunning = (): boolean => simulation.cluster.node(nodeName).isRunning;
  const breakOff = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    await observeBreakOff(simulation, nodeName, request);
    reply.hijack();
    request.raw.socket.destroy();
    return reply;
  };
  app.addHook('onRequest', async (request, reply) => {
    if (isControl(request) || isLivePage(request)) return;
    if (!isRunning()) return breakOff(request, reply);
    if (!isPublicCall(request)) return;
    const { method, sentQuery: query } = request;
    const action = simulation.faults.strike({ method, path: pathOf(request), query, node: nodeName });
    if (action === null) return;
    request.strickenBy = action;
    if (action.delay !== undefined) await hold(simulation, request, parseDuration(action.delay));
    if (action.reset === true || !isRunning() || request.raw.socket.destroyed) return breakOff(request, reply);
    if (action.status === undefined && action.body === undefined) return;
    const { nowMs, behaviour } = simulation;
    const status = action.status ?? 200;
    if (action.body !== undefined) return reply.code(status).type('application/json').send(action.body);
    return sendFrameworkError(request, reply, { status, message: 'planned fault', nowMs, behaviour });
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    const truncateAt = request.strickenBy?.truncateAt;
    const hasBody = typeof payload === 'string' || Buffer.isBuffer(payload);
    if (truncateAt === undefined || !hasBody || request.method === 'HEAD') return done(null, payload);
    // The answer leaves from here, so `done` is not called.
    sendPart(request, reply, Buffer.from(payload), truncateAt);
  });
}

/** Virtual time passes with a held answer, also where nothing else moves the clock. */
async function hold(simulation: Simulation, request: FastifyRequest, delayMs: number): Promise<void> {
  for (let leftMs = delayMs; leftMs > 0; leftMs -= HOLD_SLICE_MS) {
    if (request.raw.socket.destroyed) return;
    await simulation.host.waitMs(Math.min(leftMs, HOLD_SLICE_MS));
  }
  if (simulation.options.speed === 0) await simulation.advance(delayMs);
}

/** The head promises the whole body; the connection ends behind the part. */
function sendPart(request: FastifyRequest, reply: FastifyReply, whole: Buffer, truncateAt: number): void {
  const part = whole.subarray(0, truncateAt);
  request.cutAfterBytes = part.length;
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) reply.raw.setHeader(name, value ?? '');
  reply.raw.writeHead(reply.statusCode, { 'content-length': whole.length });
  reply.raw.flushHeaders();
  if (part.length > 0) reply.raw.write(part);
  // Not `destroy`, which would take along what has not left yet.
  request.raw.socket.destroySoon();
}
