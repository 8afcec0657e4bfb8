import type { FastifyReply } from 'fastify';
import type { ClusterEvent } from '../cluster/cluster-event.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { StreamMessages } from './stream-messages.ts';
import { isoTime } from './state.ts';

/** A reader who takes nothing for this many bytes is let go: it would have to be kept in memory for. */
const MOST_BUFFERED_BYTES = 4 << 20;

/** `GET /_sim/events`: the messages as server-sent events, each under its name. Ends with the connection. */
export function streamEvents(simulation: Simulation, reply: FastifyReply): void {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
  const send = <Name extends keyof StreamMessages>(event: Name, data: StreamMessages[Name], id?: number): void => {
    raw.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    if (raw.writableLength <= MOST_BUFFERED_BYTES) return;
    end();
    raw.destroy();
  };
  send('clock', { now: isoTime(simulation.nowMs) });
  const ends = [
    simulation.journal.onEntry((entry) => send('request', entry, entry.seq)),
    simulation.onClusterEvent((event) => send('cluster', happeningOf(event))),
    simulation.onSettled((nowMs) => send('clock', { now: isoTime(nowMs) })),
    simulation.faults.onChange(() => send('faults', { rules: simulation.faults.list().length })),
  ];
  const end = (): void => {
    for (const each of ends.splice(0)) each();
  };
  raw.on('close', end);
  // What is written in the instant in which the reader leaves fails; `close` follows.
  raw.on('error', end);
}

function happeningOf({ atMs, ...event }: ClusterEvent): StreamMessages['cluster'] {
  return { virtualTime: isoTime(atMs), ...event };
}
