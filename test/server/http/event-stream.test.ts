import { EventEmitter } from 'node:events';
import type net from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import request from 'supertest';
import { describe, expect, test } from 'vitest';
import { EventStreams } from '../../../server/http/live/event-stream.ts';
import { RequestJournal } from '../../../server/simulation/request-journal.ts';
import type { Simulation } from '../../../server/simulation/simulation.ts';
import { openEventSource } from '../../support/event-source.ts';
import { connectTo, ended } from '../../support/raw-http.ts';
import { growSegments, stillSimulator, urlOf } from '../../support/simulator.ts';

describe('GET /_sim/happenings', () => {
  test('tells what happened before anybody listened, as the stream tells it, the newest last', async () => {
    const simulator = await stillSimulator({ firstTokens: { default: '9007199254740993' } });
    const source = await openEventSource(`${urlOf(simulator)}/_sim/events`);
    await growSegments(simulator);
    await source.find(({ data }) => data['now'] === '2024-01-01T00:01:00.000Z');
    const told = source.events.filter(({ event }) => event === 'cluster').map(({ data }) => data);
    const { text } = await request(urlOf(simulator)).get('/_sim/happenings?last=999').expect(200);
    expect(told.length).toBeGreaterThan(5);
    expect(JSON.parse(text).slice(-told.length)).toEqual(told);
    // With all of its digits.
    expect(text).toContain('"segment":9007199254740993');
    const newest = await request(urlOf(simulator)).get('/_sim/happenings?last=1').expect(200);
    expect(newest.body).toEqual(told.slice(-1));
  });

  test.each(['0', '1000', '-1', 'all'])('refuses to give %s of them', async (last) => {
    await request(urlOf(await stillSimulator()))
      .get(`/_sim/happenings?last=${last}`)
      .expect(400);
  });
});

describe('GET /_sim/events', () => {
  test('begins with the time', async () => {
    const source = await openEventSource(`${urlOf(await stillSimulator())}/_sim/events`);
    expect(source.events[0]).toEqual({ event: 'clock', id: null, data: { now: '2024-01-01T00:00:00.000Z' } });
  });

  test('tells of each request as the journal has it, from every node', async () => {
    const simulator = await stillSimulator({ nodes: 2, token: 'secret' });
    const source = await openEventSource(`${urlOf(simulator)}/_sim/events`);
    await request(urlOf(simulator, 1))
      .get('/v1/backup/log/filenames?context=_admin&AxonIQ-Access-Token=secret')
      .expect(200);
    const told = await source.find(({ event }) => event === 'request');
    expect(told.id).toBe('1');
    expect(told.data).toEqual((await request(urlOf(simulator)).get('/_sim/requests')).body[0]);
    expect(JSON.stringify(source.events)).not.toContain('secret');
  });

  test('tells what happens in the cluster, with its virtual time', async () => {
    const simulator = await stillSimulator({ nodes: 3 });
    const source = await openEventSource(`${urlOf(simulator)}/_sim/events`);
    await growSegments(simulator);
    await simulator.control.stop('node-2');
    const closed = await source.find(({ data }) => data['kind'] === 'segment-closed');
    expect(closed).toEqual({
      event: 'cluster',
      id: null,
      data: {
        virtualTime: expect.any(String),
        kind: 'segment-closed',
        node: 'node-1',
        context: 'default',
        type: 'EVENT',
        segment: 0,
      },
    });
    const stopped = await source.find(({ data }) => data['kind'] === 'node-stopped');
    expect(stopped.data).toEqual({
      virtualTime: new Date(simulator.clock.nowMs).toISOString(),
      kind: 'node-stopped',
      node: 'node-2',
    });
  });

  test('tells of the time whenever it has moved', async () => {
    const simulator = await stillSimulator();
    const source = await openEventSource(`${urlOf(simulator)}/_sim/events`);
    await simulator.clock.advance(31 * 60_000);
    const moved = await source.find(
      ({ event, data }) => event === 'clock' && data['now'] === '2024-01-01T00:31:00.000Z',
    );
    expect(moved.event).toBe('clock');
  });

  test('tells when the fault plan is another one, and when one of its rules has fired', async () => {
    const simulator = await stillSimulator();
    const source = await openEventSource(`${urlOf(simulator)}/_sim/events`);
    simulator.control.planFaults([{ match: {}, do: { status: 503 } }]);
    await request(urlOf(simulator)).get('/v1/public/me').expect(503);
    await request(urlOf(simulator)).get('/v1/public/me').expect(200);
    await request(urlOf(simulator)).delete('/_sim/faults').expect(200);
    await source.find(({ event, data }) => event === 'faults' && data['rules'] === 0);
    const told = source.events.filter(({ event }) => event === 'faults').map(({ data }) => data);
    expect(told).toEqual([{ rules: 1 }, { rules: 1 }, { rules: 0 }]);
  });

  test('goes on through a reset', async () => {
    const simulator = await stillSimulator();
    const source = await openEventSource(`${urlOf(simulator)}/_sim/events`);
    await simulator.control.reset();
    await request(urlOf(simulator)).get('/after-reset');
    expect((await source.find(({ data }) => data['path'] === '/after-reset')).id).toBe('1');
  });

  test('ends when the simulator is closed, which does not wait for its readers', async () => {
    const simulator = await stillSimulator();
    const source = await openEventSource(`${urlOf(simulator)}/_sim/events`);
    await simulator.close();
    await source.ended;
  });

  // Twenty readers who never read cost 450 MB: each message was kept for each of them.
  test('readers who take nothing are let go, and nobody else is troubled', async () => {
    const simulator = await stillSimulator();
    const url = urlOf(simulator);
    const good = await openEventSource(`${url}/_sim/events`);
    const stalled = await Promise.all(Array.from({ length: 3 }, () => stalledReader(url)));
    const path = `/${'%E6%97%A5'.repeat(800)}?context=${'%E6%97%A5'.repeat(800)}`;
    // Some twenty mebibytes: more than the system buffers and the simulator put together.
    for (let round = 0; round < 100; round++) {
      await Promise.all(Array.from({ length: 40 }, async () => (await fetch(url + path)).arrayBuffer()));
    }
    for (const reader of stalled) {
      reader.resume();
      await ended(reader);
    }
    await request(url).get('/after-all').expect(404);
    await good.find(({ data }) => data['path'] === '/after-all');
    expect(good.events.some(({ event }) => event === 'end')).toBe(false);
  });

  test('has a hundred readers on a node and no more', async () => {
    const simulator = await stillSimulator({ nodes: 2 });
    const url = urlOf(simulator);
    const readers = await Promise.all(Array.from({ length: 100 }, () => stalledReader(url)));
    const { body } = await request(url).get('/_sim/events').expect(503);
    expect(body.message).toBe('There are 100 readers of /_sim/events on this node already: close some of them');
    await stalledReader(urlOf(simulator, 1));
    readers[0]?.destroy();
    await expect.poll(() => statusOfStream(url)).toBe(200);
  });
});

