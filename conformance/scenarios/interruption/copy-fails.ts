import { aFewSegments } from '../a-few-segments.ts';
import { hazards } from '../hazards.ts';
import type { Scenario } from '../scenario.ts';

export const copyFails: Scenario = {
  id: 'interruption/copy-fails',
  title: 'listed files vanish under the copying client',
  story:
    'The node goes down for good between the listing of events and the next request, so the run fails after it has copied some. The cursor must not have moved past what is safe.',
  cluster: { rate: 0.2, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  steps: [
    ...aFewSegments,
    { kind: 'run' },
    ...aFewSegments,
    { kind: 'advance', by: '3h' },
    {
      kind: 'run',
      surprises: [
        {
          at: { path: '/v1/backup/*', query: { type: 'EVENT' }, when: 'is-answered' },
          happens: [{ kind: 'kill-client' }],
        },
      ],
    },
    ...aFewSegments,
    { kind: 'run' },
  ],
  hazards: [hazards.clientKilled],
  rules: ['outcome/previous-survives', 'fault/recovers', 'cursor/never-skips', 'cursor/after-copy'],
};
