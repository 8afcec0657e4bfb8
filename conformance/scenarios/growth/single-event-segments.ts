import { advance, append, appendSnapshots, everyBackup, hazards, run, type Scenario } from '../parts.ts';

export const singleEventSegments: Scenario = {
  id: 'growth/single-event-segments',
  title: 'segments of a single event',
  story:
    'Every segment holds one event, so numbers follow on each other without a gap. A cursor of one too many skips a whole segment.',
  cluster: { rate: 0, segmentSizeBytes: 512, logSegmentSizeBytes: 8 * 1024 },
  steps: [
    append(8, { payloadBytes: 150 }),
    appendSnapshots(3, { payloadBytes: 150 }),
    advance('15s'),
    run,
    append(1, { payloadBytes: 150 }),
    advance('15s'),
    run,
    append(2, { payloadBytes: 150 }),
    advance('15s'),
    run,
  ],
  hazards: [hazards.singleEventSegments, hazards.firstSegmentIsZero],
  rules: [...everyBackup, 'cursor/never-skips', 'cursor/from-closed-segment'],
};
