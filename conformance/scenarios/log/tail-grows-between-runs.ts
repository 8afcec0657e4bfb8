import { advance, append, everyBackup, hazards, needs, run, type Scenario } from '../parts.ts';

export const tailGrowsBetweenRuns: Scenario = {
  id: 'log/tail-grows-between-runs',
  title: 'the log grows without new segments',
  story:
    'Between two backups the log gains entries in the segment that was open before; its name and its size stay. A tool that skips files which it already has keeps a log that ends too early.',
  cluster: { rate: 0, segmentSizeBytes: 64 * 1024, logSegmentSizeBytes: 64 * 1024 },
  needs: [needs.log],
  steps: [append(40), run, append(40), advance('2s'), run],
  hazards: [hazards.nothingNew],
  rules: [...everyBackup, 'log/recopied'],
};
