import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeTransformations } from '../../../server/cluster/member/transformation-notes.ts';
import { decodeEventMessage } from '../../../server/formats/event-message.ts';
import { encodeTransaction } from '../../../server/formats/event-segment.ts';
import { DataDir } from '../../../server/stores/data-dir.ts';
import type { EventStore } from '../../../server/stores/event-store.ts';
import {
  append,
  delayReplication,
  eventsOfKind,
  letSettle,
  memberOf,
  MINUTE_MS,
  openCluster,
  SECOND_MS,
  startCluster,
  startMs,
  type RunningCluster,
} from '../../support/clusters.ts';
import { damage } from '../../support/damaged-files.ts';
import { failureOf } from '../../support/failure-of.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const hasVersions = true;
const nodes = ['node-1', 'node-2', 'node-3'];

function storeOf(running: RunningCluster, node: string): EventStore {
  const store = memberOf(running, node).contexts.get('default')?.EVENT.store;
  if (store === undefined) throw new Error(`${node} has no events`);
  return store;
}

/** Tokens whose events have the payload type of deleted ones. */
function deletedIn(running: RunningCluster, node: string): bigint[] {
  return [...storeOf(running, node).transactionsFrom(0n)].flatMap(({ firstToken, events }) =>
    events.flatMap((event, ordinal) =>
      decodeEventMessage(event).payload?.type === 'empty' ? [firstToken + BigInt(ordinal)] : [],
    ),
  );
}

/** What a process that is killed now leaves: the files as they are. */
function killed({ folder }: RunningCluster): string {
  const left = temporaryFolder();
  fs.cpSync(folder, left, { recursive: true });
  return left;
}

describe('a transformation', () => {
  test('deletes the events on every node, in the segments that hold them, wherever those begin', () => {
    const running = startCluster({ hasVersions, nodeSegmentSizeBytes: { 'node-2': 4096 } });
    append(running, 100);
    running.advance(MINUTE_MS);
    const { version, segments } = running.cluster.transformations.deleteEvents('default', 5n, 6n);
    expect(version).toBe(1);
    expect([...segments]).toEqual(nodes.map((node) => [node, [0n]]));
    for (const node of nodes) {
      expect(deletedIn(running, node)).toEqual([5n, 6n]);
      expect(storeOf(running, node).versionsOf(0n)).toEqual([0, 1]);
    }
    const told = eventsOfKind(running, 'segment-transformed');
    expect(told.map(({ node, segment, version: number }) => [node, segment, number])).toEqual(
      nodes.map((node) => [node, 0, 1]),
    );
  });

  test('of the open segment, or of one that is full, closes it first', () => {
    const running = startCluster({ nodes: 1, hasVersions });
    append(running, 60);
    const store = storeOf(running, 'node-1');
    const [full = 0n, ...active] = store.activeSegments();
    expect(active.length).toBeGreaterThan(1);
    running.cluster.transformations.deleteEvents('default', full, full);
    expect(store.activeSegments()).toEqual(active);
    running.cluster.transformations.deleteEvents('default', 59n, 59n);
    expect(store.activeSegments()).toEqual([60n]);
    expect(deletedIn(running, 'node-1')).toEqual([full, 59n]);
    expect(eventsOfKind(running, 'segment-closed').map(({ segment }) => BigInt(segment))).toEqual([full, ...active]);
    append(running, 1);
    expect(store.nextToken).toBe(61n);
  });

  test('has a version one above the one before it in the context, whatever segments that was about', () => {
    const running = startCluster({ contexts: ['default', 'other'], nodes: 1, hasVersions });
    append(running, 100);
    append(running, 1, { context: 'other' });
    const { transformations } = running.cluster;
    expect(transformations.deleteEvents('default', 0n, 0n).version).toBe(1);
    expect(transformations.deleteEvents('default', 99n, 99n).version).toBe(2);
    expect(transformations.deleteEvents('other', 0n, 0n).version).toBe(1);
    expect(storeOf(running, 'node-1').versionOf(0n)).toBe(1);
  });

  test('is done by a node that was stopped once it has started and caught up', () => {
    const running = startCluster({ hasVersions });
    append(running, 10);
    running.cluster.stopNode('node-3');
    append(running, 50);
    const { segments } = running.cluster.transformations.deleteEvents('default', 3n, 40n);
    expect([...segments.keys()]).toEqual(['node-1', 'node-2']);
    running.cluster.startNode('node-3');
    running.advance(2 * SECOND_MS);
    expect(deletedIn(running, 'node-3')).toEqual(deletedIn(running, 'node-1'));
    expect(deletedIn(running, 'node-3')).toHaveLength(38);
  });

  test('is done by a node that lags behind when it has the events', () => {
    const running = startCluster({ hasVersions });
    delayReplication(running, 'node-2', 5000);
    append(running, 5);
    expect([...running.cluster.transformations.deleteEvents('default', 4n, 4n).segments.keys()]).toEqual([
      'node-1',
      'node-3',
    ]);
    running.advance(10 * SECOND_MS);
    expect(deletedIn(running, 'node-2')).toEqual([4n]);
  });

  test('does not keep a node from applying again what it had applied before a crash', () => {
    const running = startCluster({ hasVersions });
    append(running, 20);
    running.cluster.transformations.deleteEvents('default', 15n, 17n);
    running.cluster.transformations.compact('default');
    running.cluster.crashNode('node-2');
    running.cluster.startNode('node-2');
    append(running, 1);
    running.advance(5 * SECOND_MS);
    expect(memberOf(running, 'node-2').applyError).toBeNull();
    expect(storeOf(running, 'node-2').nextToken).toBe(21n);
    expect(deletedIn(running, 'node-2')).toEqual([15n, 16n, 17n]);
  });

  test('reaches a node that got its events by an installed snapshot', () => {
    const running = startCluster({ hasVersions });
    append(running, 10);
    running.cluster.stopNode('node-3');
    append(running, 60);
    running.cluster.transformations.deleteEvents('default', 20n, 20n);
    running.advance(MINUTE_MS);
    for (const node of ['node-1', 'node-2']) running.cluster.node(node).cleanLog('default', 0);
    running.cluster.startNode('node-3');
    letSettle(running);
    running.advance(2 * SECOND_MS);
    expect(eventsOfKind(running, 'snapshot-installed').some(({ node }) => node === 'node-3')).toBe(true);
    expect(deletedIn(running, 'node-3')).toEqual([20n]);
    expect(storeOf(running, 'node-3').highestVersion).toBe(1);
  });
});

