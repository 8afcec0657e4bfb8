import { aFewSegments } from '../a-few-segments.ts';
import { everyBackup } from '../every-backup.ts';
import { hazards } from '../hazards.ts';
import type { Scenario } from '../scenario.ts';

export const descending: Scenario = {
  id: 'listing/descending',
  title: 'names with the highest segment first',
  story:
    'The server lists its files otherwise than yesterday: names with the highest segment first. The last name of a list is not the newest segment, and a list may name a file twice.',
  cluster: { rate: 0.2, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  oddities: ['descending'],
  steps: [
    ...aFewSegments,
    { kind: 'run' },
    ...aFewSegments,
    { kind: 'advance', by: '3h' },
    { kind: 'run' },
    ...aFewSegments,
    { kind: 'run' },
    ...aFewSegments,
    { kind: 'run' },
  ],
  hazards: [hazards.namesDescend],
  rules: [...everyBackup, 'listing/any-order', 'cursor/never-skips', 'cursor/from-closed-segment'],
};
