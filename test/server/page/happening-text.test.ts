import { describe, expect, test } from 'vitest';
import { describeHappening, placeOf } from '../../../server/page/happening-text.ts';

const virtualTime = '2024-01-01T00:00:00.000Z';

describe('what happens in the cluster', () => {
  test('is told in words', () => {
    const store = { node: 'node-1', context: 'default', type: 'EVENT', segment: 42 } as const;
    const log = { node: 'node-1', group: 'default' } as const;
    const told = [
      describeHappening({ virtualTime, kind: 'segment-closed', ...store }),
      describeHappening({ virtualTime, kind: 'segment-transformed', ...store, version: 2 }),
      describeHappening({ virtualTime, kind: 'segment-versions-compacted', ...store, deletedFiles: 6 }),
      describeHappening({ virtualTime, kind: 'leader-elected', ...log, term: 2 }),
      describeHappening({ virtualTime, kind: 'log-cleaned', ...log, removed: [], firstIndex: 1 }),
      describeHappening({ virtualTime, kind: 'log-cleaned', ...log, removed: [1], firstIndex: 90 }),
      describeHappening({ virtualTime, kind: 'log-cleaned', ...log, removed: [1, 90], firstIndex: 180 }),
      describeHappening({ virtualTime, kind: 'control-db-backup', node: 'node-1', file: '/a/b/controldb1.zip' }),
      describeHappening({ virtualTime, kind: 'node-crashed', node: 'node-1' }),
    ];
    expect(told).toEqual([
      'default EVENT: segment 42 closed',
      'default EVENT: segment 42 transformed to version 2',
      'default EVENT: 6 files of old versions deleted',
      'leads default in term 2',
      'log of default: nothing to clean',
      'log of default cleaned: 1 segment deleted, begins with 90',
      'log of default cleaned: 2 segments deleted, begins with 180',
      'control database backup controldb1.zip',
      'crashed',
    ]);
  });

  test('has a place where it concerns one node', () => {
    expect(placeOf({ virtualTime, kind: 'node-stopped', node: 'node-2' })).toBe('node-2');
    expect(placeOf({ virtualTime, kind: 'workload-paused', reason: 'the disk is full' })).toBe('');
  });
});
