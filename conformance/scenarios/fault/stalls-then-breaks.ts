import { aFewSegments, clearFaults, growing, hazards, logIsCleaned, run, type Scenario } from '../parts.ts';
import { strikeLists } from './strike-lists.ts';

export const stallsThenBreaks: Scenario = {
  id: 'fault/stalls-then-breaks',
  title: 'answers that stall, and then do not come',
  story:
    'Each endpoint in its turn keeps the client waiting, and then breaks the connection, sends half a body, or an error. The waiting changes nothing: what has not come is not there.',
  cluster: growing,
  steps: [
    ...aFewSegments,
    run,
    ...aFewSegments,
    {
      kind: 'plan-faults',
      rules: [
        {
          match: { path: '/v1/backup/createControlDbBackup', method: 'POST' },
          do: { delay: '50ms', reset: true },
          times: 0,
        },
      ],
    },
    run,
    {
      kind: 'plan-faults',
      rules: [
        {
          match: { path: '/v1/backup/log/filenames', method: 'GET' },
          do: { delay: '50ms', cut: 'half' },
          times: 0,
        },
      ],
    },
    run,
    {
      kind: 'plan-faults',
      rules: strikeLists('EVENT', { do: { delay: '50ms', status: 503 }, times: 0 }),
    },
    run,
    clearFaults,
    ...logIsCleaned,
    run,
  ],
  hazards: [
    hazards.answerFails('control-db-backup', /^delay .*reset/),
    hazards.answerFails('log', /^delay .*cut/),
    hazards.answerFails('segments', /^delay .*status/),
  ],
  rules: ['fault/error-is-failure', 'fault/recovers', 'outcome/previous-survives', 'outcome/exit-status-true'],
};
