import { advance, append, appendSnapshots, growing, hazards, logIsCleaned, run, type Scenario } from '../parts.ts';

const both = [append(40), appendSnapshots(40), advance('10s')];

export const snapshotCopyFails: Scenario = {
  id: 'interruption/snapshot-copy-fails',
  title: 'a listed segment of snapshots cannot be read',
  story:
    'Behind the list of snapshots the disk does not give the newest closed segment of them. Snapshots are data, and not an index of events that a server would make anew: the run has to fail, and the next one to bring them.',
  cluster: growing,
  steps: [
    ...both,
    run,
    ...both,
    advance('3h'),
    {
      kind: 'run',
      surprises: [
        {
          at: { path: '/v1/backup/*', query: { type: 'SNAPSHOT' }, when: 'is-answered' },
          happens: [{ kind: 'hide-segment', node: 'node-1', type: 'SNAPSHOT' }],
        },
      ],
    },
    { kind: 'show-segments' },
    ...both,
    ...logIsCleaned,
    run,
  ],
  hazards: [hazards.snapshotOutOfReach],
  // Who finds it at another node fails in no run, and has nothing to keep.
  rules: ['cursor/never-skips', 'outcome/exit-status-true'],
};
