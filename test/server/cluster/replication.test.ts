import { describe, expect, test } from 'vitest';
import { disagreements, entriesIn, logDisagreements, transactionsIn } from '../../support/cluster-files.ts';
import {
  append,
  delayReplication,
  eventsOfKind,
  finish,
  leaderOf,
  letSettle,
  memberOf,
  MINUTE_MS,
  SECOND_MS,
  startCluster,
  type RunningCluster,
} from '../../support/clusters.ts';
import { failureOf } from '../../support/failure-of.ts';

const nodes = ['node-1', 'node-2', 'node-3'];

function appliedIndexes(running: RunningCluster): number[] {
  return nodes.map((node) => memberOf(running, node).appliedIndex);
}

function expectAgreement(running: RunningCluster): void {
  letSettle(running);
  expect(logDisagreements(running.cluster, running.folder)).toEqual([]);
  expect(disagreements(running.cluster, running.folder)).toEqual([]);
}

describe('replication', () => {
  test('an append is on every node before it is answered', () => {
    const running = startCluster();
    expect(append(running, 3)).toEqual({ firstToken: 0n, lastToken: 2n });
    expect(append(running, 2)).toEqual({ firstToken: 3n, lastToken: 4n });
    expect(append(running, 1, { type: 'SNAPSHOT' })).toEqual({ firstToken: 0n, lastToken: 0n });
    for (const node of nodes) {
      expect([...transactionsIn(running.folder, node, 'default', 'EVENT').keys()]).toEqual([0n, 1n, 2n, 3n, 4n]);
      expect([...transactionsIn(running.folder, node, 'default', 'SNAPSHOT').keys()]).toEqual([0n]);
    }
    expectAgreement(running);
  });

  test('the nodes of a cluster that writes by itself agree, however many they are', () => {
    for (const count of [1, 2, 4]) {
      const running = startCluster({ nodes: count, rate: 5, contexts: ['default', 'orders & more'] });
      running.advance(MINUTE_MS);
      expect(memberOf(running, 'node-1', 'orders & more').appliedIndex).toBeGreaterThan(200);
      expectAgreement(running);
    }
  });

  test('a follower that is made to lag falls behind, and catches up', () => {
    const running = startCluster({ rate: 10 });
    delayReplication(running, 'node-3', 20 * SECOND_MS);
    running.advance(10 * SECOND_MS);
    const [first = 0, second = 0, third = 0] = appliedIndexes(running);
    expect(Math.abs(first - second)).toBeLessThan(5);
    expect(third).toBeLessThan(5);
    expect(first).toBeGreaterThan(50);
    running.advance(MINUTE_MS);
    expect(memberOf(running, 'node-3').appliedIndex).toBeGreaterThan(200);
    expect(memberOf(running, 'node-3').appliedIndex).toBeLessThan(memberOf(running, 'node-1').appliedIndex - 50);

    delayReplication(running, 'node-3', 0);
    running.advance(MINUTE_MS);
    expectAgreement(running);
  });

  test('nobody waits for a node that is made to lag', () => {
    const running = startCluster();
    delayReplication(running, 'node-3', MINUTE_MS);
    const before = running.cluster.clock.nowMs;
    append(running, 5);
    expect(running.cluster.clock.nowMs - before).toBeLessThan(SECOND_MS);
    expect(memberOf(running, 'node-3').log.lastIndex).toBeLessThan(memberOf(running, 'node-1').log.lastIndex);
  });

  test('a stopped node catches up from the log of the leader', () => {
    const running = startCluster();
    append(running, 5);
    running.cluster.stopNode('node-3');
    append(running, 1500);
    running.cluster.startNode('node-3');
    running.advance(SECOND_MS);
    expect(eventsOfKind(running, 'snapshot-installed')).toEqual([]);
    expect(memberOf(running, 'node-3').log.firstIndex).toBe(1);
    expectAgreement(running);
  });

  test('a node that was away for so long that the leader has cleaned its log gets a snapshot', () => {
    const running = startCluster();
    append(running, 30);
    append(running, 3, { type: 'SNAPSHOT' });
    running.cluster.crashNode('node-3');
    append(running, 200);
    append(running, 20, { type: 'SNAPSHOT' });
    for (const node of ['node-1', 'node-2']) running.cluster.node(node).cleanLog('default', 0);
    const { appliedIndex, currentTerm } = memberOf(running, 'node-1');
    running.cluster.startNode('node-3');
    running.advance(SECOND_MS);

    const lastIncludedIndex = appliedIndex;
    expect(eventsOfKind(running, 'snapshot-installed')).toMatchObject([
      { node: 'node-3', group: 'default', lastIncludedIndex },
    ]);
    const member = memberOf(running, 'node-3');
    expect(member.log.firstIndex).toBe(lastIncludedIndex + 1);
    // The term of the entry that the snapshot ends with is known, although the entry is nowhere in the log.
    expect(member.pointers).toMatchObject({
      commitIndex: appliedIndex,
      commitTerm: currentTerm,
      lastAppliedTerm: currentTerm,
    });
    expectAgreement(running);

    append(running, 10);
    expect(Math.min(...entriesIn(running.folder, 'node-3', 'default').keys())).toBe(lastIncludedIndex + 1);
    expectAgreement(running);
  });

  // The pointers were stored up to a second later, and what the crash left was a log that begins behind them: stuck.
  test('a node that crashes right after its snapshot was installed starts again', () => {
    const running = startCluster();
    running.cluster.stopNode('node-3');
    append(running, 200);
    running.cluster.node('node-1').cleanLog('default', 0);
    running.cluster.startNode('node-3');
    running.advance(20);
    expect(eventsOfKind(running, 'snapshot-installed')).toHaveLength(1);
    append(running, 1);
    running.cluster.crashNode('node-3');
    running.cluster.startNode('node-3');
    append(running, 10);
    expect(eventsOfKind(running, 'apply-failed')).toEqual([]);
    expect(eventsOfKind(running, 'snapshot-installed')).toHaveLength(1);
    expectAgreement(running);
  });

  // The same, where the logs were cleaned by hand right after they had grown.
  test('a node that crashes right after its log was cleaned starts again', () => {
    const running = startCluster();
    append(running, 100);
    expect(running.cluster.node('node-2').cleanLog('default', 0)).not.toEqual([]);
    running.cluster.crashNode('node-2');
    running.cluster.startNode('node-2');
    append(running, 10);
    expect(eventsOfKind(running, 'apply-failed')).toEqual([]);
    expectAgreement(running);
  });
});

