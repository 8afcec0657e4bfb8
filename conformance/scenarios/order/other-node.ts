import { advance, aFewSegments, hazards, run, type Scenario, still } from '../parts.ts';

export const otherNode: Scenario = {
  id: 'order/other-node',
  title: 'the next run goes to another node, and the one behind it back',
  story:
    'The second backup is made from a node whose segments have other boundaries, as nodes do after a restart. A cursor of the one node is no closed segment of the other, yet nothing may be skipped. The third is made from the first node again: what was taken from the other has no place beside its segments.',
  cluster: { ...still, nodeSegmentSizeBytes: { 'node-2': 12 * 1024 } },
  steps: [...aFewSegments, run, ...aFewSegments, advance('3h'), { kind: 'run', node: 'node-2' }, ...aFewSegments, run],
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