describe('after a restart', () => {
  test('or a kill, the next transformation has the next version, though the files of the last one are compacted', () => {
    const folder = temporaryFolder();
    const first = openCluster({ folder, hasVersions });
    append(first, 60);
    first.cluster.transformations.deleteEvents('default', 1n, 1n);
    first.cluster.transformations.deleteEvents('default', 50n, 50n);
    const left = killed(first);
    first.cluster.close();
    for (const each of [folder, left]) {
      const again = startCluster({ folder: each, hasVersions });
      expect(deletedIn(again, 'node-2')).toEqual([1n, 50n]);
      expect(again.cluster.transformations.deleteEvents('default', 2n, 2n).version).toBe(3);
    }
  });

  test('what was asked for and not done when the process was killed is done', () => {
    const folder = temporaryFolder();
    const first = openCluster({ folder, hasVersions });
    append(first, 60);
    first.cluster.close();
    const asked = { context: 'default', version: 1, firstToken: 2n, lastToken: 2n, hasBegun: false };
    writeTransformations(new DataDir(folder), [asked], startMs);
    const again = startCluster({ folder, hasVersions });
    for (const node of nodes) expect(deletedIn(again, node)).toEqual([2n]);
  });

  test.each([60, 2])(
    'on a backup of before the transformation, with %i events, its events are there, and stay',
    (transactions) => {
      const folder = temporaryFolder();
      const before = openCluster({ folder, hasVersions });
      append(before, transactions);
      before.cluster.close();
      const backup = killed(before);
      const first = openCluster({ folder, hasVersions });
      append(first, 60);
      first.cluster.transformations.deleteEvents('default', 1n, 1n);
      first.cluster.transformations.deleteEvents('default', 30n, 30n);
      first.cluster.close();
      for (const node of nodes) {
        fs.rmSync(path.join(folder, node), { recursive: true });
        fs.cpSync(path.join(backup, node), path.join(folder, node), { recursive: true });
      }
      const again = startCluster({ folder, hasVersions });
      append(again, 60);
      for (const node of nodes) expect(deletedIn(again, node)).toEqual([]);
      expect(again.cluster.transformations.deleteEvents('default', 1n, 1n).version).toBe(1);
    },
  );

  test('versions that nobody has noted count', () => {
    const folder = temporaryFolder();
    const first = openCluster({ folder, nodes: 1, hasVersions });
    append(first, 10);
    for (const token of [1n, 2n]) first.cluster.transformations.deleteEvents('default', token, token);
    first.cluster.close();
    fs.rmSync(path.join(folder, 'simulator', 'transformations.json'));
    const again = startCluster({ folder, nodes: 1, hasVersions });
    expect(again.cluster.transformations.deleteEvents('default', 3n, 3n).version).toBe(3);
  });

  test('a note that cannot be read stops the start with the way out', () => {
    const folder = temporaryFolder();
    fs.mkdirSync(path.join(folder, 'simulator'));
    fs.writeFileSync(path.join(folder, 'simulator', 'transformations.json'), '[{"firstToken":"x"}]');
    const failure = failureOf(() => startCluster({ folder, hasVersions }));
    expect(failure).toMatchObject({ kind: 'data-folder-unusable' });
    expect(failure.message).toContain('transformations.json is not what the simulator writes: remove it');
  });

  test('a release without versions does not start on a folder with some', () => {
    const folder = temporaryFolder();
    const first = openCluster({ folder, hasVersions });
    append(first, 10);
    first.cluster.transformations.deleteEvents('default', 1n, 1n);
    first.cluster.close();
    expect(failureOf(() => startCluster({ folder })).message).toMatch(
      /node-1: Failed to start storage: .*For input string: "0{20}_00001\.events"/,
    );
  });
});

