import { hazards } from '../hazards.ts';
import { needs } from '../needs.ts';
import type { Scenario } from '../scenario.ts';

export const groupNamedOtherwise: Scenario = {
  id: 'coverage/group-named-otherwise',
  title: 'a replication group that is named otherwise than its contexts',
  story:
    'The contexts orders and billing lie in the group retail, and share its log. Whoever asks for the log by the name of a context is told that there is none.',
  cluster: {
    rate: 0,
    groups: [
      { name: 'default', contexts: ['default'] },
      { name: 'retail', contexts: ['orders', 'billing'] },
    ],
    segmentSizeBytes: 8 * 1024,
    logSegmentSizeBytes: 8 * 1024,
  },
  needs: [needs.replicationGroups],
  steps: [
    { kind: 'append', transactions: 20 },
    { kind: 'append', context: 'orders', transactions: 50 },
    { kind: 'append', context: 'billing', transactions: 30 },
    { kind: 'append', context: 'billing', transactions: 20, type: 'SNAPSHOT' },
    { kind: 'advance', by: '5s' },
    { kind: 'run' },
    { kind: 'append', context: 'orders', transactions: 20 },
    { kind: 'append', context: 'billing', transactions: 60 },
    { kind: 'append', context: 'orders', transactions: 20, type: 'SNAPSHOT' },
    { kind: 'advance', by: '3h' },
    { kind: 'run' },
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
