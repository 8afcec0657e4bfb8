import { advance, append, growing, hazards, run, type Scenario } from '../parts.ts';

export const nodeBehind: Scenario = {
  id: 'order/node-behind',
  title: 'one node of the cluster is behind, and then another',
  story:
    'A follower gets what its leaders write half an hour late, as one does on a bad line; in the second run it is the other follower. Whoever takes the control database from one node and files from that one mixes two moments.',
  cluster: growing,
  steps: [
    append(20),
    advance('10m'),
    { kind: 'delay-replication', node: 'node-2', by: '30m' },
    advance('20m'),
    run,
    { kind: 'delay-replication', node: 'node-2', by: '0s' },
    { kind: 'delay-replication', node: 'node-3', by: '30m' },
    advance('20m'),
    run,
  ],
  hazards: [hazards.nodeBehind],
  rules: [
    'control-db/requested',
    'control-db/returned-file',
    'order/control-db-first',
    'order/same-node',
    'log/all-groups',
    'log/replaced',
    'outcome/exit-status-true',
    'outcome/restorable',
    'outcome/no-loss',
  ],
};
