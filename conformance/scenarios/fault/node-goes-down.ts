import { advance, aFewSegments, growing, hazards, run, type Scenario } from '../parts.ts';

export const nodeGoesDown: Scenario = {
  id: 'fault/node-goes-down',
  title: 'the node goes down in the middle of a run',
  story:
    'After the first log was listed the node stops answering; later it is back. The run fails, or goes on with another node; the next one is good.',
  cluster: growing,
  steps: [
    ...aFewSegments,
    run,
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
    advance('1m'),
    run,
  ],
  hazards: [hazards.nodeDown],
  // Who goes to another node fails in no run, and has nothing to keep.
  rules: ['fault/error-is-failure', 'fault/recovers'],
};
