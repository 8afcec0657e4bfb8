import { aFewSegments } from '../a-few-segments.ts';
import { hazards } from '../hazards.ts';
import type { Scenario } from '../scenario.ts';

export const unknownSuffix: Scenario = {
  id: 'listing/unknown-suffix',
  title: 'a kind of file that no client has heard of',
  story:
    'The listing names files of a new suffix beside the known ones, and an index that does not exist, as some releases do. What is listed is to be copied, whatever it is called.',
  cluster: { rate: 0.2, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  oddities: ['unknown-suffix'],
  steps: [...aFewSegments, { kind: 'run' }, ...aFewSegments, { kind: 'advance', by: '3h' }, { kind: 'run' }],
  hazards: [hazards.unknownSuffixes],
  rules: [
    'control-db/requested',
    'control-db/returned-file',
    'control-db/not-live-file',
    'order/control-db-first',
    'order/log-within-30-minutes',
    'log/all-groups',
    'log/replaced',
    'coverage/contexts',
    'copy/source-untouched',
    'outcome/exit-status-true',
    'outcome/restorable',
    'outcome/no-loss',
    'listing/unknown-suffixes',
    'cursor/never-skips',
  ],
};
