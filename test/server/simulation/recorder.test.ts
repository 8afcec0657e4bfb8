import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../../server/cluster/cluster.ts';
import type { ClusterEvent } from '../../../server/cluster/terms/cluster-event.ts';
import { VirtualClock } from '../../../server/time-and-chance/clock.ts';
import { Latest } from '../../../server/simulation/latest.ts';
import { Recorder } from '../../../server/simulation/recorder.ts';

describe('Latest', () => {
  test('has the newest alone, oldest first', () => {
    const latest = new Latest<number>(3);
    expect(latest.items).toEqual([]);
    for (let item = 1; item <= 10; item++) {
      latest.keep(item);
      expect(latest.items).toEqual([item - 2, item - 1, item].filter((kept) => kept > 0));
    }
    latest.clear();
    expect(latest.items).toEqual([]);
  });
});

/** As much of a cluster as a recorder looks at: one node with one log. */
function smallCluster(clock: VirtualClock, isRunning = true): Cluster {
  const member = { log: { firstIndex: 1, lastIndex: 30 }, commitIndex: 20, appliedIndex: 10 };
  const node = {
    members: new Map(isRunning ? [['default', member]] : []),
    nextCleaningAtMs: () => 3_600_000,
  };
  return { clock, nodes: new Map([['node-1', node]]), node: () => node } as unknown as Cluster;
}

const segment = { node: 'node-1', context: 'default', type: 'EVENT', segment: 0 } as const;

describe('the recorder of a cluster', () => {
  test('gives the newest of what has happened, in the order of time, and looks at no more of it', () => {
    const recorder = new Recorder();
    recorder.begin(0);
    for (let atMs = 0; atMs < 100; atMs++) {
      recorder.noteEvent({ atMs, kind: 'segment-closed', ...segment } as ClusterEvent);
      if (atMs % 40 === 0) recorder.noteEvent({ atMs, kind: 'node-started', node: 'node-1' });
    }
    expect(recorder.latestEvents(3).map(({ atMs }) => atMs)).toEqual([97, 98, 99]);
    const kinds = recorder.latestEvents(25).map(({ atMs, kind }) => `${atMs} ${kind}`);
    expect(kinds).toHaveLength(25);
    expect(kinds).toContain('80 node-started');
  });

  test('looks at the logs twice a virtual minute, however far time is moved at once', () => {
    const recorder = new Recorder();
    const clock = new VirtualClock(0);
    recorder.begin(0);
    recorder.watch(smallCluster(clock));
    clock.runUntil(100_000);
    const samples = recorder.samplesOf('node-1');
    expect(samples.map(({ atMs }) => atMs)).toEqual([0, 30_000, 60_000, 90_000]);
    expect(samples[0]).toEqual({
      atMs: 0,
      group: 'default',
      firstIndex: 1,
      lastIndex: 30,
      commitIndex: 20,
      appliedIndex: 10,
      nextCleaningMs: 3_600_000,
    });
    expect(recorder.samplesOf('node-2')).toEqual([]);
  });

  test('keeps a bounded number of samples', () => {
    const recorder = new Recorder();
    const clock = new VirtualClock(0);
    recorder.watch(smallCluster(clock));
    clock.runUntil(50_000 * 30_000);
    const samples = recorder.samplesOf('node-1');
    expect(samples).toHaveLength(20_000);
    expect(samples.at(-1)?.atMs).toBe(50_000 * 30_000);
  });

  test('has nothing of the logs of a node that is down', () => {
    const recorder = new Recorder();
    recorder.watch(smallCluster(new VirtualClock(0), false));
    expect(recorder.samplesOf('node-1')).toEqual([]);
  });

  test('forgets the oldest: a flood of segments, but nothing else for its sake', () => {
    const recorder = new Recorder();
    recorder.noteEvent({ atMs: 0, kind: 'node-started', node: 'node-1' });
    for (let atMs = 1; atMs <= 50_000; atMs++) recorder.noteEvent({ atMs, kind: 'segment-created', ...segment });
    const { events } = recorder;
    expect(events).toHaveLength(20_001);
    expect([events[0]?.atMs, events[1]?.atMs, events.at(-1)?.atMs]).toEqual([0, 30_001, 50_000]);
  });

  test('forgets everything where a cluster begins anew', () => {
    const recorder = new Recorder();
    recorder.noteEvent({ atMs: 5, kind: 'node-started', node: 'node-1' });
    recorder.watch(smallCluster(new VirtualClock(5)));
    recorder.begin(9);
    expect([recorder.sinceMs, recorder.events, recorder.requests, recorder.samplesOf('node-1')]).toEqual([
      9,
      [],
      [],
      [],
    ]);
  });
});
