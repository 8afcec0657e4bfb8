import * as fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../../support/failure-of.ts';
import {
  append,
  eventsOfKind,
  HOUR_MS,
  memberOf,
  MINUTE_MS,
  startCluster,
  startMs,
  type RunningCluster,
} from '../../support/clusters.ts';

const nodes = ['node-1', 'node-2', 'node-3'];

/** A cluster whose logs get a new segment every three minutes or so. */
function busyCluster(): RunningCluster {
  return startCluster({ rate: 0.1, segmentSizeBytes: 1024 ** 2, logSegmentSizeBytes: 8 * 1024 });
}

function nextCleanings({ cluster }: RunningCluster, group = 'default'): (number | null)[] {
  return nodes.map((node) => cluster.node(node).nextCleaningAtMs(group));
}

/** When the log of `default` was cleaned on a node, in minutes after the cluster's start. */
function cleaningsOf(running: RunningCluster, node: string): number[] {
  return eventsOfKind(running, 'log-cleaned')
    .filter((event) => event.node === node && event.group === 'default')
    .map(({ atMs }) => (atMs - startMs) / MINUTE_MS);
}

function segmentsOf(running: RunningCluster, node: string): number[] {
  return memberOf(running, node).log.closedSegments.map(({ firstIndex }) => firstIndex);
}

