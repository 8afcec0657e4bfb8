import { STATUS_CODES } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Behaviour } from '../behaviours.ts';
import { AxonError } from '../errors.ts';

/**
 * Sends a failure in the shape that the server gives it (dossier "backup endpoints", section 1.6): an Axon exception is
 * bare text with its code in a header.
 */
export function sendAxonError(reply: FastifyReply, error: AxonError): FastifyReply {
  if (error.code !== null) reply.header('AxonIQ-ErrorCode', error.code);
  return sendText(reply.code(error.status), error.message);
}

/** Bare text with the content type as the server spells it. */
export function sendText(reply: FastifyReply, text: string, type = 'text/plain;charset=UTF-8'): FastifyReply {
  return reply.header('content-type', type).send(Buffer.from(text, 'utf8'));
}

/** Text that is JSON already. A buffer, since the framework would add a charset that the server does not send. */
export function sendJson(reply: FastifyReply, json: string): FastifyReply {
  return reply.header('content-type', 'application/json').send(Buffer.from(json, 'utf8'));
}

/** The body that the framework gives to what no controller has answered. */
export function sendFrameworkError(
  request: FastifyRequest,
  reply: FastifyReply,
  failure: { readonly status: number; readonly message: string; readonly nowMs: number; readonly behaviour: Behaviour },
): FastifyReply {
  const { status, message, nowMs, behaviour } = failure;
  const body = {
    timestamp: nowMs,
    status,
    error: STATUS_CODES[status] ?? 'Error',
    ...(behaviour.hasErrorMessages ? { message } : {}),
    path: request.url.split('?')[0],
    asVersion: behaviour.reportedVersion,
    product: 'Axon Server',
  };
  return sendJson(reply.code(status), JSON.stringify(body));
}
