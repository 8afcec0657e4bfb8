import { advance, append, appendSnapshots, hazards, needs, run, type Scenario, still } from '../parts.ts';

export const groupNamedOtherwise: Scenario = {
  id: 'coverage/group-named-otherwise',
  title: 'a replication group that is named otherwise than its contexts',
  story:
    'The contexts orders and billing lie in the group retail, and share its log. Whoever asks for the log by the name of a context is told that there is none.',
  cluster: {
    ...still,
    groups: [
      { name: 'default', contexts: ['default'] },
      { name: 'retail', contexts: ['orders', 'billing'] },
    ],
  },
  needs: [needs.replicationGroups],
  steps: [
    append(20),
    append(50, { context: 'orders' }),
    append(30, { context: 'billing' }),
    appendSnapshots(20, { context: 'billing' }),
    advance('5s'),
    run,
    append(20, { context: 'orders' }),
    append(60, { context: 'billing' }),
    appendSnapshots(20, { context: 'orders' }),
    advance('3h'),
    run,
  ],
  hazards: [hazards.groupNamedOtherwise, hazards.manyContexts],
  rules: [
    'control-db/requested',
    'control-db/returned-file',
    'order/control-db-first',
    'order/log-within-30-minutes',
    'log/all-groups',
    'log/replaced',
    'coverage/contexts',
    'coverage/snapshots',
    'cursor/never-skips',
    'cursor/per-context-and-type',
    'outcome/exit-status-true',
    'outcome/restorable',
    'outcome/no-loss',
  ],
};
