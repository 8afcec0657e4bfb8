import http from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { RandomStream } from '../../server/time-and-chance/random.ts';
import { nextRequest, type VariedRequest } from './varied-requests.ts';

/** What clients have had for an answer: how many, by kind and status; status 0 where there was none. */
export type Answered = Map<string, Map<number, number>>;

export interface ClientsOptions {
  /** Base URLs of the nodes; clients are dealt out over them. */
  readonly urls: readonly string[];
  readonly clients: number;
  /** Requests a second of all clients together, once they have warmed up; 0 asks as fast as answers come. */
  readonly rate: number;
  /** Real milliseconds for which they ask as fast as answers come, so that all that is bounded fills up. */
  readonly warmUpMs: number;
  readonly seed: number;
  /** How many requests all clients together may make. */
  readonly mostRequests: number;
  readonly signal: AbortSignal;
  /** Called when a request is over. */
  readonly onAnswer: (request: VariedRequest, status: number) => void;
}

/**
 * Clients that each ask one thing after the other over a connection of their own, and read every answer to its end, until
 * the signal or until all requests are made.
 */
export async function askUntil(options: ClientsOptions): Promise<void> {
  let left = options.mostRequests;
  const take = (): boolean => left-- > 0;
  await Promise.all(Array.from({ length: options.clients }, (_, place) => askOneByOne(options, place, take)));
}

async function askOneByOne(options: ClientsOptions, place: number, take: () => boolean): Promise<void> {
  const { urls, clients, rate, warmUpMs, seed, signal, onAnswer } = options;
  const url = urls[place % urls.length] ?? '';
  const random = new RandomStream(seed, `soak/client-${place}`);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const gapMs = rate === 0 ? 0 : (clients * 1000) / rate;
  // Spread over the gap: all at one instant would be another load.
  const warmMs = performance.now() + warmUpMs;
  let dueMs = warmMs + gapMs * random.fraction();
  try {
    while (!signal.aborted && take()) {
      const isPaced = gapMs > 0 && performance.now() >= warmMs;
      if (isPaced) await wait(Math.max(0, dueMs - performance.now()), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      if (isPaced) dueMs = Math.max(dueMs + gapMs, performance.now() - gapMs);
      const request = nextRequest(random);
      onAnswer(request, await ask(url, agent, request));
    }
  } finally {
    agent.destroy();
  }
}

/** The status, once the last byte of the answer is read; 0 where the connection has ended without one. */
function ask(url: string, agent: http.Agent, { method, target, headers, isAbandoned }: VariedRequest): Promise<number> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    let status = 0;
    const request = http.request({ hostname, port, agent, method, path: target, headers }, (response) => {
      response.on('error', () => undefined);
      response.on('end', () => {
        status = response.statusCode ?? 0;
      });
      response.resume();
    });
    request.on('error', () => undefined);
    request.on('close', () => resolve(status));
    request.end(() => {
      if (isAbandoned) request.destroy();
    });
  });
}
