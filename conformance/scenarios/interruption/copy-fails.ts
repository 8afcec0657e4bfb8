import { advance, aFewSegments, growing, hazards, logIsCleaned, run, type Scenario } from '../parts.ts';

export const copyFails: Scenario = {
  id: 'interruption/copy-fails',
  title: 'a listed segment cannot be read',
  story:
    'Behind the list of events the disk does not give the newest closed segment, so the run fails after it has copied others; later the segment is there again. The cursor must not have moved past what is safe, or nobody ever asks for it again.',
  cluster: growing,
  steps: [
    ...aFewSegments,
    run,
    ...aFewSegments,
    advance('3h'),
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
    run,
  ],
  hazards: [hazards.segmentOutOfReach],
  // Who finds it at another node fails in no run, and has nothing to keep.
  rules: ['cursor/never-skips', 'outcome/exit-status-true'],
};
