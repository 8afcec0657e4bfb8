import { aFewSegments, clearFaults, growing, hazards, logIsCleaned, run, type Scenario } from '../parts.ts';

export const logBrokenOff: Scenario = {
  id: 'fault/log-broken-off',
  title: 'the log listing breaks off in the middle',
  story:
    'The connection is reset before the answer, then in the middle of its body, then before its last byte; then a body arrives that is not what was asked for. Whatever is left of it must not pass for a whole answer, however short that is.',
  cluster: growing,
  steps: [
    ...aFewSegments,
    run,
    ...aFewSegments,
    {
      kind: 'plan-faults',
      rules: [{ match: { path: '/v1/backup/log/filenames', method: 'GET' }, do: { reset: true }, times: 0 }],
    },
    run,
    {
      kind: 'plan-faults',
      rules: [{ match: { path: '/v1/backup/log/filenames', method: 'GET' }, do: { cut: 'half' }, times: 0 }],
    },
    run,
    {
      kind: 'plan-faults',
      rules: [{ match: { path: '/v1/backup/log/filenames', method: 'GET' }, do: { cut: 'last-byte' }, times: 0 }],
    },
    run,
    {
      kind: 'plan-faults',
      rules: [
        {
          match: { path: '/v1/backup/log/filenames', method: 'GET' },
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
    hazards.answerFails('log', /^reset/),
    hazards.answerFails('log', /^cut half/),
    hazards.answerFails('log', /^cut last-byte/),
  ],
  rules: ['fault/error-is-failure', 'fault/recovers', 'outcome/previous-survives'],
};
