import { everyBackup } from '../every-backup.ts';
import { hazards } from '../hazards.ts';
import type { Scenario } from '../scenario.ts';

export const openSegmentFills: Scenario = {
  id: 'growth/open-segment-fills',
  title: 'the open segment fills without closing',
  story:
    'Between two backups the open segment gains events but does not close; its file keeps its size, since it is preallocated. A tool that compares sizes, or copies nothing that it has, keeps the old bytes.',
  cluster: { rate: 0, segmentSizeBytes: 64 * 1024, logSegmentSizeBytes: 8 * 1024 },
  steps: [
    { kind: 'append', transactions: 20 },
    { kind: 'append', transactions: 5, type: 'SNAPSHOT' },
    { kind: 'run' },
    { kind: 'append', transactions: 20 },
    { kind: 'append', transactions: 5, type: 'SNAPSHOT' },
    { kind: 'advance', by: '3h' },
    { kind: 'run' },
  ],
  hazards: [hazards.nothingNew],
  rules: [...everyBackup, 'open-segment/overwritten', 'open-segment/included', 'coverage/snapshots'],
};
