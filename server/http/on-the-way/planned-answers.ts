import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Simulation } from '../../simulation/simulation.ts';
import type { FaultAction } from '../../simulation/faults.ts';
import { frameworkErrorFor, type AnswerToSend } from '../answers/error-bodies.ts';
import { noteCut } from './struck.ts';

/**
 * Puts the answer that a planned fault gives in the place of the real one, and notes whether the caller then gets anything
 * else than it would have got. Must come before whoever looks on at answers.
 */
export function replaceAnswers(app: FastifyInstance, simulation: Simulation): void {
  app.decorateRequest('struck', null);
  app.addHook('onSend', async (request, reply, payload: unknown) => {
    const { struck } = request;
    if (struck === null) return payload;
    const replaced = asksOnly(request) ? replace(request, reply, payload, simulation) : payload;
    const whole = bytesOf(replaced);
    if (whole !== null && request.method !== 'HEAD') noteCut(struck, whole);
    return replaced;
  });
}

/** Whether a call does no work on the server, so that its real answer can be made, and held against the planned one. */
export function asksOnly({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Whether a fault gives an answer of its own. */
export function givesAnswer({ status, body }: FaultAction): boolean {
  return status !== undefined || body !== undefined;
}

/** The answer of a fault that gives one: another body, with 200 unless it says otherwise, or an error of the framework. */
export function plannedAnswer(
  request: FastifyRequest,
  { status, body }: FaultAction,
  { nowMs, behaviour }: Simulation,
): AnswerToSend {
  if (body !== undefined) return { status: status ?? 200, headers: { 'content-type': 'application/json' }, body };
  return frameworkErrorFor(request, { status: status ?? 500, message: 'planned fault', nowMs, behaviour });
}

/**
 * What the caller gets. An answer with the planned status, and the planned body where there is one, stays as it is: of an
 * error that would have come anyway the words do not matter.
 */
function replace(request: FastifyRequest, reply: FastifyReply, payload: unknown, simulation: Simulation): unknown {
  const { plan, effects } = request.struck ?? { plan: {}, effects: new Set() };
  if (!givesAnswer(plan)) return payload;
  const planned = plannedAnswer(request, plan, simulation);
  const isSameStatus = reply.statusCode === (plan.status ?? 200);
  const isSameBody = plan.body === undefined || bytesOf(payload)?.equals(Buffer.from(plan.body)) === true;
  if (isSameStatus && isSameBody) return payload;
  if (plan.status !== undefined && !isSameStatus) effects.add('status');
  if (plan.body !== undefined) effects.add('body');
  if (isStream(payload)) payload.destroy();
  for (const name of Object.keys(reply.getHeaders())) reply.removeHeader(name);
  void reply.code(planned.status).headers(planned.headers);
  return planned.body;
}

/** Null where the body comes as a stream. */
function bytesOf(payload: unknown): Buffer | null {
  if (payload === undefined || payload === null) return Buffer.alloc(0);
  if (Buffer.isBuffer(payload)) return payload;
  return typeof payload === 'string' ? Buffer.from(payload) : null;
}

function isStream(payload: unknown): payload is { readonly destroy: () => void } {
  return typeof payload === 'object' && payload !== null && 'destroy' in payload;
}
