import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Behaviour } from '../../versions/behaviours.ts';
import { AxonError } from '../../errors.ts';
import type { Simulation } from '../../simulation/simulation.ts';
import {
  BodilessError,
  FrameworkError,
  sendAxonError,
  sendFrameworkError,
  sendUntyped,
  type Failure,
} from './error-bodies.ts';
import { isControl, pathOf } from '../asked/request-path.ts';
import { describeMismatch, type SchemaError } from '../asked/schema-mismatch.ts';

/** Answers what fails, what is not there, and what cannot be called like that. Must come before the routes. */
export function addErrorAnswers(app: FastifyInstance, simulation: Simulation): void {
  const methodsAt = collectRoutes(app);
  const fail = (
    request: FastifyRequest,
    reply: FastifyReply,
    failure: Pick<Failure, 'status' | 'message' | 'frameworkMessage' | 'isHalfPage'>,
  ): FastifyReply => {
    const { nowMs, behaviour } = simulation;
    return sendFrameworkError(request, reply, { ...failure, nowMs, behaviour });
  };
  app.setSchemaErrorFormatter((errors, part) => new Error(describeMismatch(errors, part)));
  app.setErrorHandler((error: Error & SchemaFailure, request, reply) => {
    const { message } = error;
    if (error instanceof BodilessError) return reply.code(error.statusCode).send();
    if (error instanceof FrameworkError) {
      const { statusCode: status, frameworkMessage, isHalfPage } = error;
      return fail(request, reply, { status, message, frameworkMessage, isHalfPage });
    }
    if (error instanceof AxonError) {
      if (error.code !== null && !isControl(request)) {
        return sendAxonError(request, reply, error, simulation.behaviour);
      }
      if (error.code !== null) reply.header('AxonIQ-ErrorCode', error.code);
      return fail(request, reply, { status: error.status, message });
    }
    if (error.validation !== undefined)
      return fail(request, reply, { status: 400, message, frameworkMessage: message });
    // Our own mistakes must not hide in an answer that the client may not even log.
    if (error.statusCode === undefined) simulation.report(error);
    return fail(request, reply, { status: error.statusCode ?? 500, message });
  });
  app.setNotFoundHandler((request, reply) => {
    const allowed = methodsAt(pathOf(request));
    if (!isControl(request) && request.method === 'OPTIONS' && allowed.length > 0) {
      return answerOptions(request, reply, allowed, simulation.behaviour);
    }
    if (allowed.length === 0 || allowed.includes(request.method)) {
      return fail(request, reply, { status: 404, message: `There is nothing at ${pathOf(request)}` });
    }
    // HEAD goes with GET, and is not named.
    reply.header('Allow', allowed.filter((method) => isControl(request) || method !== 'HEAD').join(', '));
    const message = `Request method '${request.method}' is not supported`;
    const frameworkMessage = `Request method '${request.method}' not supported`;
    return fail(request, reply, { status: 405, message, frameworkMessage });
  });
}

/** What can be asked of a path; a page of another site may not ask. */
function answerOptions(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  allowed: readonly string[],
  { namesMethodsToOtherOrigins }: Behaviour,
): FastifyReply {
  if (headers.origin === undefined || headers['access-control-request-method'] === undefined) {
    return reply
      .code(200)
      .header('Allow', [...allowed, 'OPTIONS'].join(','))
      .send();
  }
  if (namesMethodsToOtherOrigins) reply.header('Allow', 'GET, HEAD, POST, PUT, DELETE, TRACE, OPTIONS, PATCH');
  return sendUntyped(reply.code(403), 'Invalid CORS request');
}

interface SchemaFailure {
  readonly statusCode?: number;
  readonly validation?: readonly SchemaError[];
}

/** Watches the routes as they are registered; the result tells the methods that a path can be called with. */
function collectRoutes(app: FastifyInstance): (path: string) => string[] {
  const routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    const source = url
      .replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll(/:\w+/g, '[^/]+')
      .replaceAll('*', '.*');
    routes.push({ pattern: new RegExp(`^${source}$`), methods: [method].flat() });
  });
  return (path) => {
    const methods = routes.flatMap((route) => (route.pattern.test(path) ? route.methods : []));
    return [...new Set(methods)].toSorted();
  };
}
