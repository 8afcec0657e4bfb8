import { advance, append, clearFaults, hazards, needs, run, type Scenario } from '../parts.ts';
import { besideAPlainOne } from './beside-a-plain-one.ts';

export const dcbStateNotToldOnce: Scenario = {
  id: 'dcb/state-not-told-once',
  title: 'the server does not tell once how far its backup of a context is',
  story:
    'In the second run the first question for the state of the backup that the server writes is answered with 503, and the next one would not be. To ask again is fine, and so is to fail; who waits for as long as it is RUNNING takes that answer for the end, and has half of a backup.',
  cluster: besideAPlainOne,
  pace: { requestMs: 500 },
  needs: [needs.dcb],
  steps: [
    append(30),
    append(60, { context: 'billing' }),
    advance('1m'),
    run,
    append(60, { context: 'billing' }),
    advance('1m'),
    {
      kind: 'plan-faults',
      rules: [
        { match: { path: '/v2/backup/*', method: 'GET' }, do: { status: 503 } },
        { match: { path: '/v2/backup', method: 'GET' }, do: { status: 503 } },
      ],
    },
    run,
    clearFaults,
    run,
  ],
  hazards: [hazards.dcbContext, hazards.pushStateRefused],
  rules: ['dcb/pushed', 'dcb/waits-for-finished', 'fault/recovers', 'outcome/exit-status-true', 'outcome/restorable'],
};
