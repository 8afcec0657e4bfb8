import { aFewSegments } from '../a-few-segments.ts';
import { everyBackup } from '../every-backup.ts';
import { hazards } from '../hazards.ts';
import type { Scenario } from '../scenario.ts';

export const missingIndex: Scenario = {
  id: 'listing/missing-index',
  title: 'an index that is listed and does not exist',
  story:
    'The listing names an index file that is not there, as releases with event transformation do: there is nothing to copy, and the backup is none the worse for it. Indexes that are there are another matter: below a good one a server builds none.',
  cluster: { rate: 0.2, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  oddities: ['index-that-does-not-exist'],
  steps: [...aFewSegments, { kind: 'run' }],
  hazards: [hazards.missingIndex],
  rules: [...everyBackup, 'cursor/never-skips'],
};
