import { advance, append, appendSnapshots, everyBackup, hazards, run, type Scenario } from '../parts.ts';

export const emptyThenFirstSegment: Scenario = {
  id: 'growth/empty-then-first-segment',
  title: 'nothing is closed at first, then the first segment is',
  story:
    'At the first backup no segment is closed, and the list of what is new is empty; at the second one segment 0 is. A cursor that is lost or set to 0 when the list is empty never asks for it.',
  cluster: { rate: 0, segmentSizeBytes: 16 * 1024, logSegmentSizeBytes: 8 * 1024 },
  steps: [
    append(5),
    appendSnapshots(5),
    run,
    append(30),
    { kind: 'roll' },
    { kind: 'roll', type: 'SNAPSHOT' },
    append(5),
    advance('3h'),
    run,
    run,
  ],
  hazards: [hazards.firstSegmentIsZero, hazards.openSegmentCloses],
  rules: [...everyBackup, 'cursor/never-skips', 'cursor/from-closed-segment', 'copy/faithful'],
};
