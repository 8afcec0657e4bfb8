import { advance, append, appendSnapshots, hazards, logIsCleaned, run, type Scenario } from '../parts.ts';

const MIB = 1024 * 1024;

export const midFile: Scenario = {
  id: 'interruption/mid-file',
  title: 'a copy breaks off in the middle of a file',
  story:
    'A segment has three megabytes, and the disk takes two of them: whatever copies it is ended there, or told so. Half of a file lies where it was to be whole, and the next run must not take it for a copy because of its name.',
  cluster: { rate: 0, nodes: 1, segmentSizeBytes: 3 * MIB, logSegmentSizeBytes: 256 * 1024 },
  steps: [
    append(20),
    appendSnapshots(20),
    advance('10s'),
    run,
    append(80, { payloadBytes: 45_000 }),
    advance('10s'),
    { kind: 'run', fileLimitBytes: 2 * MIB },
    ...logIsCleaned,
    run,
  ],
  hazards: [hazards.copyBreaksOff, hazards.largeSegments],
  // Who packs its files may well have room for them, and then fails in no run.
  rules: ['copy/faithful', 'cursor/never-skips', 'log/replaced', 'outcome/exit-status-true', 'outcome/restorable'],
};
