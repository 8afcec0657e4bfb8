import * as fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openLogStore } from '../../support/log-stores.ts';
import {
  append,
  eventsOfKind,
  memberOf,
  openCluster,
  SECOND_MS,
  startCluster,
  startMs,
  type RunningCluster,
} from '../../support/clusters.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/* Log segments of releases that have index files: full at first, closed by the same job as event segments. */

/** A cluster of one node, whose log segments hold about ten transactions. */
function indexedCluster(folder = temporaryFolder()): RunningCluster {
  return startCluster({ folder, nodes: 1, hasLogIndexFiles: true, logSegmentSizeBytes: 2048 });
}

function closedOf(running: RunningCluster): number[] {
  return memberOf(running, 'node-1').log.closedSegments.map(({ firstIndex }) => firstIndex);
}

/** First indexes of the log's segments in the order in which they began, the open one last. */
function begunOf(running: RunningCluster): number[] {
  const created = eventsOfKind(running, 'log-segment-created').filter(({ group }) => group === 'default');
  return [1, ...created.map(({ firstIndex }) => firstIndex)];
}

function indexedOf({ folder }: RunningCluster): number[] {
  const names = fs.readdirSync(`${folder}/node-1/log/default`).filter((name) => name.endsWith('.index'));
  return names.map((name) => Number.parseInt(name, 10)).toSorted((a, b) => a - b);
}

describe('the log segments of a running node', () => {
  test('are closed one a second, lowest first, counted from the start of the node', () => {
    const running = indexedCluster();
    running.advance(300);
    append(running, 40);
    const [first, second, third] = begunOf(running);
    expect(third).toBeGreaterThan(0);
    const elapsedMs = running.cluster.clock.nowMs - startMs;
    expect(elapsedMs).toBeLessThan(SECOND_MS);
    expect([closedOf(running), indexedOf(running)]).toEqual([[], []]);
    running.advance(SECOND_MS - elapsedMs - 1);
    expect(closedOf(running)).toEqual([]);
    running.advance(1);
    expect([closedOf(running), indexedOf(running)]).toEqual([[first], [first]]);
    running.advance(SECOND_MS);
    expect([closedOf(running), indexedOf(running)]).toEqual([
      [first, second],
      [first, second],
    ]);
    running.advance(60 * SECOND_MS);
    expect(closedOf(running)).toEqual(begunOf(running).slice(0, -1));
  });

  test('are closed by a clean stop, and by the start after a crash', () => {
    for (const end of ['stopNode', 'crashNode'] as const) {
      const running = indexedCluster();
      append(running, 40);
      const full = begunOf(running).slice(0, -1);
      running.cluster[end]('node-1');
      expect(indexedOf(running)).toEqual(end === 'stopNode' ? full : []);
      running.advance(5 * SECOND_MS);
      running.cluster.startNode('node-1');
      expect([closedOf(running), indexedOf(running)]).toEqual([full, full]);
    }
  });

  test('are closed at once where the release has no index files', () => {
    const running = startCluster({ nodes: 1, logSegmentSizeBytes: 2048 });
    append(running, 40);
    expect(closedOf(running)).toEqual(begunOf(running).slice(0, -1));
    expect(indexedOf(running)).toEqual([]);
  });

  test('are no affair of cleaning before they are closed, and then go with their index', () => {
    const running = indexedCluster();
    append(running, 40);
    expect(running.cluster.node('node-1').cleanLog('default', 0)).toEqual([]);
    running.advance(60 * SECOND_MS);
    const closed = closedOf(running);
    expect(running.cluster.node('node-1').cleanLog('default', 0)).toEqual(closed.slice(0, -1));
    expect(indexedOf(running)).toEqual(closed.slice(-1));
  });

  test('of a follower that an installed snapshot sends to another place leave no index behind', () => {
    const running = startCluster({ nodes: 3, hasLogIndexFiles: true, logSegmentSizeBytes: 2048 });
    append(running, 40);
    running.advance(60 * SECOND_MS);
    running.cluster.stopNode('node-3');
    append(running, 40);
    running.advance(3600 * SECOND_MS);
    append(running, 20);
    running.advance(60 * SECOND_MS);
    for (const node of ['node-1', 'node-2']) running.cluster.node(node).cleanLog('default', 0);
    running.cluster.startNode('node-3');
    running.advance(60 * SECOND_MS);
    expect(eventsOfKind(running, 'snapshot-installed')).toHaveLength(1);
    const names = fs.readdirSync(`${running.folder}/node-3/log/default`);
    const { closedSegments, firstIndex } = memberOf(running, 'node-3').log;
    expect(Math.min(...names.map((name) => Number.parseInt(name, 10)))).toBe(firstIndex);
    expect(names.filter((name) => name.endsWith('.index'))).toHaveLength(closedSegments.length);
  });
});

test('a data folder goes from a release with index files to one without, and back', () => {
  const folder = temporaryFolder();
  const begin = (hasLogIndexFiles: boolean): RunningCluster => {
    const running = openCluster({ folder, nodes: 1, hasLogIndexFiles, logSegmentSizeBytes: 2048 });
    append(running, 40);
    running.advance(60 * SECOND_MS);
    return running;
  };
  const older = begin(true);
  const indexed = closedOf(older);
  older.cluster.close();
  const newer = begin(false);
  // The segment that was open has no index yet, and gets none.
  expect(indexedOf(newer)).toEqual(indexed);
  const closed = closedOf(newer);
  newer.cluster.close();
  const again = begin(true);
  expect(indexedOf(again).filter((firstIndex) => firstIndex <= Math.max(...closed))).toEqual(closed);
  again.cluster.close();
  const log = openLogStore(folder, { folder: `${folder}/node-1/log/default`, segmentSizeBytes: 2048 });
  expect(log.lastIndex).toBeGreaterThan(120);
  log.close();
});
