import * as fs from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { decodeControlDbArchive } from '../../../server/formats/control-db-archive.ts';
import { ControlDb, loadSqlEngine, type GroupPointers, type SqlEngine } from '../../../server/stores/control-db.ts';
import { entriesIn } from '../../support/cluster-files.ts';
import { append, letSettle, memberOf, startCluster, startMs, type RunningCluster } from '../../support/clusters.ts';

let engine: SqlEngine;

beforeAll(async () => {
  engine = await loadSqlEngine();
});

/** The pointers of `default` in a zip made now on `node-2`. */
function pointersInZip({ cluster }: RunningCluster): GroupPointers | undefined {
  const file = cluster.node('node-2').createControlDbBackup();
  return pointersIn(ControlDb.open(engine, decodeControlDbArchive(fs.readFileSync(file))));
}

function pointersIn(controlDb: ControlDb): GroupPointers | undefined {
  const group = controlDb.replicationGroups().find(({ name }) => name === 'default');
  return controlDb.readPointers().get(group?.id ?? '');
}

describe('the pointers in the control database', () => {
  test('are those of the last flush, once a second, and never ahead of the node', () => {
    const running = startCluster({ rate: 40 });
    const applied = new Map<number, number>();
    const ages = new Set<number>();
    for (let elapsedMs = 0; elapsedMs < 4000; elapsedMs++) {
      running.cluster.clock.runUntil(startMs + elapsedMs);
      applied.set(elapsedMs, memberOf(running, 'node-2').appliedIndex);
      if (elapsedMs % 97 !== 0 || elapsedMs < 1000) continue;
      running.cluster.settle();
      const stored = pointersInZip(running)?.lastAppliedIndex ?? 0;
      expect(stored).toBeLessThanOrEqual(memberOf(running, 'node-2').appliedIndex);
      // The flush runs between what else happens in its millisecond.
      const flushedMs = Math.floor(elapsedMs / 1000) * 1000;
      expect(stored).toBeGreaterThanOrEqual(applied.get(flushedMs - 1) ?? 0);
      expect(stored).toBeLessThanOrEqual(applied.get(flushedMs) ?? 0);
      ages.add(memberOf(running, 'node-2').appliedIndex - stored);
    }
    // Some were made right behind a flush, others up to a second later.
    expect(Math.max(...ages)).toBeGreaterThan(20);
  });

  test('are never ahead of the log and the events that a copy taken at that moment gets', () => {
    const running = startCluster({ rate: 100, segmentSizeBytes: 64 * 1024, logSegmentSizeBytes: 16 * 1024 });
    for (let round = 0; round < 20; round++) {
      running.advance(130);
      const stored = pointersInZip(running);
      const last = Math.max(0, ...entriesIn(running.folder, 'node-2', 'default').keys());
      expect(stored?.lastAppliedIndex ?? 0).toBeLessThanOrEqual(stored?.commitIndex ?? 0);
      expect(stored?.commitIndex ?? 0).toBeLessThanOrEqual(last);
    }
  });

  test('of a new cluster are missing until the first flush', () => {
    const running = startCluster();
    append(running, 5);
    expect(running.cluster.clock.nowMs).toBeLessThan(startMs + 1000);
    expect(pointersInZip(running)).toBeUndefined();
    running.advance(1000);
    expect(pointersInZip(running)?.lastAppliedIndex).toBe(memberOf(running, 'node-2').appliedIndex);
  });

  test('name the term and the vote', () => {
    const running = startCluster();
    append(running, 5);
    running.advance(1000);
    const { identity } = memberOf(running, 'node-1');
    expect(pointersInZip(running)).toEqual({
      commitIndex: 7,
      commitTerm: 1,
      currentTerm: 1,
      lastAppliedIndex: 7,
      lastAppliedTerm: 1,
      votedFor: identity.nodeId,
    });
  });

  test('stay as last flushed when the node stops, so that a start applies up to a second of entries again', () => {
    const running = startCluster();
    append(running, 5);
    running.advance(1000);
    append(running, 5);
    const { appliedIndex } = memberOf(running, 'node-2');
    running.cluster.stopNode('node-2');
    const stored = running.cluster.node('node-2').loadControlDb();
    expect(stored === null ? null : pointersIn(stored)?.lastAppliedIndex).toBe(appliedIndex - 5);

    running.cluster.startNode('node-2');
    expect(memberOf(running, 'node-2').appliedIndex).toBe(appliedIndex - 5);
    running.advance(100);
    letSettle(running);
    expect(memberOf(running, 'node-2').appliedIndex).toBe(appliedIndex);
    expect(memberOf(running, 'node-2').contexts.get('default')?.EVENT.store.nextToken).toBe(10n);
  });
});
