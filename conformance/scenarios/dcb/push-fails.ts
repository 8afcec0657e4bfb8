import { advance, append, clearFaults, hazards, needs, run, type Scenario } from '../parts.ts';
import { besideAPlainOne } from './beside-a-plain-one.ts';

export const dcbPushFails: Scenario = {
  id: 'dcb/push-fails',
  title: 'the server says that its backup of a context has failed',
  story:
    'In the second run the state of the backup that the server writes is FAILED, whenever it is asked for: that is no end to be content with, and the run has to fail. When all is well again, the next one yields a good backup.',
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
        { match: { path: '/v2/backup/*', method: 'GET' }, do: { body: '{"backupState":"FAILED"}' }, times: 0 },
        { match: { path: '/v2/backup', method: 'GET' }, do: { status: 503 }, times: 0 },
      ],
    },
    run,
    clearFaults,
    run,
  ],
  hazards: [hazards.dcbContext],
  rules: ['dcb/pushed', 'dcb/waits-for-finished', 'fault/recovers', 'outcome/previous-survives', 'outcome/restorable'],
};
