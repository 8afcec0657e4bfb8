import { advance, everyBackup, growing, hazards, needs, run, type Scenario } from '../parts.ts';

export const compactedBetweenRuns: Scenario = {
  id: 'log/compacted-between-runs',
  title: 'the log is compacted between two runs',
  story:
    'Between two backups the server deletes log segments that the first one has copied. A log that is merged with the new one instead of being replaced keeps entries of another time.',
  cluster: growing,
  needs: [needs.log],
  steps: [advance('20m'), run, advance('3h'), run],
  hazards: [hazards.logCleanedBetweenRuns, hazards.openSegmentCloses],
  rules: [...everyBackup, 'log/recopied', 'cursor/never-skips'],
};