describe('a transformation is refused', () => {
  test('by a release without versions', () => {
    const running = startCluster({ nodes: 1 });
    append(running, 1);
    const message = 'This release has no versions of segments: start with --server-version 2023.2';
    for (const call of [
      () => running.cluster.transformations.deleteEvents('default', 0n, 0n),
      () => running.cluster.transformations.compact('default'),
    ]) {
      expect(failureOf(call)).toMatchObject({ kind: 'conflict', status: 409, message });
    }
  });

  test('where there are no such events, no such context, or no leader', () => {
    const running = startCluster({ hasVersions });
    const { transformations } = running.cluster;
    const refused = (from: bigint, to: bigint, context = 'default'): string =>
      failureOf(() => transformations.deleteEvents(context, from, to)).message;
    expect(refused(0n, 0n)).toBe('tokens 0 to 0: default holds no events');
    append(running, 5);
    expect(refused(3n, 5n)).toBe('tokens 3 to 5: default holds 0 to 4');
    expect(refused(4n, 3n)).toContain('tokens 4 to 3');
    expect(refused(0n, 0n, 'nowhere')).toContain('AXONIQ-1302');
    for (const node of nodes) expect(storeOf(running, node).highestVersion).toBe(0);
    running.cluster.stopNode('node-1');
    running.cluster.stopNode('node-2');
    expect(refused(0n, 0n)).toBe('Replication group default has no leader');
  });

  test('where names have no room for another version', () => {
    const folder = temporaryFolder();
    const first = openCluster({ folder, nodes: 1, hasVersions });
    append(first, 10);
    first.cluster.transformations.deleteEvents('default', 1n, 1n);
    const version1 = storeOf(first, 'node-1').pathOf(0n, '');
    first.cluster.close();
    for (const suffix of ['.events', '.index', '.bloom']) {
      fs.renameSync(version1 + suffix, `${version1.replace('_00001', '_99999')}${suffix}`);
    }
    const again = startCluster({ folder, nodes: 1, hasVersions });
    const failure = failureOf(() => again.cluster.transformations.deleteEvents('default', 2n, 2n));
    expect(failure).toMatchObject({ kind: 'conflict', message: 'default has its last version already' });
  });

  test('by a node whose segment is damaged, while the others do their part', () => {
    const running = startCluster({ hasVersions });
    append(running, 60);
    running.advance(MINUTE_MS);
    damage(storeOf(running, 'node-2').pathOf(0n, '.events'), (bytes) => void bytes.writeUInt8(0xff, 40));
    expect(failureOf(() => running.cluster.transformations.deleteEvents('default', 0n, 0n)).kind).toBe(
      'validation-failed',
    );
    expect(deletedIn(running, 'node-3')).toEqual([0n]);
    running.advance(10 * SECOND_MS);
    const said = eventsOfKind(running, 'apply-failed').map(({ node, message }) => `${node} ${message}`);
    expect(said).toEqual([expect.stringMatching(/^node-2 default: Transformation failed .*Invalid checksum at/)]);
  });
});

describe('a compaction', () => {
  test('deletes the old versions on every running node, and tells how many files', () => {
    const running = startCluster({ hasVersions });
    append(running, 60);
    const { transformations } = running.cluster;
    transformations.deleteEvents('default', 1n, 1n);
    running.cluster.stopNode('node-3');
    expect([...transformations.compact('default')]).toEqual([
      ['node-1', 3],
      ['node-2', 3],
    ]);
    expect([...transformations.compact('default').values()]).toEqual([0, 0]);
    expect(deletedIn(running, 'node-1')).toEqual([1n]);
    const told = eventsOfKind(running, 'segment-versions-compacted');
    expect(told.map(({ node, deletedFiles }) => [node, deletedFiles])).toEqual([
      ['node-1', 3],
      ['node-2', 3],
    ]);
  });
});

describe('the ledger', () => {
  test('knows what became of a transaction, and since when every node has it', () => {
    const running = startCluster({ hasVersions });
    append(running, 10);
    running.cluster.stopNode('node-3');
    running.cluster.transformations.deleteEvents('default', 4n, 4n);
    const ledger = running.cluster.ledger.of('default', 'EVENT');
    const [stored] = storeOf(running, 'node-1').transactionsFrom(4n);
    const bytes = encodeTransaction(stored?.events ?? []);
    const checksum = bytes.readUInt32BE(bytes.length - 4);
    expect(checksum).not.toBe(ledger.at(4).checksum);
    expect(ledger.versionsAt(4)).toEqual([{ version: 1, checksum, everywhereSinceMs: null }]);
    expect(ledger.versionsAt(3)).toEqual([]);
    running.cluster.startNode('node-3');
    const everywhereSinceMs = running.cluster.clock.nowMs;
    expect(ledger.versionsAt(4)).toEqual([{ version: 1, checksum, everywhereSinceMs }]);
  });
});
