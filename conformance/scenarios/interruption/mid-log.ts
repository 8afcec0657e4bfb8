import { advance, aFewSegments, growing, hazards, logIsCleaned, run, type Scenario } from '../parts.ts';

export const midLog: Scenario = {
  id: 'interruption/mid-log',
  title: 'killed between two logs',
  story:
    'The client dies when it has the log of one group and not yet that of the next. The last good backup must still be one, and the next run must not believe that this one has done its work.',
  cluster: growing,
  steps: [
    ...aFewSegments,
    run,
    ...aFewSegments,
    advance('3h'),
    {
      kind: 'run',
      surprises: [
        { at: { path: '/v1/backup/log/filenames', nth: 2, when: 'arrives' }, happens: [{ kind: 'kill-client' }] },
      ],
    },
    ...aFewSegments,
    ...logIsCleaned,
    run,
  ],
  hazards: [hazards.clientKilled],
  rules: ['outcome/previous-survives', 'fault/recovers', 'log/replaced', 'cursor/never-skips'],
};
