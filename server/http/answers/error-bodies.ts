import { STATUS_CODES } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Behaviour } from '../../versions/behaviours.ts';
import type { AxonError } from '../../errors.ts';
import { JSON_TYPE, jsonTypeFor, textTypeFor, wantsPage } from './accepted-types.ts';
import { isControl, wholePathOf } from '../asked/request-path.ts';

/** A failure that no controller of the server answers itself: its framework does, with the body of `sendFrameworkError`. */
export class FrameworkError extends Error {
  readonly statusCode: number;
  /** What the framework itself would say; null where it has no message. */
  readonly frameworkMessage: string | null;
  /** Whether it had begun to make a page of it: then charset and language are in the answer, whatever that becomes. */
  readonly isHalfPage: boolean;

  constructor(
    statusCode: number,
    message: string,
    {
      frameworkMessage = null,
      isHalfPage = false,
      cause,
    }: { readonly frameworkMessage?: string | null; readonly isHalfPage?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'FrameworkError';
    this.statusCode = statusCode;
    this.frameworkMessage = frameworkMessage;
    this.isHalfPage = isHalfPage;
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
  readonly isHalfPage?: boolean;
  /** As the client wrote it, where that is not as the router knows it. */
  readonly path?: string;
  readonly nowMs: number;
  readonly behaviour: Behaviour;
}

/**
 * Sends a failure in the shape that the server gives it (docs/backup-endpoints.md, section 1.6): an Axon exception is
 * bare text with its code in a header, also where the client asked for JSON and the answer says that it is.
 */
export function sendAxonError(
  request: FastifyRequest,
  reply: FastifyReply,
  error: AxonError,
  behaviour: Behaviour,
): FastifyReply {
  if (error.code !== null) reply.header('AxonIQ-ErrorCode', error.code);
  return sendNegotiatedText(request, reply.code(error.status), error.message, behaviour);
}

/** Bare text under the type that the client likes best, whatever that is. */
export function sendNegotiatedText(
  request: FastifyRequest,
  reply: FastifyReply,
  text: string,
  behaviour: Behaviour,
): FastifyReply {
  const type = textTypeFor(request, behaviour);
  return type === null ? sendNotAcceptable(request, reply) : sendText(reply, text, type);
}

/** Bare text with the content type as the server spells it. */
export function sendText(reply: FastifyReply, text: string | Buffer, type = 'text/plain;charset=UTF-8'): FastifyReply {
  return reply.header('content-type', type).send(typeof text === 'string' ? Buffer.from(text, 'utf8') : text);
}

/** Bare text of which the server does not say what it is. */
export function sendUntyped(reply: FastifyReply, text: string): FastifyReply {
  const body = Buffer.from(text, 'utf8');
  reply.header('content-length', body.length);
  // Our framework would say what a text is; of a stream it does not.
  return reply.send(Readable.from(body.length === 0 ? [] : [body]));
}

/**
 * Text that is JSON already, as such or in UTF-8, under the type of it that the client takes; 406 where it takes none. A buffer, since our
 * framework would add a charset where the server sends none.
 */
export function sendJson(
  request: FastifyRequest,
  reply: FastifyReply,
  json: string | Buffer,
  behaviour: Behaviour,
  ownType?: string,
): FastifyReply {
  const type = jsonTypeFor(request, behaviour, ownType);
  return type === null ? sendNotAcceptable(request, reply) : sendText(reply, json, type);
}

/** The body that the framework gives to what no controller has answered: JSON, or a page for whom that suits better. */
export function sendFrameworkError(request: FastifyRequest, reply: FastifyReply, failure: Failure): FastifyReply {
  const { status, headers, body } = frameworkErrorFor(request, failure);
  return reply
    .code(status)
    .headers(headers)
    .send(body === null ? undefined : Buffer.from(body, 'utf8'));
}

/** An answer before it is sent; without a body where that is null. */
export interface AnswerToSend {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** What `sendFrameworkError` sends. */
export function frameworkErrorFor(request: FastifyRequest, failure: Failure): AnswerToSend {
  const { status, nowMs, behaviour, isHalfPage = false, path = wholePathOf(request) } = failure;
  const error = STATUS_CODES[status] ?? 'Error';
  const message = isControl(request) ? failure.message : messageOf(failure);
  if (wantsPage(request)) {
    const text = message === null ? `${status} ${error}` : `${status} ${error}: ${message}`;
    return { status, headers: pageHeaders, body: errorPage(text) };
  }
  const type = isControl(request) ? JSON_TYPE : jsonTypeFor(request, behaviour);
  // Who takes neither learns the status alone, and of an old release not even that.
  if (type === null) return { status: behaviour.hidesErrorBehind406 ? 406 : status, headers: {}, body: null };
  const body = JSON.stringify({
    timestamp: nowMs,
    status,
    error,
    ...(message === null ? {} : { message }),
    path,
    ...(behaviour.namesProduct ? { asVersion: behaviour.reportedVersion, product: 'Axon Server' } : {}),
  });
  if (!isHalfPage) return { status, headers: { 'content-type': type }, body };
  const halfPageType = type.includes('charset') ? type : `${type};charset=UTF-8`;
  return { status, headers: { 'Content-Language': 'en', 'content-type': halfPageType }, body };
}

/** The page with which the server's Tomcat answers what never reaches the framework. The status is set already. */
export function sendErrorPage(reply: FastifyReply): FastifyReply {
  const title = `HTTP Status ${reply.statusCode} – ${STATUS_CODES[reply.statusCode] ?? 'Error'}`;
  const page = `<!doctype html><html lang="en"><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
  return sendText(reply.header('Content-Language', 'en'), page, 'text/html;charset=utf-8');
}

/** Only where there is something to answer with: what is wrong with the parameters shows before that. */
function sendNotAcceptable(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.code(406);
  return wantsPage(request) ? sendPage(reply, '406 Not Acceptable') : reply.send();
}

const pageHeaders = { 'Content-Language': 'en', 'content-type': 'text/html;charset=UTF-8' } as const;

function sendPage(reply: FastifyReply, text: string): FastifyReply {
  return reply.headers(pageHeaders).send(Buffer.from(errorPage(text), 'utf8'));
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
