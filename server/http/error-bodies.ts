import { STATUS_CODES } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Behaviour } from '../behaviours.ts';
import type { AxonError } from '../errors.ts';
import { pathOf } from './request-path.ts';

/** A failure that no controller of the server answers itself: its framework does, with the body of `sendFrameworkError`. */
export class FrameworkError extends Error {
  readonly statusCode: number;

  constructor(statusCode: number, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'FrameworkError';
    this.statusCode = statusCode;
  }
}

/** What a failure is told with. */
export interface Failure {
  readonly status: number;
  readonly message: string;
  readonly nowMs: number;
  readonly behaviour: Behaviour;
}

/**
 * Sends a failure in the shape that the server gives it (dossier "backup endpoints", section 1.6): an Axon exception is
 * bare text with its code in a header, also where the client asked for JSON and the answer says that it is.
 */
export function sendAxonError(request: FastifyRequest, reply: FastifyReply, error: AxonError): FastifyReply {
  if (error.code !== null) reply.header('AxonIQ-ErrorCode', error.code);
  return sendText(reply.code(error.status), error.message, textTypeFor(request));
}

/** The type under which the server sends bare text: the one that the client likes best, whatever that is. */
export function textTypeFor(request: FastifyRequest): string {
  const accepts = request.accepts();
  const known = accepts.type(['text/plain', 'application/json', 'text/html']);
  const type = typeof known === 'string' ? known : ([accepts.types()].flat()[0] ?? 'text/plain');
  return type === 'text/plain' || String(type).includes('*') ? 'text/plain;charset=UTF-8' : String(type);
}

/** Bare text with the content type as the server spells it. */
export function sendText(reply: FastifyReply, text: string, type = 'text/plain;charset=UTF-8'): FastifyReply {
  return reply.header('content-type', type).send(Buffer.from(text, 'utf8'));
}

/** Text that is JSON already. A buffer, since the framework would add a charset that the server does not send. */
export function sendJson(reply: FastifyReply, json: string): FastifyReply {
  return reply.header('content-type', 'application/json').send(Buffer.from(json, 'utf8'));
}

/** The body that the framework gives to what no controller has answered: JSON, or a page for whom that suits better. */
export function sendFrameworkError(request: FastifyRequest, reply: FastifyReply, failure: Failure): FastifyReply {
  const { status, message, nowMs, behaviour } = failure;
  const error = STATUS_CODES[status] ?? 'Error';
  if (request.accepts().type(['application/json', 'text/html']) === 'text/html') {
    return sendText(reply.code(status), errorPage(`${status} ${error}: ${message}`), 'text/html;charset=UTF-8');
  }
  const body = {
    timestamp: nowMs,
    status,
    error,
    ...(behaviour.hasErrorMessages ? { message } : {}),
    path: pathOf(request),
    asVersion: behaviour.reportedVersion,
    product: 'Axon Server',
  };
  return sendJson(reply.code(status), JSON.stringify(body));
}

function errorPage(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<!DOCTYPE html>\n<html><head><title>AxonDashboard: Error</title></head><body><p>${escaped}</p></body></html>\n`;
}
