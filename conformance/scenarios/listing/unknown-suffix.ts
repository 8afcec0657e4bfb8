import { aFewSegments } from '../a-few-segments.ts';
import { everyBackup } from '../every-backup.ts';
import { hazards } from '../hazards.ts';
import type { Scenario } from '../scenario.ts';

export const unknownSuffix: Scenario = {
  id: 'listing/unknown-suffix',
  title: 'a kind of file that no client has heard of',
  story:
    'The listing names files of a new suffix beside the known ones, and an index that does not exist, as some releases do. What is listed is to be copied, whatever it is called.',
  cluster: { rate: 0.2, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  oddities: ['unknown-suffix'],
  steps: [...aFewSegments, { kind: 'run' }, ...aFewSegments, { kind: 'advance', by: '3h' }, { kind: 'run' }],
  hazards: [hazards.unknownSuffixes],
  rules: [...everyBackup, 'listing/unknown-suffixes', 'cursor/never-skips'],
};