async function statusOfStream(url: string): Promise<number> {
  const { status, body } = await fetch(`${url}/_sim/events`);
  await body?.cancel();
  return status;
}

/** The end of a stream that can be read and broken, and that takes as much as it is told to. */
class FakeResponse extends EventEmitter {
  readonly written: string[] = [];
  isFull = false;
  isEnded = false;
  isDestroyed = false;

  writeHead(): void {}

  write(piece: Buffer | string): boolean {
    this.written.push(String(piece));
    return !this.isFull;
  }

  end(piece: string): void {
    this.written.push(piece);
    this.isEnded = true;
  }

  destroy(): void {
    this.isDestroyed = true;
  }
}

/** Streams over a simulation of which nothing is known but who listens to it, and whose turns and waits end at a call. */
function stage(): {
  readonly streams: EventStreams;
  readonly journal: RequestJournal;
  readonly listening: Set<string>;
  open(): FakeResponse;
  nextTurn(): Promise<void>;
  endWaits(): Promise<void>;
} {
  const listening = new Set<string>();
  const subscribe = (name: string) => (): (() => void) => {
    listening.add(name);
    return () => listening.delete(name);
  };
  const [turns, waits]: [(() => void)[], (() => void)[]] = [[], []];
  const host = {
    yieldTurn: () => new Promise<void>((resolve) => turns.push(resolve)),
    waitMs: () => new Promise<void>((resolve) => waits.push(resolve)),
  };
  const goOn = async (all: (() => void)[]): Promise<void> => {
    for (const each of all.splice(0)) each();
    await new Promise((resolve) => setImmediate(resolve));
  };
  const journal = new RequestJournal();
  const simulation = {
    nowMs: 0,
    host,
    journal,
    faults: { size: 0, onChange: subscribe('faults') },
    onClusterEvent: subscribe('cluster'),
    onSettled: subscribe('settled'),
  };
  const streams = new EventStreams(simulation as unknown as Simulation);
  return {
    streams,
    journal,
    listening,
    open: () => {
      const raw = new FakeResponse();
      const reply = { raw, hijack: () => undefined };
      streams.open({} as FastifyRequest, reply as unknown as FastifyReply);
      return raw;
    },
    nextTurn: () => goOn(turns),
    endWaits: () => goOn(waits),
  };
}

