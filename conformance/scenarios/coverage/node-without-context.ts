import { advance, append, appendSnapshots, hazards, run, type Scenario } from '../parts.ts';

export const nodeWithoutContext: Scenario = {
  id: 'coverage/node-without-context',
  title: 'a node that does not hold one of the contexts',
  story:
    'The second run goes to a node that passes messages of orders on and stores none of its events, the third to one that takes no part in its group. There an empty list does not mean "nothing new": the run gets the events from a node that has them, or fails.',
  cluster: {
    rate: 0,
    groups: [
      { name: 'default', contexts: ['default'] },
      {
        name: 'orders',
        contexts: ['orders'],
        members: [{ node: 'node-1' }, { node: 'node-2', role: 'MESSAGING_ONLY' }],
      },
    ],
    segmentSizeBytes: 8 * 1024,
    logSegmentSizeBytes: 8 * 1024,
  },
  steps: [
    append(30),
    append(40, { context: 'orders' }),
    appendSnapshots(20, { context: 'orders' }),
    advance('5s'),
    run,
    append(30),
    append(60, { context: 'orders' }),
    appendSnapshots(60, { context: 'orders' }),
    advance('5s'),
    { kind: 'run', node: 'node-2' },
    { kind: 'run', node: 'node-3' },
    append(20, { context: 'orders' }),
    advance('5s'),
    run,
  ],
  hazards: [hazards.nodeWithoutContext],
  rules: [
    'control-db/requested',
    'control-db/returned-file',
    'log/all-groups',
    'coverage/contexts',
    'coverage/snapshots',
    'cursor/never-skips',
    'outcome/exit-status-true',
    'outcome/restorable',
    'outcome/no-loss',
  ],
};
