import { advance, append, appendSnapshots, everyBackup, hazards, needs, run, type Scenario } from '../parts.ts';

export const absentOnce: Scenario = {
  id: 'listing/absent-once',
  title: 'a list lacks the segment that is about to close',
  story:
    'In the instant in which a segment closes, the list of the store has it neither among closed ones nor among those that are written: 2023.2 was seen to do that, twice in 27,056 times. No name tells, so nothing is held against the run that is not told of it; but the next list has it for whoever asks with lastClosedSegment, and for nobody else.',
  needs: [needs.openSegmentsListed],
  cluster: { rate: 0, nodes: 1, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 32 * 1024 },
  oddities: ['absent-once'],
  steps: [
    append(50),
    appendSnapshots(10),
    advance('10s'),
    run,
    append(100),
    advance('1s'),
    run,
    append(30),
    advance('10s'),
    run,
  ],
  hazards: [hazards.segmentLeftOut],
  rules: [...everyBackup, 'cursor/never-skips', 'cursor/from-closed-segment'],
};
