import { aFewSegments } from '../a-few-segments.ts';
import { everyBackup } from '../every-backup.ts';
import { hazards } from '../hazards.ts';
import type { Scenario } from '../scenario.ts';

export const shuffled: Scenario = {
  id: 'listing/shuffled',
  title: 'names in no order',
  story:
    'The server lists its files otherwise than yesterday: names in no order. The last name of a list is not the newest segment, and a list may name a file twice.',
  cluster: { rate: 0.2, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  oddities: ['shuffled'],
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
  hazards: [hazards.namesInNoOrder],
  rules: [...everyBackup, 'listing/any-order', 'cursor/never-skips', 'cursor/from-closed-segment'],
};
