import { everyBackup } from '../every-backup.ts';
import { hazards } from '../hazards.ts';
import type { Scenario } from '../scenario.ts';

export const applyStalls: Scenario = {
  id: 'log/apply-stalls',
  title: 'the log is hours ahead of the event store',
  story:
    'A node gets all that its leaders write into its log, and for hours brings none of it into its event store. What was acknowledged meanwhile is in no segment of events, however many are copied: the log alone has it, in files that are hours old.',
  cluster: { rate: 0.05, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  steps: [
    { kind: 'append', transactions: 60 },
    { kind: 'append', transactions: 20, type: 'SNAPSHOT' },
    { kind: 'advance', by: '5s' },
    { kind: 'run', node: 'node-2' },
    { kind: 'stall-apply', node: 'node-2', for: '12h' },
    { kind: 'append', transactions: 200 },
    { kind: 'advance', by: '3h' },
    { kind: 'append', transactions: 20 },
    { kind: 'run', node: 'node-2' },
    { kind: 'stall-apply', node: 'node-2', for: '0s' },
    { kind: 'append', transactions: 20 },
    { kind: 'advance', by: '10s' },
    { kind: 'run', node: 'node-2' },
  ],
  hazards: [hazards.logAhead],
  rules: [...everyBackup, 'log/recopied', 'cursor/never-skips'],
};
