import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parseDuration } from '../../quantities.ts';
import type { Simulation } from '../../simulation/simulation.ts';
import { observeBreakOff } from './observation.ts';
import { asksOnly, givesAnswer, plannedAnswer } from './planned-answers.ts';
import { isControl, isLivePage, isPublicCall, pathOf } from '../asked/request-path.ts';
import { noteCut, type Struck } from './struck.ts';

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
    // Whom nobody waits for, nothing strikes.
    if (request.raw.socket.destroyed) return;
    const { method, sentQuery: query } = request;
    const plan = simulation.faults.strike({ method, path: pathOf(request), query, node: nodeName });
    if (plan === null) return;
    const effects: Struck['effects'] = new Set();
    request.struck = { plan, effects };
    const delayMs = plan.delay === undefined ? 0 : parseDuration(plan.delay);
    if (delayMs > 0) {
      effects.add('delay');
      const isWaitedFor = await hold(simulation, request, delayMs);
      if (!isRunning() || !isWaitedFor) return breakOff(request, reply);
    }
    if (plan.reset === true) {
      effects.add('reset');
      return breakOff(request, reply);
    }
    // What only asks is answered as ever, and its answer replaced; what does work must not do it.
    if (!givesAnswer(plan) || asksOnly(request)) return;
    if (plan.status !== undefined) effects.add('status');
    if (plan.body !== undefined) effects.add('body');
    const { status, headers, body } = plannedAnswer(request, plan, simulation);
    return reply
      .code(status)
      .headers(headers)
      .send(body ?? undefined);
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    const { struck } = request;
    const hasBody = typeof payload === 'string' || Buffer.isBuffer(payload);
    if (struck === null || !hasBody || request.method === 'HEAD') return done(null, payload);
    const whole = Buffer.from(payload);
    const letThrough = noteCut(struck, whole);
    if (letThrough === null) return done(null, payload);
    // The answer leaves from here, so `done` is not called.
    sendPart(request, reply, whole, letThrough);
  });
}

/**
 * Virtual time passes with a held answer, also where nothing else moves the clock. False where nobody waits for it any
 * more: the client has left, the process ends, or a reset has taken away the cluster that was asked.
 */
async function hold(simulation: Simulation, request: FastifyRequest, delayMs: number): Promise<boolean> {
  const { host, life, options } = simulation;
  const waiting = new AbortController();
  const leave = (): void => waiting.abort();
  const { socket } = request.raw;
  socket.once('close', leave);
  life.addEventListener('abort', leave);
  try {
    if (socket.destroyed || life.aborted) leave();
    await host.waitMs(delayMs, waiting.signal);
    if (options.speed === 0 && !waiting.signal.aborted) await simulation.letPass(delayMs, waiting.signal);
    return !waiting.signal.aborted;
  } finally {
    socket.off('close', leave);
    life.removeEventListener('abort', leave);
  }
}

/** The head promises the whole body; the connection ends behind the part. */
function sendPart(request: FastifyRequest, reply: FastifyReply, whole: Buffer, sentBytes: number): void {
  const part = whole.subarray(0, sentBytes);
  request.cutAfterBytes = part.length;
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) reply.raw.setHeader(name, value ?? '');
  reply.raw.writeHead(reply.statusCode, { 'content-length': whole.length });
  reply.raw.flushHeaders();
  if (part.length > 0) reply.raw.write(part);
  // Not `destroy`, which would take along what has not left yet.
  request.raw.socket.destroySoon();
}
