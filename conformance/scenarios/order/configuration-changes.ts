import { hazards } from '../hazards.ts';
import type { Scenario } from '../scenario.ts';

export const configurationChanges: Scenario = {
  id: 'order/configuration-changes',
  title: 'the configuration changes during the run',
  story:
    'Applications are registered in `_admin` while the backup is made, and the log of `_admin` is what brings them into the restored control database.',
  cluster: { rate: 0.2, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  steps: [
    { kind: 'advance', by: '30m' },
    {
      kind: 'run',
      surprises: [
        {
          at: { path: '/v1/backup/*', query: { context: '_admin' }, when: 'arrives' },
          happens: [{ kind: 'advance', by: '25m' }],
        },
      ],
    },
  ],
  hazards: [hazards.adminChanges],
  rules: [
    'control-db/requested',
    'control-db/returned-file',
    'order/control-db-first',
    'log/all-groups',
    'log/replaced',
    'outcome/restorable',
    'outcome/no-loss',
  ],
};
