import { advance, append, everyBackup, hazards, needs, run, type Scenario } from '../parts.ts';
import { besideAPlainOne } from './beside-a-plain-one.ts';

export const dcbFirstBackup: Scenario = {
  id: 'dcb/first-backup',
  title: 'a context with a dynamic consistency boundary',
  story:
    'Beside a plain context there is one with a dynamic consistency boundary, whose files are not to be pulled: the server writes its backup, by POST /v2/backup, and takes its time. Who does not know of it, or does not wait for FINISHED, has none of its events.',
  cluster: besideAPlainOne,
  // Two or three questions until it is finished, however fast a client asks.
  pace: { requestMs: 500 },
  needs: [needs.dcb],
  steps: [
    append(30),
    append(60, { context: 'billing' }),
    advance('1m'),
    run,
    append(60, { context: 'billing' }),
    advance('3h'),
    run,
  ],
  hazards: [hazards.dcbContext],
  rules: [...everyBackup, 'dcb/pushed', 'dcb/waits-for-finished', 'dcb/location-not-live'],
};
