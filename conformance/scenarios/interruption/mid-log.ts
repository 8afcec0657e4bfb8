import { aFewSegments } from '../a-few-segments.ts';
import { hazards } from '../hazards.ts';
import { logIsCleaned } from '../log-is-cleaned.ts';
import type { Scenario } from '../scenario.ts';

export const midLog: Scenario = {
  id: 'interruption/mid-log',
  title: 'killed between two logs',
  story:
    'The client dies when it has the log of one group and not yet that of the next. The last good backup must still be one, and the next run must not believe that this one has done its work.',
  cluster: { rate: 0.2, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  steps: [
    ...aFewSegments,
    { kind: 'run' },
    ...aFewSegments,
    { kind: 'advance', by: '3h' },
    {
      kind: 'run',
      surprises: [
        { at: { path: '/v1/backup/log/filenames', nth: 2, when: 'arrives' }, happens: [{ kind: 'kill-client' }] },
      ],
    },
    ...aFewSegments,
    ...logIsCleaned,
    { kind: 'run' },
  ],
  hazards: [hazards.clientKilled],
  rules: ['outcome/previous-survives', 'fault/recovers', 'log/replaced', 'cursor/never-skips'],
};
