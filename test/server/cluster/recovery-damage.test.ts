import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeEventSegment } from '../../../server/formats/event-segment.ts';
import { startSimulator } from '../../../server/index.ts';
import { disagreements } from '../../support/cluster-files.ts';
import {
  append,
  delayReplication,
  eventsOfKind,
  leaderOf,
  letSettle,
  memberOf,
  MINUTE_MS,
  openCluster,
  startCluster,
  startMs,
  stoppedCluster,
  type RunningCluster,
} from '../../support/clusters.ts';
import { damage } from '../../support/damaged-files.ts';
import { failureOf } from '../../support/failure-of.ts';
import { openFilesIn } from '../../support/open-files.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function restart(folder: string): RunningCluster {
  return startCluster({ folder, startMs: startMs + 2 * MINUTE_MS });
}

function filesOf(folder: string, node: string, suffix: string): string[] {
  const directory = path.join(folder, node, suffix === '.log' ? 'log' : 'events', 'default');
  return fs
    .readdirSync(directory)
    .filter((name) => name.endsWith(suffix))
    .toSorted()
    .map((name) => path.join(directory, name));
}

function last<Item>(items: readonly Item[], fromEnd = 1): Item {
  const item = items.at(-fromEnd);
  if (item === undefined) throw new Error(`There is no item ${fromEnd} from the end`);
  return item;
}

/** What the start says, which must leave nothing open. */
function refusalOf(folder: string): string {
  const failure = failureOf(() => restart(folder));
  expect(failure.kind).toBe('storage-start-failed');
  expect(openFilesIn(folder)).toEqual([]);
  return failure.message;
}

describe('damaged event segments stop the whole start', () => {
  test('a checksum in the open segment, with the message of the real server', async () => {
    const folder = stoppedCluster();
    const file = last(filesOf(folder, 'node-2', '.events'));
    const bytes = fs.readFileSync(file);
    const { transactions } = decodeEventSegment(bytes, BigInt(path.basename(file).slice(0, 20)));
    const { firstToken, position, lengthBytes } = last(transactions);
    damage(file, (content) => {
      content.writeUInt8(content.readUInt8(position + lengthBytes - 10) ^ 1, position + lengthBytes - 10);
    });
    const expected = `node-2: Failed to start storage: [AXONIQ-9200] [AXONIQ-9200] Invalid checksum at ${firstToken + 1n} (in ${path.dirname(file)})`;
    expect(refusalOf(folder)).toBe(expected);

    fs.mkdirSync(path.join(folder, 'simulator'), { recursive: true });
    fs.writeFileSync(
      path.join(folder, 'simulator', 'cluster.json'),
      JSON.stringify({ formatVersion: 1, nodes: 3, contexts: ['default'], seed: 1, nowMs: startMs }),
    );
    const simulator = startSimulator({ port: 0, speed: 0, rate: 0, dataDir: folder });
    await expect(simulator).rejects.toMatchObject({ name: 'AxonError', message: expected });
    expect(openFilesIn(folder)).toEqual([]);

    fs.writeFileSync(file, bytes);
    const running = restart(folder);
    append(running, 1);
    expect(disagreements(running.cluster, folder)).toEqual([]);
  });

  test('a gap before the newest segment', () => {
    const folder = stoppedCluster();
    fs.rmSync(last(filesOf(folder, 'node-1', '.events'), 2));
    expect(refusalOf(folder)).toMatch(
      /^node-1: Failed to start storage: \[AXONIQ-9200\] Validation exception: segment \d+ ending at token, \d+, next segment starts at token \d+ /,
    );
  });

  test('a gap further back, but only after a crash', () => {
    for (const crashed of [false, true]) {
      const folder = stoppedCluster({ crashed });
      fs.rmSync(last(filesOf(folder, 'node-1', '.events'), 6));
      if (crashed) expect(refusalOf(folder)).toContain('Validation exception');
      else append(restart(folder), 1);
    }
  });

  test('a file that breaks off', () => {
    const folder = stoppedCluster();
    const file = last(filesOf(folder, 'node-3', '.events'));
    const { transactions } = decodeEventSegment(fs.readFileSync(file), BigInt(path.basename(file).slice(0, 20)));
    const { firstToken, position } = last(transactions);
    fs.truncateSync(file, position + 20);
    expect(refusalOf(folder)).toContain(
      `node-3: Failed to start storage: [AXONIQ-9000] Failed to read event: ${firstToken}`,
    );
  });

  test('snapshots alike', () => {
    const folder = stoppedCluster();
    fs.truncateSync(last(filesOf(folder, 'node-1', '.snapshots')), 3);
    expect(refusalOf(folder)).toContain('[AXONIQ-9000] Failed to read event');
  });
});

