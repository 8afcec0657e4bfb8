import { advance, growing, hazards, type Scenario } from '../parts.ts';

export const configurationChanges: Scenario = {
  id: 'order/configuration-changes',
  title: 'the configuration changes during the run',
  story:
    'Applications are registered in `_admin` while the backup is made, and the log of `_admin` is what brings them into the restored control database.',
  cluster: growing,
  steps: [
    advance('30m'),
    {
      kind: 'run',
      surprises: [
        {
          at: { path: '/v1/backup/*', query: { context: '_admin' }, when: 'arrives' },
          happens: [advance('25m')],
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
