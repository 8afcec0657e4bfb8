import { aFewSegments } from '../a-few-segments.ts';
import { hazards } from '../hazards.ts';
import type { Scenario } from '../scenario.ts';

export const overlappingRuns: Scenario = {
  id: 'interruption/overlapping-runs',
  title: 'another run begins and ends while one is at work',
  story:
    'Somebody starts a backup by hand while the nightly one is between its logs and its events. Both work on the same folders: to refuse is fine, to wait is fine, to spoil what the other has is not. The run after them is as good as ever.',
  cluster: { rate: 0.2, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  steps: [
    ...aFewSegments,
    { kind: 'run' },
    { kind: 'append', transactions: 60 },
    { kind: 'append', transactions: 60, type: 'SNAPSHOT' },
    { kind: 'advance', by: '10m' },
    {
      kind: 'run',
      surprises: [
        {
          at: { path: '/v1/backup/*', query: { type: 'EVENT' }, when: 'arrives' },
          happens: [{ kind: 'append', transactions: 30 }, { kind: 'advance', by: '5s' }, { kind: 'run-beside' }],
        },
      ],
    },
    { kind: 'append', transactions: 60 },
    { kind: 'advance', by: '5s' },
    { kind: 'run' },
  ],
  hazards: [hazards.overlappingRuns],
  rules: [
    'control-db/requested',
    'control-db/returned-file',
    'log/all-groups',
    'cursor/never-skips',
    'outcome/exit-status-true',
    'outcome/restorable',
    'outcome/no-loss',
  ],
};
