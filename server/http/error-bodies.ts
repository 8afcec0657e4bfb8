import { STATUS_CODES } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Behaviour } from '../behaviours.ts';
import type { AxonError } from '../errors.ts';
import { isControl, pathOf } from './request-path.ts';

/** A failure that no controller of the server answers itself: its framework does, with the body of `sendFrameworkError`. */
export class FrameworkError extends Error {
  readonly statusCode: number;
  /** What the framework itself would say; null where it has no message. */
  readonly frameworkMessage: string | null;

  constructor(
    statusCode: number,
    message: string,
    { frameworkMessage = null, cause }: { readonly frameworkMessage?: string | null; readonly cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'FrameworkError';
    this.statusCode = statusCode;
    this.frameworkMessage = frameworkMessage;
  }
}

/** A failure that is answered with a status and nothing else (section 1.6, third shape). */
export class BodilessError extends Error {
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.name = 'BodilessError';
    this.statusCode = statusCode;
  }
}

/** What a failure is told with. */
export interface Failure {
  readonly status: number;
  /** Says to whom is new to this what was wrong. */
  readonly message: string;
  /** What the framework itself would say; null where it has no message. */
  readonly frameworkMessage?: string | null;
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

/** Text that is JSON already. A buffer, since our framework would add a charset where the server sends none. */
export function sendJson(reply: FastifyReply, json: string, { jsonType }: Behaviour): FastifyReply {
  return reply.header('content-type', jsonType).send(Buffer.from(json, 'utf8'));
}

/** The body that the framework gives to what no controller has answered: JSON, or a page for whom that suits better. */
export function sendFrameworkError(request: FastifyRequest, reply: FastifyReply, failure: Failure): FastifyReply {
  const { status, nowMs, behaviour } = failure;
  const error = STATUS_CODES[status] ?? 'Error';
  const message = isControl(request) ? failure.message : messageOf(failure);
  if (request.accepts().type(['application/json', 'text/html']) === 'text/html') {
    const text = message === null ? `${status} ${error}` : `${status} ${error}: ${message}`;
    return sendText(reply.code(status), errorPage(text), 'text/html;charset=UTF-8');
  }
  const body = {
    timestamp: nowMs,
    status,
    error,
    ...(message === null ? {} : { message }),
    path: pathOf(request),
    ...(behaviour.namesProduct ? { asVersion: behaviour.reportedVersion, product: 'Axon Server' } : {}),
  };
  return sendJson(reply.code(status), JSON.stringify(body), behaviour);
}

function messageOf({ message, frameworkMessage, behaviour }: Failure): string | null {
  switch (behaviour.errorMessages) {
    case 'says what was wrong':
      return message;
    case 'in the words of the framework':
      return frameworkMessage ?? 'No message available';
    case 'left out':
      return null;
  }
}

function errorPage(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<!DOCTYPE html>\n<html><head><title>AxonDashboard: Error</title></head><body><p>${escaped}</p></body></html>\n`;
}
