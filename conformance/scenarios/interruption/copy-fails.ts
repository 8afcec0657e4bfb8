import { aFewSegments } from '../a-few-segments.ts';
import { hazards } from '../hazards.ts';
import { logIsCleaned } from '../log-is-cleaned.ts';
import type { Scenario } from '../scenario.ts';

export const copyFails: Scenario = {
  id: 'interruption/copy-fails',
  title: 'a listed segment cannot be read',
  story:
    'Behind the list of events the disk does not give the newest closed segment, so the run fails after it has copied others; later the segment is there again. The cursor must not have moved past what is safe, or nobody ever asks for it again.',
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
          happens: [{ kind: 'hide-segment', node: 'node-1' }],
        },
      ],
    },
    { kind: 'show-segments' },
    ...aFewSegments,
    ...logIsCleaned,
    { kind: 'run' },
  ],
  hazards: [hazards.segmentOutOfReach],
  // Who finds it at another node fails in no run, and has nothing to keep.
  rules: ['cursor/never-skips', 'outcome/exit-status-true'],
};
