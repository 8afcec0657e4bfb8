import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AxonError } from '../errors.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { BodilessError, FrameworkError, sendAxonError, sendFrameworkError, type Failure } from './error-bodies.ts';
import { isControl, pathOf } from './request-path.ts';
import { describeMismatch, type SchemaError } from './schema-mismatch.ts';

/** Answers what fails, what is not there, and what cannot be called like that. Must come before the routes. */
export function addErrorAnswers(app: FastifyInstance, simulation: Simulation): void {
  const methodsAt = collectRoutes(app);
  const fail = (
    request: FastifyRequest,
    reply: FastifyReply,
    failure: Pick<Failure, 'status' | 'message' | 'frameworkMessage'>,
  ): FastifyReply => {
    const { nowMs, behaviour } = simulation;
    return sendFrameworkError(request, reply, { ...failure, nowMs, behaviour });
  };
  app.setSchemaErrorFormatter((errors, part) => new Error(describeMismatch(errors, part)));
  app.setErrorHandler((error: Error & SchemaFailure, request, reply) => {
    const { message } = error;
    if (error instanceof BodilessError) return reply.code(error.statusCode).send();
    if (error instanceof FrameworkError) {
      const { statusCode: status, frameworkMessage } = error;
      return fail(request, reply, { status, message, frameworkMessage });
    }
    if (error instanceof AxonError) {
      if (error.code !== null && !isControl(request)) return sendAxonError(request, reply, error);
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
    // The handler of static resources owns every path, and knows only these two (section 1.5).
    if (allowed.length === 0 && !isControl(request)) allowed.push('GET', 'HEAD');
    if (allowed.length === 0 || allowed.includes(request.method)) {
      return fail(request, reply, { status: 404, message: `There is nothing at ${pathOf(request)}` });
    }
    reply.header('Allow', allowed.join(', '));
    const message = `Request method '${request.method}' is not supported`;
    const frameworkMessage = `Request method '${request.method}' not supported`;
    return fail(request, reply, { status: 405, message, frameworkMessage });
  });
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
