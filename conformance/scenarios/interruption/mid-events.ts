import { advance, aFewSegments, append, growing, hazards, logIsCleaned, run, type Scenario } from '../parts.ts';

export const midEvents: Scenario = {
  id: 'interruption/mid-events',
  title: 'killed between copying and noting its cursor',
  story:
    'The client dies in the middle of the event segments, when some are copied. The last good backup must still be one, and the next run must not believe that this one has done its work.',
  // With two of them the second list of events comes behind the copies of the first, whether snapshots are asked for or not.
  cluster: { ...growing, rate: 0.1, contexts: ['default', 'orders'] },
  steps: [
    append(60, { context: 'orders' }),
    ...aFewSegments,
    run,
    append(60, { context: 'orders' }),
    ...aFewSegments,
    advance('3h'),
    {
      kind: 'run',
      surprises: [
        {
          at: { path: '/v1/backup/*', query: { type: 'EVENT' }, nth: 2, when: 'arrives' },
          happens: [{ kind: 'kill-client' }],
        },
      ],
    },
    ...aFewSegments,
    ...logIsCleaned,
    run,
  ],
  hazards: [hazards.clientKilled],
  rules: ['outcome/previous-survives', 'fault/recovers', 'log/replaced', 'cursor/never-skips', 'cursor/after-copy'],
};
