import { aFewSegments } from '../a-few-segments.ts';
import { hazards } from '../hazards.ts';
import type { Scenario } from '../scenario.ts';

export const rollsWhileCopying: Scenario = {
  id: 'growth/rolls-while-copying',
  title: 'a segment rolls over between listing and copying',
  story:
    'Right after a listing was answered the open segment fills, closes, and a new one begins. What was listed as open has its last bytes only in the next listing.',
  cluster: { rate: 0, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  steps: [
    ...aFewSegments,
    {
      kind: 'run',
      surprises: [
        {
          at: { path: '/v1/backup/*', query: { type: 'EVENT' }, when: 'is-answered' },
          happens: [
            { kind: 'append', transactions: 80 },
            { kind: 'advance', by: '10s' },
          ],
        },
      ],
    },
    { kind: 'append', transactions: 40 },
    { kind: 'advance', by: '3h' },
    { kind: 'run' },
  ],
  hazards: [hazards.rollsAfterListing],
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
    'cursor/never-skips',
    'cursor/from-closed-segment',
    'open-segment/overwritten',
  ],
};
