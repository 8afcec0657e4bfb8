import * as fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { behaviourOf, type ServerVersion } from '../../../server/index.ts';
import { segmentsToClean } from '../../../server/cluster/member/compaction.ts';
import { decodeControlDbArchive } from '../../../server/formats/control-db-archive.ts';
import { ControlDb, loadSqlEngine } from '../../../server/stores/control-db.ts';
import { append, HOUR_MS, MINUTE_MS, SECOND_MS, startCluster, type RunningCluster } from '../../support/clusters.ts';
import { memberOf } from '../../support/clusters.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const engine = await loadSqlEngine();

function clusterOf(version: ServerVersion, folder = temporaryFolder()): RunningCluster {
  const { controlDbTables, cleaningAfterPost } = behaviourOf(version, 'enterprise');
  return startCluster({ nodes: 1, folder, controlDbTables, cleaningAfterPost });
}

/** Segments of the log of `default`, by their first index. */
function logOf(running: RunningCluster): readonly number[] {
  return memberOf(running, 'node-1').log.closedSegments.map(({ firstIndex }) => firstIndex);
}

describe('what a POST notes in RG_BACKUP_INFO', () => {
  test.each(['2024.2', '2025.2', '2026.0'] as const)(
    'of %s keeps what is above the noted index for an hour, whoever cleans, and nothing below it',
    (version) => {
      const running = clusterOf(version);
      const node = running.cluster.node('node-1');
      append(running, 60);
      running.advance(2 * SECOND_MS);
      node.createControlDbBackup();
      const noted = node.controlDb?.backupInfoOf('default');
      expect(noted).toEqual({
        lastAppliedIndex: memberOf(running, 'node-1').appliedIndex,
        lastBackupMs: running.cluster.clock.nowMs,
      });
      append(running, 60);
      running.advance(MINUTE_MS);
      const before = logOf(running);
      node.cleanLog('default', 0);
      const after = logOf(running);
      // The segment that holds the noted entry is the first that stays.
      const holding = before.findLast((first) => first <= (noted?.lastAppliedIndex ?? 0)) ?? 0;
      expect(after[0]).toBe(holding);
      expect(after.length).toBeGreaterThan(2);
      running.advance(HOUR_MS);
      node.cleanLog('default', 0);
      expect(logOf(running)).toHaveLength(1);
    },
  );

  test('is nothing before 2024, and cleaning rests instead', () => {
    const running = clusterOf('2023.2');
    const node = running.cluster.node('node-1');
    append(running, 60);
    running.advance(10 * MINUTE_MS);
    node.createControlDbBackup();
    expect(node.controlDb?.backupInfoOf('default')).toBeNull();
    expect(node.nextCleaningAtMs('default')).toBe(running.cluster.clock.nowMs + HOUR_MS);
  });

  test('does not put off the next cleaning from 2024 on', () => {
    const running = clusterOf('2024.2');
    const node = running.cluster.node('node-1');
    running.advance(10 * MINUTE_MS);
    const planned = node.nextCleaningAtMs('default');
    node.createControlDbBackup();
    expect(node.nextCleaningAtMs('default')).toBe(planned);
  });

  test('is there after a restart, and in the next zip', () => {
    const running = clusterOf('2026.0');
    append(running, 5);
    running.cluster.node('node-1').createControlDbBackup();
    const noted = running.cluster.node('node-1').controlDb?.backupInfoOf('default');
    running.cluster.stopNode('node-1');
    running.cluster.startNode('node-1');
    running.advance(MINUTE_MS);
    expect(running.cluster.node('node-1').controlDb?.backupInfoOf('default')).toEqual(noted);
    const zip = running.cluster.node('node-1').createControlDbBackup();
    const inZip = ControlDb.open(engine, decodeControlDbArchive(fs.readFileSync(zip)));
    expect(inZip.backupInfoOf('default')).toEqual(noted);
  });

  test('begins with the release: a folder of 2023.2 is gone on with', () => {
    const old = clusterOf('2023.2');
    old.cluster.stopNode('node-1');
    const running = clusterOf('2025.2', old.folder);
    running.cluster.node('node-1').createControlDbBackup();
    expect(running.cluster.node('node-1').controlDb?.backupInfoOf('_admin')).not.toBeNull();
  });
});

test('a segment with one entry above the index stays, and one that ends with it goes', () => {
  const closed = [1, 11, 21, 31].map((firstIndex) => ({ firstIndex, modifiedAtMs: 0 }));
  const gone = (kept: number): number[] => segmentsToClean(closed, 35, HOUR_MS, 0, kept).map((each) => each.firstIndex);
  expect(gone(9)).toEqual([]);
  expect(gone(10)).toEqual([1]);
  expect(gone(20)).toEqual([1, 11]);
  expect(gone(Number.POSITIVE_INFINITY)).toEqual([1, 11, 21]);
});
