import type { FastifyRequest } from 'fastify';
import { OUTSIDE_MARK } from '../../simulation/observer.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Below which all lies but the control API and the live page: `/axonserver-1`, or empty. */
    contextPath: string;
  }
}

/**
 * What a client asks for, as the router can take it: without the authority of a proxy's absolute form, and with a path
 * that can be decoded. A `%` that begins no escape stands for itself, so that such a path is one that nothing is at.
 */
export function normalizeUrl(url: string): string {
  const [path = '', ...query] = url.replace(/^https?:\/\/[^/?]*/i, '').split('?');
  const suffix = query.length === 0 ? '' : `?${query.join('?')}`;
  const rooted = path.startsWith('/') ? path : `/${path}`;
  return (canDecode(rooted) ? rooted : rooted.replaceAll('%', '%25')) + suffix;
}

/**
 * The same without the context path, which no route has. What is nothing of the server's stays as it is, and so does what would
 * be the control API or the live page then: these are not below it.
 */
export function withoutContextPath(url: string, contextPath: string): string {
  if (contextPath === '') return url;
  const rest = belowContextPath(url, contextPath);
  return rest === null || /^(\/?|\/_sim(\/.*)?)$/.test(decodedPath(rest)) ? url : rest;
}

/** The path alone, decoded as the router decodes it: `/v1/%62ackup` is `/v1/backup`, `%2F` stays what it is. */
export function pathOf(request: FastifyRequest): string {
  const path = decodedPath(request.url);
  return isOutside(request) ? `${OUTSIDE_MARK}${path}` : path;
}

/** As the client wrote it, with the context path before it. */
export function wholePathOf(request: FastifyRequest): string {
  return decodedPath(normalizeUrl(request.originalUrl));
}

/** Whether a request misses the context path, and is neither for the control API nor for the live page. */
export function isOutside({ server, url, originalUrl, method }: FastifyRequest): boolean {
  const { contextPath } = server;
  if (contextPath === '' || belowContextPath(normalizeUrl(originalUrl), contextPath) !== null) return false;
  const path = decodedPath(url);
  return !isControlPath(path) && !(path === '/' && isRead(method));
}

/** Whether a request is for the context path itself, where the real server has its dashboard. */
export function isForContextPath({ server, originalUrl }: FastifyRequest): boolean {
  const path = decodedPath(normalizeUrl(originalUrl));
  return server.contextPath !== '' && (path === server.contextPath || path === `${server.contextPath}/`);
}

/** The port that the request came to, whatever its `Host` header says; 0 where the connection is gone already. */
export function calledPortOf({ raw }: FastifyRequest): number {
  return raw.socket.localPort ?? 0;
}

/** By its path, and by the route that was found for it: whatever spelling leads there, it is the same door. */
export function isControl(request: FastifyRequest): boolean {
  return isControlPath(pathOf(request)) || isControlPath(request.routeOptions?.url ?? '');
}

/** The live page, which must show a stopped node, too. */
export function isLivePage(request: FastifyRequest): boolean {
  return pathOf(request) === '/' && isRead(request.method);
}

/** The live page and those that describe the API are no part of what a backup client does. */
export function isPublicCall(request: FastifyRequest): boolean {
  return !isControl(request) && !isLivePage(request) && !/^\/(swagger-ui|v3\/api-docs)/.test(pathOf(request));
}

/** What follows the context path in a URL, in whatever spelling that stands there; null where it does not. */
function belowContextPath(url: string, contextPath: string): string | null {
  const [path = ''] = url.split('?');
  let place = 0;
  for (const letter of contextPath) {
    const escaped = `%${letter.charCodeAt(0).toString(16)}`;
    if (path[place] === letter) place += 1;
    else if (letter !== '/' && path.slice(place, place + escaped.length).toLowerCase() === escaped)
      place += escaped.length;
    else return null;
  }
  const rest = url.slice(place);
  return /^(\/|\?|$)/.test(rest) ? rest : null;
}

function decodedPath(url: string): string {
  return decodeURI(url.split('?')[0] ?? '');
}

function isControlPath(path: string): boolean {
  return /^\/_sim(\/|$)/.test(path);
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

function canDecode(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
