import { aFewSegments } from '../a-few-segments.ts';
import { hazards } from '../hazards.ts';
import { logIsCleaned } from '../log-is-cleaned.ts';
import type { Scenario } from '../scenario.ts';

export const midEvents: Scenario = {
  id: 'interruption/mid-events',
  title: 'killed between copying and noting its cursor',
  story:
    'The client dies in the middle of the event segments, when some are copied. The last good backup must still be one, and the next run must not believe that this one has done its work.',
  // With two of them the second list of events comes behind the copies of the first, whether snapshots are asked for or not.
  cluster: { rate: 0.1, contexts: ['default', 'orders'], segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  steps: [
    { kind: 'append', context: 'orders', transactions: 60 },
    ...aFewSegments,
    { kind: 'run' },
    { kind: 'append', context: 'orders', transactions: 60 },
    ...aFewSegments,
    { kind: 'advance', by: '3h' },
    {
      kind: 'run',
      surprises: [
        {
          at: { path: '/v1/backup/*', query: { type: 'EVENT' }, nth: 2, when: 'arrives' },
          happens: [{ kind: 'kill-client' }],
        },
      ],
    },
    ...aFewSegments,
    ...logIsCleaned,
    { kind: 'run' },
  ],
  hazards: [hazards.clientKilled],
  rules: ['outcome/previous-survives', 'fault/recovers', 'log/replaced', 'cursor/never-skips', 'cursor/after-copy'],
};
