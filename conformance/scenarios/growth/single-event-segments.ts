import { everyBackup } from '../every-backup.ts';
import { hazards } from '../hazards.ts';
import type { Scenario } from '../scenario.ts';

export const singleEventSegments: Scenario = {
  id: 'growth/single-event-segments',
  title: 'segments of a single event',
  story:
    'Every segment holds one event, so numbers follow on each other without a gap. A cursor of one too many skips a whole segment.',
  cluster: { rate: 0, segmentSizeBytes: 512, logSegmentSizeBytes: 8 * 1024 },
  steps: [
    { kind: 'append', transactions: 8, payloadBytes: 150 },
    { kind: 'append', transactions: 3, type: 'SNAPSHOT', payloadBytes: 150 },
    { kind: 'advance', by: '15s' },
    { kind: 'run' },
    { kind: 'append', transactions: 1, payloadBytes: 150 },
    { kind: 'advance', by: '15s' },
    { kind: 'run' },
    { kind: 'append', transactions: 2, payloadBytes: 150 },
    { kind: 'advance', by: '15s' },
    { kind: 'run' },
  ],
  hazards: [hazards.singleEventSegments, hazards.firstSegmentIsZero],
  rules: [...everyBackup, 'cursor/never-skips', 'cursor/from-closed-segment'],
};