describe('log cleaning of a running cluster', () => {
  test('comes an hour after the start, then every hour, on every node and in every group', () => {
    const running = busyCluster();
    for (const group of ['_admin', 'default']) {
      expect(nextCleanings(running, group)).toEqual(nodes.map(() => startMs + HOUR_MS));
    }
    running.advance(HOUR_MS - 1);
    expect(nextCleanings(running)).toEqual(nodes.map(() => startMs + HOUR_MS));
    running.advance(1);
    expect(nextCleanings(running)).toEqual(nodes.map(() => startMs + 2 * HOUR_MS));

    // The first one finds nothing that is an hour old; the later ones do.
    running.advance(3 * HOUR_MS);
    for (const node of nodes) expect(cleaningsOf(running, node)).toEqual([120, 180, 240]);
  });

  test('deletes what has not been written for an hour, and not a segment more', () => {
    const running = busyCluster();
    running.advance(HOUR_MS);
    const before = segmentsOf(running, 'node-2');
    const { modifiedAtMs } = memberOf(running, 'node-2').log.closedSegments.at(-1) ?? { modifiedAtMs: 0 };
    expect(startMs + HOUR_MS - modifiedAtMs).toBeLessThan(10 * MINUTE_MS);
    running.advance(HOUR_MS);

    const event = eventsOfKind(running, 'log-cleaned').find(
      ({ node, group }) => node === 'node-2' && group === 'default',
    );
    expect(event?.removed).toEqual(before);
    expect(event?.firstIndex).toBe(memberOf(running, 'node-2').log.firstIndex);
    for (const segment of memberOf(running, 'node-2').log.closedSegments) {
      expect(segment.modifiedAtMs).toBeGreaterThan(startMs + HOUR_MS);
    }
    const files = fs.readdirSync(`${running.folder}/node-2/log/default`).map((name) => Number.parseInt(name, 10));
    expect(Math.min(...files)).toBe(event?.firstIndex);
  });

  test('a control database backup puts it off by an hour, on that node alone', () => {
    const running = busyCluster();
    running.advance(90 * MINUTE_MS);
    running.cluster.node('node-2').createControlDbBackup();
    const [first, second, third] = ['_admin', 'default'].flatMap((group) => nextCleanings(running, group));
    expect([first, second, third]).toEqual([startMs + 2 * HOUR_MS, startMs + 150 * MINUTE_MS, startMs + 2 * HOUR_MS]);
    expect(nextCleanings(running, 'default')).toEqual(nextCleanings(running, '_admin'));

    running.advance(3 * HOUR_MS);
    expect(cleaningsOf(running, 'node-1')).toEqual([120, 180, 240]);
    expect(cleaningsOf(running, 'node-2')).toEqual([150, 210, 270]);
    expect(cleaningsOf(running, 'node-3')).toEqual([120, 180, 240]);
  });

  test('whoever makes a backup more often than hourly keeps the whole log', () => {
    const running = busyCluster();
    for (let round = 0; round < 6; round++) {
      running.advance(59 * MINUTE_MS);
      running.cluster.node('node-1').createControlDbBackup();
    }
    expect(cleaningsOf(running, 'node-1')).toEqual([]);
    expect(memberOf(running, 'node-1').log.firstIndex).toBe(1);
    expect(memberOf(running, 'node-2').log.firstIndex).toBeGreaterThan(1);
  });

  test('a backup that fails puts it off all the same', () => {
    const running = busyCluster();
    running.advance(30 * MINUTE_MS);
    const { controlDbBackup } = running.cluster.node('node-1').folders;
    fs.writeFileSync(controlDbBackup, 'a file stands where the folder should be');
    const failure = failureOf(() => running.cluster.node('node-1').createControlDbBackup());
    expect(failure.message).toBe(`[AXONIQ-0001] Failed to create directory: ${controlDbBackup}`);
    expect(nextCleanings(running)[0]).toBe(startMs + 90 * MINUTE_MS);
  });

  test('waits for no follower: the leader cleans past one that is down', () => {
    const running = busyCluster();
    running.advance(MINUTE_MS);
    const last = memberOf(running, 'node-3').log.lastIndex;
    running.cluster.stopNode('node-3');
    running.advance(3 * HOUR_MS);
    expect(memberOf(running, 'node-1').log.firstIndex).toBeGreaterThan(last + 1);
    expect(memberOf(running, 'node-2').log.firstIndex).toBeGreaterThan(last + 1);
  });

  test('counts from the start of each node, and a stopped node cleans nothing', () => {
    const running = busyCluster();
    running.advance(10 * MINUTE_MS);
    running.cluster.stopNode('node-3');
    expect(nextCleanings(running)[2]).toBeNull();
    const files = fs.readdirSync(`${running.folder}/node-3/log/default`);
    running.advance(3 * HOUR_MS);
    expect(fs.readdirSync(`${running.folder}/node-3/log/default`)).toEqual(files);
    running.cluster.startNode('node-3');
    expect(nextCleanings(running)[2]).toBe(startMs + 250 * MINUTE_MS);
  });

  test('goes by the modification times of the files, so that a restored file with a fresh one stays', () => {
    const running = busyCluster();
    running.advance(50 * MINUTE_MS);
    running.cluster.stopNode('node-3');
    const [first = 0, second = 0, third = 0] = fs
      .readdirSync(`${running.folder}/node-3/log/default`)
      .map((name) => Number.parseInt(name, 10));
    const freshSeconds = (startMs + 51 * MINUTE_MS) / 1000;
    const file = `${running.folder}/node-3/log/default/${String(second).padStart(20, '0')}.log`;
    fs.utimesSync(file, freshSeconds, freshSeconds);
    running.cluster.startNode('node-3');
    running.advance(HOUR_MS);

    const event = eventsOfKind(running, 'log-cleaned').find(
      ({ node, group }) => node === 'node-3' && group === 'default',
    );
    expect(event?.atMs).toBe(startMs + 110 * MINUTE_MS);
    expect(event?.removed.slice(0, 2)).toEqual([first, third]);
    expect(segmentsOf(running, 'node-3')).toContain(second);
  });

  test('forced, it follows the same rule with another age', () => {
    const running = startCluster();
    append(running, 100);
    const { closedSegments, openSegment } = memberOf(running, 'node-2').log;
    const newest = closedSegments.at(-1)?.firstIndex;
    expect(running.cluster.node('node-2').cleanLog('default', MINUTE_MS)).toEqual([]);
    const removed = running.cluster.node('node-2').cleanLog('default', 0);
    expect(removed).toEqual(closedSegments.slice(0, -1).map(({ firstIndex }) => firstIndex));
    expect(memberOf(running, 'node-2').log.firstIndex).toBe(newest);
    expect(memberOf(running, 'node-2').log.openSegment).toBe(openSegment);
    expect(memberOf(running, 'node-1').log.firstIndex).toBe(1);
    expect(running.cluster.node('node-2').cleanLog('nothing', 0)).toBeNull();
  });
});
