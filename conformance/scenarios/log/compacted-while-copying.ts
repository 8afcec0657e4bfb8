import { advance, append, growing, hazards, run, type Scenario } from '../parts.ts';

export const compactedWhileCopying: Scenario = {
  id: 'log/compacted-while-copying',
  title: 'listed log files vanish before they are copied',
  story:
    'Log cleaning strikes between the listing of the second log and its copying, and takes of both logs. Some of the listed files are gone, and much has been written since the POST: who leaves them out in silence has a log with a hole, who lists that log again and keeps the control database has a log that begins behind it, and who lays the new copy of the first log over that of the attempt before has files of two times.',
  cluster: { ...growing, contexts: ['default', 'orders'] },
  steps: [
    advance('40m'),
    {
      kind: 'run',
      surprises: [
        {
          at: { path: '/v1/backup/log/filenames', query: { context: 'orders' }, when: 'is-answered' },
          happens: [
            append(120),
            append(120, { context: 'orders' }),
            advance('10s'),
            { kind: 'clean-log', node: 'node-1', group: 'default', olderThan: '0s' },
            { kind: 'clean-log', node: 'node-1', group: 'orders', olderThan: '0s' },
          ],
        },
      ],
    },
    advance('10m'),
    run,
  ],
  hazards: [hazards.logCleanedAfterListing],
  rules: ['log/replaced', 'log/vanished-file', 'control-db/requested', 'order/control-db-first'],
};
