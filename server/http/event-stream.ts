import type { FastifyReply } from 'fastify';
import type { Simulation } from '../simulation/simulation.ts';
import { isoTime } from './state.ts';

/** A reader who takes nothing for this many bytes is let go: it would have to be kept in memory for. */
const MOST_BUFFERED_BYTES = 4 << 20;

/**
 * `GET /_sim/events`: requests (`request`), what happens in the cluster (`cluster`) and the passing of time (`clock`),
 * as server-sent events. Ends with the connection.
 */
export function streamEvents(simulation: Simulation, reply: FastifyReply): void {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
  const send = (event: string, data: object, id?: number): void => {
    raw.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    if (raw.writableLength <= MOST_BUFFERED_BYTES) return;
    end();
    raw.destroy();
  };
  send('clock', { now: isoTime(simulation.nowMs) });
  const ends = [
    simulation.journal.onEntry((entry) => send('request', entry, entry.seq)),
    simulation.onClusterEvent(({ atMs, ...event }) => send('cluster', { virtualTime: isoTime(atMs), ...event })),
    simulation.onSettled((nowMs) => send('clock', { now: isoTime(nowMs) })),
  ];
  const end = (): void => {
    for (const each of ends.splice(0)) each();
  };
  raw.on('close', end);
  // What is written in the instant in which the reader leaves fails; `close` follows.
  raw.on('error', end);
}
