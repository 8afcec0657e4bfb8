import { advance, append, appendSnapshots, everyBackup, hazards, run, type Scenario } from '../parts.ts';

const MIB = 1024 * 1024;

export const largeSegments: Scenario = {
  id: 'growth/large-segments',
  title: 'segments that no buffer holds at once',
  story:
    'A segment of a real store has 256 MiB. Here it has three, which is more than a tool reads at a time: one that loses what does not fill a buffer, or stops at a limit, copies segments that are not whole. The open one grows behind its first megabyte, and then closes: one that compares the beginnings alone keeps half of it.',
  cluster: { rate: 0, segmentSizeBytes: 3 * MIB, logSegmentSizeBytes: 2 * MIB },
  steps: [
    append(100, { payloadBytes: 45_000 }),
    appendSnapshots(20),
    advance('10s'),
    run,
    append(20, { payloadBytes: 45_000 }),
    advance('2s'),
    run,
    append(30, { payloadBytes: 45_000 }),
    advance('10s'),
    run,
  ],
  hazards: [hazards.largeSegments, hazards.nothingNew, hazards.openSegmentCloses],
  rules: [...everyBackup, 'coverage/snapshots', 'copy/faithful', 'cursor/never-skips', 'open-segment/overwritten'],
};