const entry = { virtualTime: '', node: '', method: 'GET', path: '/', query: {}, status: 200, bytes: 0, fault: null };
const long = { ...entry, path: 'x'.repeat(60_000) };

describe('a stream that is over', () => {
  test.each(['close', 'error'])('listens to nothing any more after `%s`', async (end) => {
    const { open, journal, listening, nextTurn, streams } = stage();
    const raw = open();
    expect(listening).toEqual(new Set(['cluster', 'settled', 'faults']));
    journal.note(entry);
    raw.emit(end, new Error('gone'));
    expect(listening.size).toBe(0);
    journal.note(entry);
    await nextTurn();
    expect(raw.written).toHaveLength(1);
    expect(streams.waitingBytes).toBe(0);
  });

  test('leaves the others as they are', async () => {
    const { open, journal, listening, nextTurn } = stage();
    const [first, second] = [open(), open()];
    first.emit('close');
    expect(listening.size).toBe(3);
    journal.note(entry);
    await nextTurn();
    expect([first.written.length, second.written.length]).toEqual([1, 2]);
  });
});

describe('a reader', () => {
  test('gets what happens in one turn in one piece, and nothing from before it came', async () => {
    const { open, journal, nextTurn } = stage();
    const first = open();
    journal.note(entry);
    const second = open();
    journal.note(entry);
    journal.note(entry);
    await nextTurn();
    expect(
      first.written
        .slice(1)
        .join('')
        .match(/^id: \d+$/gm),
    ).toEqual(['id: 1', 'id: 2', 'id: 3']);
    expect(second.written).toHaveLength(2);
    expect(second.written[1]?.match(/^id: \d+$/gm)).toEqual(['id: 2', 'id: 3']);
  });

  test('who takes no more is written nothing more, and gets all of it once it does', async () => {
    const { open, journal, nextTurn, streams } = stage();
    const raw = open();
    raw.isFull = true;
    for (let count = 0; count < 10; count++) {
      journal.note(entry);
      await nextTurn();
    }
    expect(raw.written).toHaveLength(2);
    expect(streams.waitingBytes).toBeGreaterThan(9 * 100);
    raw.isFull = false;
    raw.emit('drain');
    expect(raw.written.join('').match(/^id: \d+$/gm)).toHaveLength(10);
    journal.note(entry);
    await nextTurn();
    expect(raw.written).toHaveLength(12);
    expect(streams.waitingBytes).toBe(0);
  });

  test.each([
    ['a few long messages', long, 300],
    ['very many short ones', entry, 40_000],
  ])('who misses %s is told so, let go and in the end broken off; others are not', async (_what, each, count) => {
    const { open, journal, nextTurn, endWaits, streams } = stage();
    const good = open();
    const stalled = Array.from({ length: 30 }, () => open());
    for (const raw of stalled) raw.isFull = true;
    for (let place = 0; place < count; place++) {
      journal.note(each);
      await nextTurn();
      if (streams.waitingBytes > 9 << 20) break;
    }
    expect(streams.waitingBytes).toBe(0);
    for (const raw of stalled) {
      expect(raw.written).toHaveLength(3);
      expect(raw.written[2]).toBe(
        'event: end\ndata: {"reason":"you read more slowly than things happen: connect again, and read faster"}\n\n',
      );
      expect([raw.isEnded, raw.isDestroyed]).toEqual([true, false]);
    }
    await endWaits();
    expect(stalled.every(({ isDestroyed }) => isDestroyed)).toBe(true);
    expect(good.written).toHaveLength(count + 1);
    expect([good.isEnded, good.isDestroyed]).toEqual([false, false]);
  });
});

/** Reads the first message, and then nothing. */
async function stalledReader(url: string): Promise<net.Socket> {
  const socket = connectTo(url);
  socket.write(`GET /_sim/events HTTP/1.1\r\nHost: ${new URL(url).host}\r\n\r\n`);
  await new Promise((resolve) => socket.once('data', resolve));
  socket.pause();
  return socket;
}
