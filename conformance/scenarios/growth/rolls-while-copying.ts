import { aFewSegments } from '../a-few-segments.ts';
import { everyBackup } from '../every-backup.ts';
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
  rules: [...everyBackup, 'cursor/never-skips', 'cursor/from-closed-segment', 'open-segment/overwritten'],
};
