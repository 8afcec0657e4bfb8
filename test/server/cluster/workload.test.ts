import { describe, expect, test } from 'vitest';
import { decodeEventMessage } from '../../../server/formats/event-message.ts';
import { decodeEventSegment } from '../../../server/formats/event-segment.ts';
import { transactionsIn } from '../../support/cluster-files.ts';
import {
  eventsOfKind,
  HOUR_MS,
  memberOf,
  MINUTE_MS,
  SECOND_MS,
  startCluster,
  startMs,
  type RunningCluster,
} from '../../support/clusters.ts';

const large = { segmentSizeBytes: 1024 ** 2, logSegmentSizeBytes: 256 * 1024 };

function written({ cluster }: RunningCluster, context = 'default'): { events: number; snapshots: number } {
  const { ledger } = cluster;
  return { events: ledger.of(context, 'EVENT').length, snapshots: ledger.of(context, 'SNAPSHOT').length };
}

/** All events of `default`, decoded. */
function eventsIn(folder: string): ReturnType<typeof decodeEventMessage>[] {
  return [...transactionsIn(folder, 'node-1', 'default', 'EVENT')].flatMap(([token, bytes]) => {
    const segment = Buffer.concat([Buffer.alloc(5), bytes, Buffer.alloc(4)]);
    return decodeEventSegment(segment, token).transactions.flatMap(({ events }) => events.map(decodeEventMessage));
  });
}

describe('the workload', () => {
  test.each([0.1, 1, 7.5])('writes %f transactions a second in each context, at random times', (rate) => {
    const running = startCluster({ ...large, rate, contexts: ['default', 'orders'] });
    const seconds = 2000 / rate;
    running.advance(seconds * SECOND_MS);
    for (const context of ['default', 'orders']) {
      const { events, snapshots } = written(running, context);
      // Six standard deviations of a Poisson process.
      expect(Math.abs(events - 2000)).toBeLessThan(6 * Math.sqrt(2000));
      expect(Math.abs(snapshots - 40)).toBeLessThan(6 * Math.sqrt(40));
    }
    expect(written(running, 'default')).not.toEqual(written(running, 'orders'));
  });

  test('of rate 0 writes nothing, and leaves the configuration alone', () => {
    const running = startCluster({ rate: 0 });
    running.advance(6 * HOUR_MS);
    expect(written(running)).toEqual({ events: 0, snapshots: 0 });
    expect(running.cluster.ledger.changes.map(({ type }) => type)).toEqual(['ADD_CONTEXT']);
  });

  test('writes events that can be traced: context, node and virtual time, and aggregates without a gap', () => {
    const running = startCluster({ ...large, rate: 2 });
    running.advance(10 * MINUTE_MS);
    const sequence = new Map<string, bigint>();
    let lastMs = startMs;
    for (const event of eventsIn(running.folder)) {
      const { aggregateIdentifier: aggregate, aggregateSequenceNumber, timestampMs, metaData } = event;
      const texts = Object.fromEntries(
        metaData.map(([key, value]) => [key, value.kind === 'text' ? value.value : value]),
      );
      expect(texts).toEqual({
        context: 'default',
        node: 'node-1',
        virtualTime: new Date(Number(timestampMs)).toISOString(),
      });
      expect(Number(timestampMs)).toBeGreaterThanOrEqual(lastMs);
      expect(aggregateSequenceNumber).toBe(sequence.get(aggregate) ?? 0n);
      sequence.set(aggregate, aggregateSequenceNumber + 1n);
      lastMs = Number(timestampMs);
    }
    expect(lastMs).toBeGreaterThan(startMs + 9 * MINUTE_MS);
    expect(sequence.size).toBeGreaterThan(20);
  });

  test('uses payloads of the size it is told', () => {
    const running = startCluster({ ...large, rate: 5, payloadBytes: 77 });
    running.advance(MINUTE_MS);
    const sizes = new Set(eventsIn(running.folder).map(({ payload }) => payload?.data.length));
    expect([...sizes]).toEqual([77]);
  });

  test('writes nothing while there is no leader, and goes on with the next one', () => {
    const running = startCluster({ rate: 5 });
    running.advance(10 * SECOND_MS);
    running.cluster.stopNode('node-2');
    running.cluster.stopNode('node-3');
    const before = written(running);
    running.advance(10 * MINUTE_MS);
    expect(written(running)).toEqual(before);
    running.cluster.startNode('node-3');
    running.advance(20 * SECOND_MS);
    const since = written(running).events - before.events;
    expect(since).toBeGreaterThan(50);
    // What was not written in the meantime is not made up for.
    expect(since).toBeLessThan(150);
  });

  test('pauses once the data folder is full, says so once, and goes on when there is room', () => {
    const maxDiskBytes = 3 * 1024 ** 2;
    const running = startCluster({
      rate: 0.5,
      segmentSizeBytes: 128 * 1024,
      logSegmentSizeBytes: 32 * 1024,
      maxDiskBytes,
    });
    while (running.cluster.workload.pausedFor === null) running.advance(MINUTE_MS);
    const [paused] = eventsOfKind(running, 'workload-paused');
    expect(paused?.reason).toBe(running.cluster.workload.pausedFor);
    expect(paused?.reason).toMatch(/^the data folder holds \d+ bytes, the limit is 3145728$/);
    const before = written(running);
    running.advance(10 * MINUTE_MS);
    expect(written(running)).toEqual(before);
    // Whoever asks for a backup now is refused; that is no new pause.
    for (const node of running.cluster.nodes.values()) {
      expect(() => node.createControlDbBackup()).toThrow('The data folder has reached the limit');
    }
    running.advance(MINUTE_MS);
    expect(eventsOfKind(running, 'workload-paused')).toHaveLength(1);
    expect(eventsOfKind(running, 'workload-resumed')).toEqual([]);

    for (const node of running.cluster.nodes.values()) node.cleanLog('default', 0);
    running.advance(MINUTE_MS);
    const [resumed] = eventsOfKind(running, 'workload-resumed');
    expect(resumed?.reason).toBe('there is room again');
    expect(written(running).events).toBeGreaterThan(before.events);
  });

  test('lives through an append that fails', () => {
    const running = startCluster({ rate: 5 });
    running.advance(10 * SECOND_MS);
    const { log } = memberOf(running, 'node-1');
    const { append: appendToLog } = log;
    log.append = () => {
      throw new Error('no room');
    };
    expect(() => running.advance(10 * SECOND_MS)).toThrow('no room');
    log.append = appendToLog;
    const before = written(running).events;
    running.advance(20 * SECOND_MS);
    expect(written(running).events).toBeGreaterThan(before + 50);
  });
});
