import {
  advance,
  append,
  appendSnapshots,
  clearFaults,
  growing,
  hazards,
  logIsCleaned,
  run,
  type Scenario,
} from '../parts.ts';

export const logOfAnotherNode: Scenario = {
  id: 'order/log-of-another-node',
  title: 'a node breaks off behind its POST, and the next one is behind',
  story:
    'The node makes its control database backup and does not answer for its logs any more. Another node would, and is half an hour behind: its log ends before what the zip counts as committed. Whoever goes to another node begins anew there, with the POST.',
  cluster: growing,
  steps: [
    append(20),
    appendSnapshots(10),
    advance('10m'),
    { kind: 'delay-replication', node: 'node-2', by: '30m' },
    append(60),
    advance('5m'),
    {
      kind: 'run',
      surprises: [
        {
          at: { method: 'POST', path: '/v1/backup/createControlDbBackup', when: 'is-answered' },
          happens: [
            {
              kind: 'plan-faults',
              rules: [{ match: { path: '/v1/backup/log/filenames', node: 'node-1' }, do: { reset: true }, times: 0 }],
            },
          ],
        },
      ],
    },
    clearFaults,
    ...logIsCleaned,
    run,
  ],
  hazards: [hazards.nodeBehind],
  rules: [
    'control-db/requested',
    'order/control-db-first',
    'fault/recovers',
    'outcome/exit-status-true',
    'outcome/restorable',
  ],
};
