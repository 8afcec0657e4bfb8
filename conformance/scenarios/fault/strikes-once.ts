import { aFewSegments, clearFaults, growing, hazards, logIsCleaned, run, type Scenario } from '../parts.ts';
import { strikeLists } from './strike-lists.ts';

export const strikesOnce: Scenario = {
  id: 'fault/strikes-once',
  title: 'one request of a run fails, and the next would not',
  story:
    'In each run one other endpoint fails a single time: 503, a broken connection, a body cut short, 500. To ask again is fine, and so is to fail; to go on without that answer is not. Before each run segments of both types close: who asks again from the start with the cursor of the attempt that failed leaves them out.',
  cluster: growing,
  steps: [
    ...aFewSegments,
    run,
    ...aFewSegments,
    {
      kind: 'plan-faults',
      rules: [{ match: { path: '/v1/backup/createControlDbBackup', method: 'POST' }, do: { status: 503 } }],
    },
    run,
    ...aFewSegments,
    {
      kind: 'plan-faults',
      rules: [{ match: { path: '/v1/backup/log/filenames', method: 'GET', nth: 2 }, do: { reset: true } }],
    },
    run,
    ...aFewSegments,
    {
      kind: 'plan-faults',
      rules: strikeLists('EVENT', { do: { cut: 'half' } }),
    },
    run,
    ...aFewSegments,
    {
      kind: 'plan-faults',
      rules: strikeLists('SNAPSHOT', { do: { status: 500 } }),
    },
    run,
    clearFaults,
    ...logIsCleaned,
    run,
  ],
  hazards: [
    hazards.answerFails('control-db-backup', /^status 503/),
    hazards.answerFails('log', /^reset/),
    hazards.answerFails('segments', /^cut half/),
  ],
  rules: [
    'fault/error-is-failure',
    'fault/recovers',
    'cursor/never-skips',
    'cursor/from-closed-segment',
    'outcome/exit-status-true',
  ],
};
