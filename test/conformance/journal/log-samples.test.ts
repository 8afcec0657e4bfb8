import { describe, expect, test } from 'vitest';
import { LogSamples } from '../../../conformance/journal/recording/log-samples.ts';
import type { ClusterState, MemberState, NodeState } from '../../../server/index.ts';
import { firstMs } from '../../support/evidence.ts';

const member: MemberState = {
  role: 'PRIMARY',
  isLeader: true,
  term: 1,
  firstIndex: 5,
  lastIndex: 30,
  commitIndex: 29,
  appliedIndex: 28,
  nextCleaning: '2024-01-01T01:00:00.000Z',
  applyError: null,
};

function state(...nodes: Array<Partial<NodeState>>): ClusterState {
  return {
    now: '2024-01-01T00:00:00.000Z',
    seed: 1,
    speed: 0,
    serverVersion: 'documented',
    accessControl: false,
    workload: { rate: 0, pausedFor: null },
    disk: { usedBytes: 0, limitBytes: 0 },
    groups: {},
    nodes: nodes.map((node) => ({
      name: 'node-1',
      url: null,
      state: 'running',
      contexts: {},
      groups: { default: member },
      ...node,
    })),
  };
}

describe('samples of the logs', () => {
  test('say of each group where its log stands and when it is cleaned next', () => {
    const samples = new LogSamples();
    samples.takeAtEdge(firstMs, state({ groups: { default: member, _admin: { ...member, nextCleaning: null } } }));
    expect(samples.taken).toEqual([
      {
        atMs: firstMs,
        node: 'node-1',
        group: 'default',
        firstIndex: 5,
        lastIndex: 30,
        commitIndex: 29,
        appliedIndex: 28,
        nextCleaningMs: firstMs + 3_600_000,
      },
      expect.objectContaining({ group: '_admin', nextCleaningMs: null }),
    ]);
  });

  test('leave out nodes that are down', () => {
    const samples = new LogSamples();
    samples.takeAtRequest(firstMs, state({}, { name: 'node-2', state: 'stopped' }));
    expect(samples.taken.map(({ node }) => node)).toEqual(['node-1']);
  });

  test('are bounded for each run, however often it asks', () => {
    const samples = new LogSamples();
    for (let run = 0; run < 2; run++) {
      samples.takeAtEdge(firstMs, state({}));
      for (let request = 0; request < 10_000; request++) samples.takeAtRequest(firstMs, state({}));
      samples.takeAtEdge(firstMs, state({}));
    }
    expect(samples.taken).toHaveLength(2 * (500 + 2));
  });
});
