import { advance, append, everyBackup, hazards, run, type Scenario } from '../parts.ts';

export const thousandFiles: Scenario = {
  id: 'growth/thousand-files',
  title: 'more than a thousand files at once',
  story:
    'The first listing has more than a thousand names. Tools that put them on one command line, or open them all at once, break here.',
  cluster: { rate: 0, segmentSizeBytes: 256, logSegmentSizeBytes: 64 * 1024 },
  steps: [append(520, { payloadBytes: 10 }), advance('10m'), run],
  hazards: [hazards.thousandFiles],
  rules: [...everyBackup, 'cursor/never-skips', 'copy/faithful'],
};
