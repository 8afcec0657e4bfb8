import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Simulation } from '../../simulation/simulation.ts';
import { sendErrorPage, sendFrameworkError } from '../answers/error-bodies.ts';
import { isControl, isForContextPath, isOutside } from '../asked/request-path.ts';

/** Request line and headers together. */
const MOST_HEAD_BYTES = 8192;

/** What may not be in a request line unless it is escaped. */
const unescaped = /[^!-~]|["#<>\\^`{|}]/;

/** Methods that the server's servlet knows, beyond those that its framework does. */
const TRACE_ALLOW = 'HEAD, DELETE, POST, GET, OPTIONS, PUT';
const servletMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * Refuses what never reaches a controller of the server: what its Tomcat does not take for a request, with a page, and
 * what the firewall in front of its framework does not let through.
 */
export function refuseTargets(app: FastifyInstance, simulation: Simulation): void {
  app.addHook('onRequest', async (request, reply) => {
    if (isControl(request)) return;
    // Other than our router, the server has no use for the authority in front of a path.
    const target = request.originalUrl.replace(/^https?:\/\/[^/?]*/i, '');
    const [path = ''] = target.split('?');
    if (isMalformed(target, path) || headBytes(request) > MOST_HEAD_BYTES) return sendErrorPage(reply.code(400));
    // Of no application: neither its firewall nor its access control sees it (inferred of Tomcat).
    if (isOutside(request)) return sendErrorPage(reply.code(404));
    if (isForContextPath(request)) return leadToPage(request, reply);
    const message = firewallRefusal(path);
    if (message !== null) {
      const { nowMs, behaviour } = simulation;
      return sendFrameworkError(request, reply, {
        status: 500,
        message,
        frameworkMessage: message,
        nowMs,
        behaviour,
        path,
      });
    }
    return refuseMethod(request, reply);
  });
}

/** Where the real server has its dashboard there is the live page here, which stays at the root. */
function leadToPage(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { contextPath } = request.server;
  const isBare = !/\/(\?|$)/.test(request.originalUrl);
  return reply.redirect(isBare ? `${contextPath}/` : '/');
}

function refuseMethod(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
  if (servletMethods.has(request.method)) return undefined;
  if (request.method !== 'TRACE') return sendErrorPage(reply.code(500));
  return sendErrorPage(reply.code(405).header('Allow', TRACE_ALLOW));
}

function isMalformed(target: string, path: string): boolean {
  return unescaped.test(target) || /%(?![\dA-Fa-f]{2})/.test(path) || /%(2f|5c|00)/i.test(path);
}

function headBytes({ method, originalUrl, raw }: FastifyRequest): number {
  return raw.rawHeaders.reduce((bytes, text) => bytes + text.length + 2, method.length + originalUrl.length + 12);
}

/** What the firewall says to a path, or null. */
function firewallRefusal(path: string): string | null {
  const malicious = /;|%3b|%25|%2e/i.exec(path)?.[0];
  if (malicious !== undefined) {
    return `The request was rejected because the URL contained a potentially malicious String "${malicious}"`;
  }
  if (!/\/\/|\/\.{1,2}(\/|$)/.test(path)) return null;
  return 'The request was rejected because the URL was not normalized.';
}
