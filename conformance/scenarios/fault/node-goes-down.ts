import { aFewSegments } from '../a-few-segments.ts';
import { hazards } from '../hazards.ts';
import type { Scenario } from '../scenario.ts';

export const nodeGoesDown: Scenario = {
  id: 'fault/node-goes-down',
  title: 'the node goes down in the middle of a run',
  story:
    'After the first log was listed the node stops answering; later it is back. The run fails, or goes on with another node; the next one is good.',
  cluster: { rate: 0.2, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  steps: [
    ...aFewSegments,
    { kind: 'run' },
    ...aFewSegments,
    {
      kind: 'run',
      surprises: [
        {
          // Behind the last log a client that has listed all events before has nothing more to ask.
          at: { path: '/v1/backup/log/filenames', when: 'is-answered' },
          happens: [{ kind: 'crash', node: 'node-1' }],
        },
      ],
    },
    { kind: 'start', node: 'node-1' },
    { kind: 'advance', by: '1m' },
    { kind: 'run' },
  ],
  hazards: [hazards.nodeDown],
  // Who goes to another node fails in no run, and has nothing to keep.
  rules: ['fault/error-is-failure', 'fault/recovers'],
};
