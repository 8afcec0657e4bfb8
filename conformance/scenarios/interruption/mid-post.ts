import { aFewSegments } from '../a-few-segments.ts';
import { hazards } from '../hazards.ts';
import { logIsCleaned } from '../log-is-cleaned.ts';
import type { Scenario } from '../scenario.ts';

export const midPost: Scenario = {
  id: 'interruption/mid-post',
  title: 'killed while it asks for the control database',
  story:
    'The client dies while it waits for the control database. The last good backup must still be one, and the next run must not believe that this one has done its work.',
  cluster: { rate: 0.2, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  steps: [
    ...aFewSegments,
    { kind: 'run' },
    ...aFewSegments,
    { kind: 'advance', by: '3h' },
    {
      kind: 'run',
      surprises: [
        { at: { path: '/v1/backup/createControlDbBackup', when: 'arrives' }, happens: [{ kind: 'kill-client' }] },
      ],
    },
    ...aFewSegments,
    ...logIsCleaned,
    { kind: 'run' },
  ],
  hazards: [hazards.clientKilled],
  rules: ['outcome/previous-survives', 'fault/recovers', 'cursor/never-skips'],
};