describe('leaders', () => {
  test('once the leader stops, another one follows within seconds, in a higher term', () => {
    const running = startCluster();
    append(running, 5);
    for (const end of ['stopNode', 'crashNode'] as const) {
      const before = leaderOf(running) ?? '';
      const { currentTerm } = memberOf(running, before);
      running.cluster[end](before);
      expect(leaderOf(running)).toBeNull();
      running.advance(2500);
      const after = leaderOf(running) ?? '';
      expect(after).not.toBe(before);
      expect(memberOf(running, after).currentTerm).toBeGreaterThan(currentTerm);
      append(running, 5);
      running.cluster.startNode(before);
      running.advance(SECOND_MS);
      expect(leaderOf(running)).toBe(after);
    }
    expectAgreement(running);
  });

  test('without a majority nobody leads, an append fails, and nothing is acknowledged', () => {
    const running = startCluster();
    append(running, 5);
    running.cluster.stopNode('node-2');
    running.cluster.crashNode('node-3');
    running.advance(MINUTE_MS);
    expect(leaderOf(running)).toBeNull();
    const failure = failureOf(() => append(running, 1));
    expect(failure).toMatchObject({ kind: 'no-leader', status: 503 });
    expect(failure.message).toContain('a majority of its nodes must run');
    expect(running.cluster.ledger.of('default', 'EVENT').length).toBe(5);

    running.cluster.startNode('node-3');
    running.advance(2500);
    expect(append(running, 1).firstToken).toBe(5n);
  });

  // Terms are stored up to a second late: without more care the next election would deal out the same one again, and
  // two entries of one index and term would never be told apart.
  test('no two leaders have one term, even if all nodes crash within a second', () => {
    const running = startCluster();
    append(running, 5);
    running.cluster.crashNode('node-1');
    while (leaderOf(running) === null) running.cluster.clock.runUntil(running.cluster.clock.nowMs + 1);
    const second = leaderOf(running) ?? '';
    const other = second === 'node-2' ? 'node-3' : 'node-2';
    running.cluster.crashNode(second);
    running.cluster.crashNode(other);
    running.cluster.startNode('node-1');
    running.cluster.startNode(other);
    running.advance(2500);
    running.cluster.startNode(second);
    append(running, 5);
    const terms = eventsOfKind(running, 'leader-elected')
      .filter(({ group }) => group === 'default')
      .map(({ term }) => term);
    expect(terms).toEqual([...new Set(terms)]);
    expectAgreement(running);
  });

  test('what only a crashed leader has is dropped once another leads, and was never acknowledged', () => {
    const running = startCluster();
    append(running, 5);
    for (const node of ['node-2', 'node-3']) delayReplication(running, node, MINUTE_MS);
    expect(failureOf(() => append(running, 3)).kind).toBe('no-leader');
    const { lastIndex } = memberOf(running, 'node-1').log;
    expect(running.cluster.ledger.of('default', 'EVENT').length).toBe(5);

    running.cluster.crashNode('node-1');
    for (const node of ['node-2', 'node-3']) delayReplication(running, node, 0);
    running.advance(2500);
    expect(append(running, 1).firstToken).toBe(5n);
    running.cluster.startNode('node-1');
    running.advance(2 * MINUTE_MS);
    expect(memberOf(running, 'node-1').log.lastIndex).toBeLessThan(lastIndex);
    expect(transactionsIn(running.folder, 'node-1', 'default', 'EVENT').size).toBe(6);
    expectAgreement(running);
  });

  test('what a majority holds survives the leader that could not say so', () => {
    const running = startCluster();
    append(running, 5);
    delayReplication(running, 'node-3', MINUTE_MS);
    const before = memberOf(running, 'node-1').log.lastIndex;
    finish(
      running.cluster.append('default', { transactions: 3, eventsPerTransaction: 1, payloadBytes: 10, type: 'EVENT' }),
    );
    running.cluster.crashNode('node-1');
    running.advance(2500);
    expect(leaderOf(running)).toBe('node-2');
    running.advance(2 * MINUTE_MS);
    expect(memberOf(running, 'node-3').log.lastIndex).toBeGreaterThan(before + 3);
    running.cluster.startNode('node-1');
    running.advance(SECOND_MS);
    expect(append(running, 1).firstToken).toBe(8n);
    delayReplication(running, 'node-3', 0);
    running.advance(2 * MINUTE_MS);
    expectAgreement(running);
  });
});
