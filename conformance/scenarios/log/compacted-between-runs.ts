import { everyBackup } from '../every-backup.ts';
import { hazards } from '../hazards.ts';
import { needs } from '../needs.ts';
import type { Scenario } from '../scenario.ts';

export const compactedBetweenRuns: Scenario = {
  id: 'log/compacted-between-runs',
  title: 'the log is compacted between two runs',
  story:
    'Between two backups the server deletes log segments that the first one has copied. A log that is merged with the new one instead of being replaced keeps entries of another time.',
  cluster: { rate: 0.2, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  needs: [needs.log],
  steps: [{ kind: 'advance', by: '20m' }, { kind: 'run' }, { kind: 'advance', by: '3h' }, { kind: 'run' }],
  hazards: [hazards.logCleanedBetweenRuns, hazards.openSegmentCloses],
  rules: [...everyBackup, 'log/recopied', 'cursor/never-skips'],
};
