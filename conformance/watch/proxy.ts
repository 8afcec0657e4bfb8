import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Target } from './target.ts';

/** A request as it came in. */
export interface PassingRequest {
  /** From 1, in the order of arrival. */
  readonly ordinal: number;
  readonly method: string;
  /** As it was sent, query and all. */
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
}

/** What went back to the client. */
export interface PassedAnswer {
  /** 0 where the connection broke before there was one. */
  readonly status: number;
  /** True where it broke off in the middle of the body. */
  readonly wasCut: boolean;
  readonly contentEncoding: string;
  /** The body as far as it came, of a request that `keepsBody`; else empty. */
  readonly body: Buffer;
}

/** Who looks on. What passes waits for each of these, and is not changed by it. */
export interface ProxyWatch {
  readonly arrived: (request: PassingRequest) => void;
  readonly keepsBody: (request: PassingRequest) => boolean;
  /** The last byte of the answer goes to the client when this has returned. */
  readonly answered: (request: PassingRequest, answer: PassedAnswer) => void;
}

export interface Proxy {
  /** Base URL, with the target's base path. */
  readonly url: string;
  close(): Promise<void>;
}

/** Connections, and how a body is cut into pieces on them, are each one's own affair; the host is the one thing that is changed. */
const ownOfConnections: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'proxy-connection', 'upgrade']);
const ownOfRequests: ReadonlySet<string> = new Set([...ownOfConnections, 'host', 'expect', 'transfer-encoding']);

/** More than any server takes, so that it is the server who refuses what is too long. */
const LONGEST_HEADERS_BYTES = 1 << 20;

/**
 * Stands before a server and passes on what comes: method, path to the letter, headers with their spelling, bodies, errors, and
 * connections that break, which break here, too. On loopback alone. What is no HTTP, such as a method that nobody knows, is
 * refused here with 400, and not passed on.
 */
export async function startProxy(target: Target, watch: ProxyWatch): Promise<Proxy> {
  let requests = 0;
  const server = http.createServer(
    { requestTimeout: 0, keepAliveTimeout: 0, maxHeaderSize: LONGEST_HEADERS_BYTES },
    (incoming, outgoing) => {
      const request = {
        ordinal: ++requests,
        method: incoming.method ?? '',
        url: incoming.url ?? '',
        headers: incoming.headers,
      };
      watch.arrived(request);
      pass(target, watch, request, incoming, outgoing).catch(() => outgoing.destroy());
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${target.basePath}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function pass(
  { origin, dispatcher }: Target,
  watch: ProxyWatch,
  request: PassingRequest,
  incoming: http.IncomingMessage,
  outgoing: http.ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  outgoing.on('close', () => gone.abort());
  const { method, url } = request;
  const hasBody =
    incoming.headers['content-length'] !== undefined || incoming.headers['transfer-encoding'] !== undefined;
  let answer;
  try {
    answer = await dispatcher.request({
      origin,
      path: url.startsWith('/') ? url : `/${url}`,
      method: method as 'GET',
      headers: without(ownOfRequests, incoming.rawHeaders),
      body: hasBody ? incoming : null,
      signal: gone.signal,
      responseHeaders: 'raw',
    });
  } catch {
    watch.answered(request, { status: 0, wasCut: false, contentEncoding: '', body: Buffer.alloc(0) });
    incoming.socket.destroy();
    return;
  }
  const rawHeaders = (answer.headers as unknown as readonly Buffer[]).map(String);
  outgoing.writeHead(answer.statusCode, without(ownOfConnections, rawHeaders) as unknown as http.OutgoingHttpHeader[]);
  // Headers go out as they came, and do not wait for a body that is slow.
  outgoing.flushHeaders();
  const kept: Buffer[] = [];
  const keeps = watch.keepsBody(request);
  let isTold = false;
  const told = (wasCut: boolean): void => {
    if (isTold) return;
    isTold = true;
    watch.answered(request, {
      status: answer.statusCode,
      wasCut,
      contentEncoding: valueOf(rawHeaders, 'content-encoding'),
      body: Buffer.concat(kept),
    });
  };
  // Before the pipeline breaks the client's connection: what the client does next comes behind that.
  answer.body.once('error', () => told(true));
  // Of a body that is kept the last piece waits until it is known what it is about: then the client goes and copies.
  let held: Buffer | null = null;
  const tap = new PassThrough({
    transform(chunk: Buffer, _encoding, done) {
      const next = keeps ? held : chunk;
      if (keeps) kept.push((held = chunk));
      done(null, next);
    },
    flush(done) {
      told(false);
      done(null, held);
    },
  });
  try {
    await pipeline(answer.body, tap, outgoing);
  } catch {
    if (!tap.writableFinished) told(true);
    incoming.socket.destroy();
  }
}

/** As they came, name by name: a header that is given twice stays twice. */
function without(own: ReadonlySet<string>, raw: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < raw.length; at += 2) {
    const [name = '', value = ''] = raw.slice(at, at + 2);
    if (!own.has(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}

function valueOf(raw: readonly string[], wanted: string): string {
  const at = raw.findIndex((name, place) => place % 2 === 0 && name.toLowerCase() === wanted);
  return at < 0 ? '' : (raw[at + 1] ?? '');
}
