import { aFewSegments, clearFaults, growing, hazards, logIsCleaned, run, type Scenario } from '../parts.ts';

export const controlDbBrokenOff: Scenario = {
  id: 'fault/control-db-broken-off',
  title: 'the control database backup breaks off in the middle',
  story:
    'The connection is reset before the answer, then in the middle of its body, then before its last byte; then a body arrives that is not what was asked for. Whatever is left of it must not pass for a whole answer, however short that is.',
  cluster: growing,
  steps: [
    ...aFewSegments,
    run,
    ...aFewSegments,
    {
      kind: 'plan-faults',
      rules: [{ match: { path: '/v1/backup/createControlDbBackup', method: 'POST' }, do: { reset: true }, times: 0 }],
    },
    run,
    {
      kind: 'plan-faults',
      rules: [{ match: { path: '/v1/backup/createControlDbBackup', method: 'POST' }, do: { cut: 'half' }, times: 0 }],
    },
    run,
    {
      kind: 'plan-faults',
      rules: [
        { match: { path: '/v1/backup/createControlDbBackup', method: 'POST' }, do: { cut: 'last-byte' }, times: 0 },
      ],
    },
    run,
    {
      kind: 'plan-faults',
      rules: [
        {
          match: { path: '/v1/backup/createControlDbBackup', method: 'POST' },
          do: { body: '<html>proxy error</html>' },
          times: 0,
        },
      ],
    },
    run,
    clearFaults,
    ...logIsCleaned,
    run,
  ],
  hazards: [
    hazards.answerFails('control-db-backup', /^reset/),
    hazards.answerFails('control-db-backup', /^cut half/),
    hazards.answerFails('control-db-backup', /^cut last-byte/),
  ],
  rules: ['fault/error-is-failure', 'fault/recovers', 'outcome/previous-survives'],
};
