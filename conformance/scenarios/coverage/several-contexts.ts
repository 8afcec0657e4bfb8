import { everyBackup } from '../every-backup.ts';
import { hazards } from '../hazards.ts';
import type { Scenario } from '../scenario.ts';

export const severalContexts: Scenario = {
  id: 'coverage/several-contexts',
  title: 'contexts that differ in what they have closed',
  story:
    'Two contexts grow at their own pace, one of them with snapshots only now and then, so their segment numbers differ. A cursor that is shared, or a parameter of the wrong name, leaves segments of one of them out.',
  cluster: { rate: 0, contexts: ['default', 'orders'], segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  steps: [
    { kind: 'append', transactions: 60 },
    { kind: 'append', context: 'orders', transactions: 25 },
    { kind: 'append', transactions: 30, type: 'SNAPSHOT' },
    { kind: 'append', context: 'orders', transactions: 70, type: 'SNAPSHOT' },
    { kind: 'advance', by: '30s' },
    { kind: 'run' },
    { kind: 'append', transactions: 20 },
    { kind: 'append', context: 'orders', transactions: 70 },
    { kind: 'append', transactions: 60, type: 'SNAPSHOT' },
    { kind: 'append', context: 'orders', transactions: 30, type: 'SNAPSHOT' },
    { kind: 'advance', by: '3h' },
    { kind: 'run' },
  ],
  hazards: [hazards.manyContexts],
  rules: [
    ...everyBackup,
    'coverage/snapshots',
    'cursor/per-context-and-type',
    'cursor/never-skips',
    'cursor/from-closed-segment',
  ],
};
