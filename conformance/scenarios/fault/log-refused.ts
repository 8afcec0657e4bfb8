import { aFewSegments, clearFaults, growing, hazards, logIsCleaned, run, type Scenario } from '../parts.ts';

export const logRefused: Scenario = {
  id: 'fault/log-refused',
  title: 'the log listing answers 503, then 500, for as long as it is asked',
  story:
    'A backup succeeds, the next two meet an endpoint that answers with errors and a body that is no list, then all is well again. An error is a failed run, never an empty list.',
  cluster: growing,
  steps: [
    ...aFewSegments,
    run,
    ...aFewSegments,
    {
      kind: 'plan-faults',
      rules: [{ match: { path: '/v1/backup/log/filenames', method: 'GET' }, do: { status: 503 }, times: 0 }],
    },
    run,
    {
      kind: 'plan-faults',
      rules: [{ match: { path: '/v1/backup/log/filenames', method: 'GET' }, do: { status: 500 }, times: 0 }],
    },
    run,
    clearFaults,
    ...logIsCleaned,
    run,
  ],
  hazards: [hazards.answerFails('log', /^status 503/), hazards.answerFails('log', /^status 500/)],
  rules: ['fault/error-is-failure', 'fault/recovers', 'outcome/previous-survives', 'outcome/exit-status-true'],
};
