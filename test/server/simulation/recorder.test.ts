import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../../server/cluster/cluster.ts';
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

/** As much of a cluster as a recorder looks at: one node with one log, at some moment. */
function clusterAt(nowMs: number, isRunning = true): Cluster {
  const member = { log: { firstIndex: 1, lastIndex: 30 }, commitIndex: 20, appliedIndex: 10 };
  const node = {
    members: new Map(isRunning ? [['default', member]] : []),
    nextCleaningAtMs: () => 3_600_000,
  };
  return { clock: { nowMs }, nodes: new Map([['node-1', node]]), node: () => node } as unknown as Cluster;
}

const segment = { node: 'node-1', context: 'default', type: 'EVENT', segment: 0 } as const;

describe('the recorder of a cluster', () => {
  test('looks at the logs twice a virtual minute, and sooner once something has happened to them', () => {
    const recorder = new Recorder();
    recorder.begin(0);
    for (const nowMs of [0, 100, 29_999, 30_000, 59_000]) recorder.noteSettled(clusterAt(nowMs));
    recorder.noteEvent({ atMs: 59_500, kind: 'segment-closed', ...segment });
    recorder.noteSettled(clusterAt(59_600));
    recorder.noteEvent({ atMs: 59_700, kind: 'control-db-backup', node: 'node-1', file: 'controldb1.zip' });
    recorder.noteSettled(clusterAt(59_800));
    const samples = recorder.samplesOf('node-1');
    expect(samples.map(({ atMs }) => atMs)).toEqual([0, 30_000, 59_800]);
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

  test('has nothing of the logs of a node that is down', () => {
    const recorder = new Recorder();
    recorder.noteSettled(clusterAt(0, false));
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
    recorder.noteSettled(clusterAt(5));
    recorder.begin(9);
    expect([recorder.sinceMs, recorder.events, recorder.requests, recorder.samplesOf('node-1')]).toEqual([
      9,
      [],
      [],
      [],
    ]);
    recorder.noteSettled(clusterAt(9));
    expect(recorder.samplesOf('node-1')).toHaveLength(1);
  });
});
