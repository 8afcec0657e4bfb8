import { aFewSegments, everyBackup, growing, hazards, run, type Scenario } from '../parts.ts';

export const firstBackup: Scenario = {
  id: 'growth/first-backup',
  title: 'the first backup of a grown store',
  story:
    'A store with a dozen closed segments is backed up for the first time. The first closed segment has the number 0, which a cursor that begins at 0 skips.',
  cluster: growing,
  steps: [...aFewSegments, run],
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
