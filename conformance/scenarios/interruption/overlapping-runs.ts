import { advance, aFewSegments, append, appendSnapshots, growing, hazards, run, type Scenario } from '../parts.ts';

export const overlappingRuns: Scenario = {
  id: 'interruption/overlapping-runs',
  title: 'another run begins and ends while one is at work',
  story:
    'Somebody starts a backup by hand while the nightly one is between its logs and its events. Both work on the same folders: to refuse is fine, to wait is fine, to spoil what the other has is not. The run after them is as good as ever.',
  cluster: growing,
  steps: [
    ...aFewSegments,
    run,
    append(60),
    appendSnapshots(60),
    advance('10m'),
    {
      kind: 'run',
      surprises: [
        {
          at: { path: '/v1/backup/*', query: { type: 'EVENT' }, when: 'arrives' },
          happens: [append(30), advance('5s'), { kind: 'run-beside' }],
        },
      ],
    },
    append(60),
    advance('5s'),
    run,
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
