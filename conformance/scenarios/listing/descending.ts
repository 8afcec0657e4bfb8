import { aFewSegments } from '../a-few-segments.ts';
import { hazards } from '../hazards.ts';
import type { Scenario } from '../scenario.ts';

export const descending: Scenario = {
  id: 'listing/descending',
  title: 'names with the highest segment first',
  story:
    'The server lists its files otherwise than yesterday: names with the highest segment first. The last name of a list is not the newest segment, and a list may name a file twice.',
  cluster: { rate: 0.2, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  oddities: ['descending'],
  steps: [...aFewSegments, { kind: 'run' }, ...aFewSegments, { kind: 'advance', by: '3h' }, { kind: 'run' }],
  hazards: [hazards.namesDescend],
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
    'listing/any-order',
    'cursor/never-skips',
    'cursor/from-closed-segment',
  ],
};
