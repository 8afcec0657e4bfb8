import { advance, aFewSegments, growing, hazards, logIsCleaned, run, type Scenario } from '../parts.ts';

export const askedToEnd: Scenario = {
  id: 'interruption/asked-to-end',
  title: 'asked to end between two logs',
  story:
    'The node of the backup job is drained, its unit stopped, its pipeline cancelled: the client gets SIGTERM. It may clean up, and its exit code has to say that there is no backup. What a trap does last often decides that, and "cleaned up" is 0.',
  cluster: growing,
  steps: [
    ...aFewSegments,
    run,
    ...aFewSegments,
    advance('3h'),
    {
      kind: 'run',
      surprises: [
        {
          at: { path: '/v1/backup/log/filenames', nth: 2, when: 'arrives' },
          happens: [{ kind: 'kill-client', signal: 'SIGTERM' }],
        },
      ],
    },
    ...aFewSegments,
    ...logIsCleaned,
    run,
  ],
  hazards: [hazards.clientAskedToEnd],
  // Who goes on to the end of its backup all the same has met no fault, and ends with 0.
  rules: ['outcome/exit-status-true', 'log/replaced', 'cursor/never-skips'],
};
