import { advance, aFewSegments, growing, hazards, logIsCleaned, run, type Scenario } from '../parts.ts';

export const midPost: Scenario = {
  id: 'interruption/mid-post',
  title: 'killed while it asks for the control database',
  story:
    'The client dies while it waits for the control database. The last good backup must still be one, and the next run must not believe that this one has done its work.',
  cluster: growing,
  steps: [
    ...aFewSegments,
    run,
    ...aFewSegments,
    advance('3h'),
    {
      kind: 'run',
      surprises: [
        { at: { path: '/v1/backup/createControlDbBackup', when: 'arrives' }, happens: [{ kind: 'kill-client' }] },
      ],
    },
    ...aFewSegments,
    ...logIsCleaned,
    run,
  ],
  hazards: [hazards.clientKilled],
  rules: ['outcome/previous-survives', 'fault/recovers', 'cursor/never-skips'],
};
