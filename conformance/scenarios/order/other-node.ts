import { aFewSegments } from '../a-few-segments.ts';
import { hazards } from '../hazards.ts';
import type { Scenario } from '../scenario.ts';

export const otherNode: Scenario = {
  id: 'order/other-node',
  title: 'the next run goes to another node',
  story:
    'The second backup is made from a node whose segments have other boundaries, as nodes do after a restart. A cursor of the one node is no closed segment of the other, yet nothing may be skipped.',
  cluster: {
    rate: 0,
    nodeSegmentSizeBytes: { 'node-2': 12 * 1024 },
    segmentSizeBytes: 8 * 1024,
    logSegmentSizeBytes: 8 * 1024,
  },
  steps: [
    ...aFewSegments,
    { kind: 'run' },
    ...aFewSegments,
    { kind: 'advance', by: '3h' },
    { kind: 'run', node: 'node-2' },
  ],
  hazards: [hazards.otherNode],
  rules: [
    'control-db/requested',
    'control-db/returned-file',
    'order/control-db-first',
    'order/same-node',
    'cursor/from-closed-segment',
    'log/all-groups',
    'log/replaced',
    'outcome/exit-status-true',
  ],
};
