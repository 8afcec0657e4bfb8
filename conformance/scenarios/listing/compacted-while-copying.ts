import { advance, aFewSegments, append, growing, hazards, needs, run, type Scenario } from '../parts.ts';

export const segmentsCompactedWhileCopying: Scenario = {
  id: 'listing/compacted-while-copying',
  title: 'listed segments are written anew, and deleted, before they are copied',
  story:
    'Between the listing of the events and their copying a transformation deletes events in segments that have just closed, and a compaction the versions before it. What was listed is gone, and lies there under another name: to list again is fine, and so is to fail; who leaves out what is gone has a hole.',
  cluster: growing,
  needs: [needs.segmentVersions],
  steps: [
    ...aFewSegments,
    run,
    append(120),
    advance('10s'),
    {
      kind: 'run',
      surprises: [
        {
          at: { path: '/v1/backup/*', query: { type: 'EVENT' }, when: 'is-answered' },
          happens: [{ kind: 'transform', firstToken: 62, lastToken: 90 }, { kind: 'compact' }],
        },
      ],
    },
    advance('10s'),
    run,
  ],
  hazards: [hazards.segmentsCompacted],
  rules: ['cursor/never-skips', 'copy/faithful', 'outcome/exit-status-true', 'outcome/restorable', 'outcome/no-loss'],
};
