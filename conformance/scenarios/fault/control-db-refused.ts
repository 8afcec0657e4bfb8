import { aFewSegments, clearFaults, growing, hazards, logIsCleaned, run, type Scenario } from '../parts.ts';

export const controlDbRefused: Scenario = {
  id: 'fault/control-db-refused',
  title: 'the control database backup answers 503, then 500, for as long as it is asked',
  story:
    'A backup succeeds, the next two meet an endpoint that answers with errors and a body that is no list, then all is well again. An error is a failed run, never an empty list.',
  cluster: growing,
  steps: [
    ...aFewSegments,
    run,
    ...aFewSegments,
    {
      kind: 'plan-faults',
      rules: [{ match: { path: '/v1/backup/createControlDbBackup', method: 'POST' }, do: { status: 503 }, times: 0 }],
    },
    run,
    {
      kind: 'plan-faults',
      rules: [{ match: { path: '/v1/backup/createControlDbBackup', method: 'POST' }, do: { status: 500 }, times: 0 }],
    },
    run,
    clearFaults,
    ...logIsCleaned,
    run,
  ],
  hazards: [
    hazards.answerFails('control-db-backup', /^status 503/),
    hazards.answerFails('control-db-backup', /^status 500/),
  ],
  rules: ['fault/error-is-failure', 'fault/recovers', 'outcome/previous-survives', 'outcome/exit-status-true'],
};
