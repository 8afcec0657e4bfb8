import { advance, append, everyBackup, hazards, needs, run, type Scenario } from '../parts.ts';
import { besideAPlainOne } from './beside-a-plain-one.ts';

export const dcbSeveralContexts: Scenario = {
  id: 'dcb/several-contexts',
  title: 'two contexts with a dynamic consistency boundary, below a base path, behind a token',
  story:
    'The server writes the backups of a large context and of a small one, and is done with the small one first: who waits for the one that was asked for last has half of the other. Token and base path belong to these requests as to all others.',
  cluster: {
    ...besideAPlainOne,
    groups: [...(besideAPlainOne.groups ?? []), { name: 'fraud', contexts: [{ name: 'fraud', dcb: true }] }],
    logSegmentSizeBytes: 64 * 1024,
    token: 'f3b1c9d2-7a54-4e0b-9c1d-52a6e8f70b3c',
    contextPath: '/axonserver-1',
  },
  pace: { requestMs: 500 },
  needs: [needs.dcb],
  steps: [
    append(30),
    append(1500, { context: 'billing' }),
    append(2, { context: 'fraud' }),
    advance('1m'),
    run,
    append(30, { context: 'fraud' }),
    advance('3h'),
    run,
  ],
  hazards: [hazards.dcbContext, hazards.tokenNeeded, hazards.basePath],
  rules: [
    ...everyBackup,
    'dcb/pushed',
    'dcb/waits-for-finished',
    'dcb/location-not-live',
    'access/token-sent',
    'access/base-path',
  ],
};
