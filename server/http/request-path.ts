import type { FastifyRequest } from 'fastify';

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

/** The path alone, decoded as the router decodes it: `/v1/%62ackup` is `/v1/backup`, `%2F` stays what it is. */
export function pathOf(request: FastifyRequest): string {
  return decodeURI(request.url.split('?')[0] ?? '');
}

/** The node as the client calls it, by the `Host` header and without the port; empty where there is none. */
export function hostNameOf({ headers }: FastifyRequest): string {
  return (headers.host ?? '').replace(/:\d+$/, '');
}

export function isControl(request: FastifyRequest): boolean {
  return /^\/_sim(\/|$)/.test(pathOf(request));
}

/** The live page, which must show a stopped node, too. */
export function isLivePage(request: FastifyRequest): boolean {
  return pathOf(request) === '/' && (request.method === 'GET' || request.method === 'HEAD');
}

/** The live page and those that describe the API are no part of what a backup client does. */
export function isPublicCall(request: FastifyRequest): boolean {
  return !isControl(request) && !isLivePage(request) && !/^\/(swagger-ui|v3\/api-docs)/.test(pathOf(request));
}

function canDecode(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
