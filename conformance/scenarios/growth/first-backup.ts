import { aFewSegments } from '../a-few-segments.ts';
import { everyBackup } from '../every-backup.ts';
import { hazards } from '../hazards.ts';
import type { Scenario } from '../scenario.ts';

export const firstBackup: Scenario = {
  id: 'growth/first-backup',
  title: 'the first backup of a grown store',
  story:
    'A store with a dozen closed segments is backed up for the first time. The first closed segment has the number 0, which a cursor that begins at 0 skips.',
  cluster: { rate: 0.2, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  steps: [...aFewSegments, { kind: 'run' }],
  hazards: [hazards.firstSegmentIsZero, hazards.openSegmentTorn, hazards.liveControlDbTorn],
  rules: [
    ...everyBackup,
    'coverage/snapshots',
    'coverage/index-files',
    'copy/faithful',
    'cursor/never-skips',
    'open-segment/included',
    'order/same-node',
  ],
};
