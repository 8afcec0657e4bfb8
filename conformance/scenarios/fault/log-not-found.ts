import { aFewSegments, clearFaults, growing, hazards, logIsCleaned, run, type Scenario } from '../parts.ts';

export const logNotFound: Scenario = {
  id: 'fault/log-not-found',
  title: 'the log listing answers 404, once and then for as long as it is asked',
  story:
    'A backup succeeds, the next two meet a log listing that is not found, as behind a proxy that has lost its way to the node: the log of one group once, then those of all. A client that was told of replication groups must not take that for a server without logs, or a node without the group.',
  cluster: growing,
  steps: [
    ...aFewSegments,
    run,
    ...aFewSegments,
    {
      kind: 'plan-faults',
      rules: [{ match: { path: '/v1/backup/log/filenames', method: 'GET' }, do: { status: 404 } }],
    },
    run,
    {
      kind: 'plan-faults',
      rules: [{ match: { path: '/v1/backup/log/filenames', method: 'GET' }, do: { status: 404 }, times: 0 }],
    },
    run,
    clearFaults,
    ...logIsCleaned,
    run,
  ],
  hazards: [hazards.answerFails('log', /^status 404/)],
  rules: ['fault/error-is-failure', 'fault/recovers', 'outcome/previous-survives', 'outcome/exit-status-true'],
};
