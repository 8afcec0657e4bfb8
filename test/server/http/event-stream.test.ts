import { EventEmitter } from 'node:events';
import type { FastifyReply } from 'fastify';
import request from 'supertest';
import { describe, expect, test } from 'vitest';
import { streamEvents } from '../../../server/http/event-stream.ts';
import { RequestJournal } from '../../../server/simulation/request-journal.ts';
import type { Simulation } from '../../../server/simulation/simulation.ts';
import { openEventSource } from '../../support/event-source.ts';
import { connectTo, ended } from '../../support/raw-http.ts';
import { growSegments, stillSimulator, urlOf } from '../../support/simulator.ts';

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

  test('a reader who takes nothing is let go, and nobody else is troubled', async () => {
    const simulator = await stillSimulator();
    const url = urlOf(simulator);
    const reader = connectTo(url);
    reader.write('GET /_sim/events HTTP/1.1\r\nHost: test\r\n\r\n');
    await new Promise((resolve) => reader.once('data', resolve));
    reader.pause();
    const path = `/v1/backup/filenames?type=EVENT&context=${'x'.repeat(15_000)}`;
    // Some twenty mebibytes: more than the system buffers and the simulator put together.
    for (let round = 0; round < 70; round++) {
      await Promise.all(Array.from({ length: 20 }, async () => (await fetch(url + path)).arrayBuffer()));
    }
    reader.resume();
    await ended(reader);
    await request(url).get('/_sim/state').expect(200);
  });
});

/** A simulation of which nothing is known but who listens to it, and a reply that can be read and broken. */
function stage(): {
  readonly simulation: Simulation;
  readonly reply: FastifyReply;
  readonly raw: EventEmitter & { writableLength: number; isDestroyed: boolean; written: string[] };
  readonly journal: RequestJournal;
  readonly listening: Set<string>;
} {
  const listening = new Set<string>();
  const subscribe = (name: string) => (): (() => void) => {
    listening.add(name);
    return () => listening.delete(name);
  };
  const journal = new RequestJournal();
  const raw = Object.assign(new EventEmitter(), {
    writableLength: 0,
    isDestroyed: false,
    written: [] as string[],
    writeHead: () => undefined,
    write: (text: string) => raw.written.push(text),
    destroy: () => {
      raw.isDestroyed = true;
    },
  });
  const simulation = {
    nowMs: 0,
    journal,
    faults: { onChange: subscribe('faults') },
    onClusterEvent: subscribe('cluster'),
    onSettled: subscribe('settled'),
  };
  const reply = { raw, hijack: () => undefined };
  return {
    simulation: simulation as unknown as Simulation,
    reply: reply as unknown as FastifyReply,
    raw,
    journal,
    listening,
  };
}

const entry = { virtualTime: '', node: '', method: 'GET', path: '/', query: {}, status: 200, bytes: 0, fault: null };

describe('a stream that is over', () => {
  test.each(['close', 'error'])('listens to nothing any more after `%s`', (end) => {
    const { simulation, reply, raw, journal, listening } = stage();
    streamEvents(simulation, reply);
    expect(listening).toEqual(new Set(['cluster', 'settled', 'faults']));
    raw.emit(end, new Error('gone'));
    expect(listening.size).toBe(0);
    const before = raw.written.length;
    journal.note(entry);
    expect(raw.written).toHaveLength(before);
  });

  test('writes nothing to a reader whom it has let go, though their connection takes its time to end', () => {
    const { simulation, reply, raw, journal, listening } = stage();
    streamEvents(simulation, reply);
    raw.writableLength = 5 << 20;
    journal.note(entry);
    expect(raw.isDestroyed).toBe(true);
    expect(listening.size).toBe(0);
    const before = raw.written.length;
    journal.note(entry);
    expect(raw.written).toHaveLength(before);
  });
});
