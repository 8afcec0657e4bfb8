import { advance, everyBackup, hazards, run, type Scenario } from '../parts.ts';

export const largeStore: Scenario = {
  id: 'order/large-store',
  title: 'a store so large that copying it takes hours',
  story:
    'Copying the events takes longer than the 30 minutes for which the manual promises the log, and longer than the hour after which it is compacted. There are two groups: whoever copies the log last, or that of the second group behind the events of the first, finds it cut.',
  cluster: {
    rate: 0.1,
    contexts: ['default', 'orders'],
    segmentSizeBytes: 32 * 1024,
    logSegmentSizeBytes: 8 * 1024,
  },
  pace: { copiedBytesPerSecond: 350 },
  steps: [advance('12h'), run],
  hazards: [hazards.longCopy, hazards.pastNextCleaning],
  rules: [...everyBackup, 'cursor/never-skips'],
};