describe('a log that is gone', () => {
  test('sends the pointers of its node back to nothing, and the node catches up', () => {
    const folder = stoppedCluster();
    for (const file of filesOf(folder, 'node-2', '.log')) fs.rmSync(file);
    const running = restart(folder);
    const [lost] = eventsOfKind(running, 'log-lost');
    expect(lost).toMatchObject({ node: 'node-2', group: 'default' });
    expect(lost?.message).toMatch(/^Last applied index \d+ is higher than last log index 0$/);
    append(running, 5);
    expect(memberOf(running, 'node-2').log.firstIndex).toBe(1);
    expect(memberOf(running, 'node-2').appliedIndex).toBe(memberOf(running, 'node-1').appliedIndex);
    expect(disagreements(running.cluster, folder)).toEqual([]);
  });

  test('comes back as a snapshot where the leader has no longer all of it', () => {
    const folder = temporaryFolder();
    const first = openCluster({ folder });
    append(first, 200);
    first.cluster.node('node-1').cleanLog('default', 0);
    first.advance(MINUTE_MS);
    first.cluster.close();
    for (const file of filesOf(folder, 'node-3', '.log')) fs.rmSync(file);
    const running = restart(folder);
    append(running, 5);
    expect(eventsOfKind(running, 'snapshot-installed')).toMatchObject([{ node: 'node-3', group: 'default' }]);
    expect(disagreements(running.cluster, folder)).toEqual([]);
  });

  // The log of its node is empty then, and an empty log must not count as an old one.
  test('and came back as a snapshot makes its node a better leader than one that lags', () => {
    const running = startCluster();
    append(running, 5);
    delayReplication(running, 'node-2', MINUTE_MS);
    append(running, 100);
    running.cluster.stopNode('node-3');
    for (const file of filesOf(running.folder, 'node-3', '.log')) fs.rmSync(file);
    running.cluster.node('node-1').cleanLog('default', 0);
    running.cluster.startNode('node-3');
    running.advance(20);
    expect(eventsOfKind(running, 'snapshot-installed')).toMatchObject([{ node: 'node-3', group: 'default' }]);
    running.cluster.crashNode('node-1');
    delayReplication(running, 'node-2', 0);
    running.advance(3000);
    expect(leaderOf(running)).toBe('node-3');
    expect(append(running, 1).firstToken).toBe(105n);
    running.cluster.startNode('node-1');
    append(running, 1);
    letSettle(running);
    expect(disagreements(running.cluster, running.folder)).toEqual([]);
  });

  test('on every node leaves the events, and the next ones follow them', () => {
    const folder = stoppedCluster();
    for (const node of ['node-1', 'node-2', 'node-3'])
      for (const file of filesOf(folder, node, '.log')) fs.rmSync(file);
    const running = restart(folder);
    expect(eventsOfKind(running, 'log-lost')).toHaveLength(3);
    expect(append(running, 1).firstToken).toBe(203n);
    expect(disagreements(running.cluster, folder)).toEqual([]);
  });
});

describe('a log that cannot be read', () => {
  test('costs its node that one group, and the node says so', () => {
    const folder = stoppedCluster();
    const file = last(filesOf(folder, 'node-1', '.log'));
    damage(file, (bytes) => bytes.fill(0xff, 30, 200));
    const running = restart(folder);
    const [failed] = eventsOfKind(running, 'group-failed');
    expect(failed).toMatchObject({ node: 'node-1', group: 'default' });
    expect(failed?.message).toMatch(
      /^default: Failed to initialize context: \[AXONIQ-9000\] failed to read entry: \d+ \(in /,
    );
    expect([...running.cluster.node('node-1').members.keys()]).toEqual(['_admin']);
    expect(leaderOf(running)).not.toBe('node-1');
    append(running, 5);
    expect(openFilesIn(path.join(folder, 'node-1', 'events'))).toEqual([]);

    // Without the damaged log the node takes part again.
    running.cluster.stopNode('node-1');
    fs.rmSync(path.dirname(file), { recursive: true });
    running.cluster.startNode('node-1');
    append(running, 5);
    letSettle(running);
    expect(disagreements(running.cluster, folder)).toEqual([]);
  });

  // The exception of one round used to end every call that moved the clock, on all nodes.
  test('in the middle, keeps a follower from catching up that needs it, and nobody else', () => {
    const running = startCluster();
    append(running, 5);
    running.cluster.stopNode('node-3');
    append(running, 200);
    for (const node of ['node-1', 'node-2']) {
      for (const file of filesOf(running.folder, node, '.log').slice(2, 4)) fs.truncateSync(file, 40);
    }
    running.cluster.startNode('node-3');
    running.advance(10 * MINUTE_MS);
    append(running, 5);
    expect(memberOf(running, 'node-2').appliedIndex).toBe(memberOf(running, 'node-1').appliedIndex);
    expect(memberOf(running, 'node-3').appliedIndex).toBeLessThan(100);
    const [failed, ...more] = eventsOfKind(running, 'apply-failed');
    expect(failed?.message).toMatch(
      /^default: Replication from node-1 failed .*\[AXONIQ-9000\] failed to read entry: \d+$/,
    );
    expect(more).toEqual([]);
  });
});
