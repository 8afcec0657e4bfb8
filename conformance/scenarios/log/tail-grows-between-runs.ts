import { everyBackup } from '../every-backup.ts';
import { hazards } from '../hazards.ts';
import { needs } from '../needs.ts';
import type { Scenario } from '../scenario.ts';

export const tailGrowsBetweenRuns: Scenario = {
  id: 'log/tail-grows-between-runs',
  title: 'the log grows without new segments',
  story:
    'Between two backups the log gains entries in the segment that was open before; its name and its size stay. A tool that skips files which it already has keeps a log that ends too early.',
  cluster: { rate: 0, segmentSizeBytes: 64 * 1024, logSegmentSizeBytes: 64 * 1024 },
  needs: [needs.log],
  steps: [
    { kind: 'append', transactions: 40 },
    { kind: 'run' },
    { kind: 'append', transactions: 40 },
    { kind: 'advance', by: '2s' },
    { kind: 'run' },
  ],
  hazards: [hazards.nothingNew],
  rules: [...everyBackup, 'log/recopied'],
};
