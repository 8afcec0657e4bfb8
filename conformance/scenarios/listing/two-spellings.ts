import { aFewSegments } from '../a-few-segments.ts';
import { everyBackup } from '../every-backup.ts';
import { hazards } from '../hazards.ts';
import type { Scenario } from '../scenario.ts';

export const twoSpellings: Scenario = {
  id: 'listing/two-spellings',
  title: 'one file under two spellings, in paths with /./',
  story:
    'The server lists its files otherwise than yesterday: one file under two spellings, in paths with /./. The last name of a list is not the newest segment, and a list may name a file twice: who copies side by side writes it twice at a time.',
  cluster: { rate: 0.2, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  oddities: ['shuffled', 'dot-segments', 'two-spellings'],
  steps: [...aFewSegments, { kind: 'run' }, ...aFewSegments, { kind: 'advance', by: '3h' }, { kind: 'run' }],
  hazards: [hazards.twoSpellings, hazards.dotSegments],
  rules: [...everyBackup, 'listing/any-order', 'cursor/never-skips', 'cursor/from-closed-segment'],
};
