import { advance, aFewSegments, append, everyBackup, hazards, run, type Scenario, still } from '../parts.ts';

export const rollsWhileCopying: Scenario = {
  id: 'growth/rolls-while-copying',
  title: 'a segment rolls over between listing and copying',
  story:
    'Right after a listing was answered the open segment fills, closes, and a new one begins. What was listed as open has its last bytes only in the next listing.',
  cluster: still,
  steps: [
    ...aFewSegments,
    {
      kind: 'run',
      surprises: [
        {
          at: { path: '/v1/backup/*', query: { type: 'EVENT' }, when: 'is-answered' },
          happens: [append(80), advance('10s')],
        },
      ],
    },
    append(40),
    advance('3h'),
    run,
  ],
  hazards: [hazards.rollsAfterListing],
  rules: [...everyBackup, 'cursor/never-skips', 'cursor/from-closed-segment', 'open-segment/overwritten'],
};
