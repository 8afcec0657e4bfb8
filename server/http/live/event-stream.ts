import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ClusterEvent } from '../../cluster/terms/cluster-event.ts';
import { formatExactJson } from '../../formats/exact-number.ts';
import type { Simulation } from '../../simulation/simulation.ts';
import { sendFrameworkError } from '../answers/error-bodies.ts';
import { EventWindow } from './event-window.ts';
import type { StreamMessages } from './stream-messages.ts';
import { isoTime } from './state.ts';

/** More readers than that are a mistake: a program that opens a stream for each look, and closes none. */
const MOST_READERS = 100;

/** Messages of one turn leave together; of a turn in which very much happens in pieces of about this many characters. */
const PIECE_CHARACTERS = 1 << 16;

/** How long a reader who is let go may take for what is on its way, and for the reason. */
const FAREWELL_MS = 5000;

interface Reader {
  readonly raw: ServerResponse;
  /** Number of the piece that it gets next. */
  next: number;
  /** True until the system has taken what was written last. */
  isFull: boolean;
}

/**
 * `GET /_sim/events` of one node: the messages as server-sent events, each under its name. A reader is written to only as
 * fast as it reads. What it has not read yet is kept for it as long as for all the others, in one place; who falls further
 * behind is told so and let go, and memory does not grow with the number of those who never read.
 */
export class EventStreams {
  readonly #simulation: Simulation;
  readonly #window = new EventWindow();
  readonly #readers = new Set<Reader>();
  #ends: (() => void)[] = [];
  #pending = '';
  #isPlanned = false;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  /** Bytes that wait for readers, beside what the system holds for each of them. */
  get waitingBytes(): number {
    return this.#window.usedBytes;
  }

  /** Streams to one more reader until its connection ends. */
  open(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const { nowMs, behaviour } = this.#simulation;
    if (this.#readers.size >= MOST_READERS) {
      const message = `There are ${MOST_READERS} readers of /_sim/events on this node already: close some of them`;
      return sendFrameworkError(request, reply, { status: 503, message, nowMs, behaviour });
    }
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      // The end of the stream is that of the connection: a reader who is let go must not be kept in another way.
      connection: 'close',
    });
    // What has happened before it came is not for it.
    this.#flush();
    const reader: Reader = { raw, next: this.#window.end, isFull: false };
    reader.isFull = !raw.write(formatMessage('clock', JSON.stringify({ now: isoTime(nowMs) })));
    if (this.#readers.size === 0) this.#listen();
    this.#readers.add(reader);
    const end = (): void => this.#forget(reader);
    raw.on('drain', () => {
      reader.isFull = false;
      this.#write(reader);
    });
    raw.on('close', end);
    // What is written in the instant in which the reader leaves fails; `close` follows.
    raw.on('error', end);
    return reply;
  }

  /** Ends each stream as one that is over, before its connection is broken: newer clients take the other for a failure. */
  end(): void {
    for (const { raw } of this.#readers) raw.end();
  }

  #listen(): void {
    const simulation = this.#simulation;
    const tell = <Name extends keyof StreamMessages>(event: Name, data: StreamMessages[Name]): void =>
      this.#tell(formatMessage(event, formatExactJson(data)));
    this.#ends = [
      simulation.journal.onEntry((entry, json) => this.#tell(formatMessage('request', json, entry.seq))),
      simulation.onClusterEvent((event) => tell('cluster', happeningOf(event))),
      simulation.onSettled((nowMs) => tell('clock', { now: isoTime(nowMs) })),
      simulation.faults.onChange(() => tell('faults', { rules: simulation.faults.size })),
    ];
  }

  #tell(message: string): void {
    this.#pending += message;
    if (this.#pending.length >= PIECE_CHARACTERS) this.#flush();
    if (this.#isPlanned || this.#pending === '') return;
    this.#isPlanned = true;
    void this.#flushInNextTurn();
  }

  async #flushInNextTurn(): Promise<void> {
    await this.#simulation.host.yieldTurn();
    this.#isPlanned = false;
    this.#flush();
  }

  #flush(): void {
    if (this.#pending === '') return;
    this.#window.push(this.#pending);
    this.#pending = '';
    for (const reader of this.#readers) this.#write(reader);
    this.#forgetWhatAllHave();
  }

  /** Writes as much as the reader takes. */
  #write(reader: Reader): void {
    if (reader.next < this.#window.first) return this.#letGo(reader);
    while (!reader.isFull) {
      const piece = this.#window.at(reader.next);
      if (piece === null) return;
      reader.next++;
      reader.isFull = !reader.raw.write(piece);
    }
  }

  /** Whoever reads slowly gets what is on its way, the reason and the end; whoever never reads, an end. */
  #letGo(reader: Reader): void {
    this.#forget(reader);
    const { raw } = reader;
    const reason = 'you read more slowly than things happen: connect again, and read faster';
    raw.end(formatMessage('end', JSON.stringify({ reason } satisfies StreamMessages['end'])));
    void this.#breakOffLater(raw);
  }

  async #breakOffLater(raw: ServerResponse): Promise<void> {
    const left = new AbortController();
    raw.once('close', () => left.abort());
    await this.#simulation.host.waitMs(FAREWELL_MS, left.signal);
    raw.destroy();
  }

  #forget(reader: Reader): void {
    this.#readers.delete(reader);
    this.#forgetWhatAllHave();
    if (this.#readers.size > 0) return;
    this.#pending = '';
    for (const end of this.#ends.splice(0)) end();
  }

  #forgetWhatAllHave(): void {
    this.#window.forgetBefore(Math.min(this.#window.end, ...[...this.#readers].map(({ next }) => next)));
  }
}

function formatMessage(event: keyof StreamMessages, json: string, id?: number): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${json}\n\n`;
}

/** As it goes over the wire. */
export function happeningOf({ atMs, ...event }: ClusterEvent): StreamMessages['cluster'] {
  const told = event.kind === 'dcb-backup-finished' ? { ...event, files: [] } : event;
  return { virtualTime: isoTime(atMs), ...told };
}
