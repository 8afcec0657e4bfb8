import { advance, append, appendSnapshots, everyBackup, hazards, run, type Scenario } from '../parts.ts';

export const largeSnapshots: Scenario = {
  id: 'order/large-snapshots',
  title: 'snapshots so large that copying them takes hours',
  story:
    'Few events and large snapshots: those who copy the log before the events, and the snapshots before both, are there when the log has been cut.',
  cluster: {
    nodes: 1,
    rate: 0.1,
    segmentSizeBytes: 32 * 1024,
    logSegmentSizeBytes: 8 * 1024,
  },
  pace: { copiedBytesPerSecond: 350 },
  steps: [append(60), appendSnapshots(230, { payloadBytes: 7000 }), advance('3h'), run],
  hazards: [hazards.longSnapshotCopy],
  rules: [...everyBackup, 'cursor/never-skips'],
};
