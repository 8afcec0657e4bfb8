import { everyBackup } from '../every-backup.ts';
import { hazards } from '../hazards.ts';
import { needs } from '../needs.ts';
import type { Scenario } from '../scenario.ts';

export const absentOnce: Scenario = {
  id: 'listing/absent-once',
  title: 'a list lacks the segment that is about to close',
  story:
    'In the instant in which a segment closes, the list of the store has it neither among closed ones nor among those that are written: 2023.2 was seen to do that, twice in 27,056 times. No name tells, so nothing is held against the run that is not told of it; but the next list has it for whoever asks with lastClosedSegment, and for nobody else.',
  needs: [needs.openSegmentsListed],
  cluster: { rate: 0, nodes: 1, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 32 * 1024 },
  oddities: ['absent-once'],
  steps: [
    { kind: 'append', transactions: 50 },
    { kind: 'append', transactions: 10, type: 'SNAPSHOT' },
    { kind: 'advance', by: '10s' },
    { kind: 'run' },
    { kind: 'append', transactions: 100 },
    { kind: 'advance', by: '1s' },
    { kind: 'run' },
    { kind: 'append', transactions: 30 },
    { kind: 'advance', by: '10s' },
    { kind: 'run' },
  ],
  hazards: [hazards.segmentLeftOut],
  rules: [...everyBackup, 'cursor/never-skips', 'cursor/from-closed-segment'],
};
