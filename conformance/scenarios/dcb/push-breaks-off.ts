import { advance, append, hazards, needs, run, type Scenario } from '../parts.ts';
import { besideAPlainOne } from './beside-a-plain-one.ts';

export const dcbPushBreaksOff: Scenario = {
  id: 'dcb/push-breaks-off',
  title: 'the node goes down while it writes its backup of a context',
  story:
    'In the second run the server has written some of the files when its node crashes, and nobody knows of that backup afterwards. Who has the server write where the last good one lies has neither: the segment that was open then has grown in it.',
  cluster: besideAPlainOne,
  pace: { requestMs: 500 },
  needs: [needs.dcb],
  steps: [
    append(30),
    append(70, { context: 'billing' }),
    advance('1m'),
    run,
    append(1500, { context: 'billing' }),
    advance('1m'),
    {
      kind: 'run',
      surprises: [
        {
          // It begins to write a second after it was asked, and takes a millisecond for each file.
          at: { method: 'POST', path: '/v2/backup', when: 'is-answered' },
          happens: [
            { kind: 'advance', by: '1030ms' },
            { kind: 'crash', node: 'node-1' },
          ],
        },
      ],
    },
    { kind: 'start', node: 'node-1' },
    advance('1m'),
    run,
  ],
  hazards: [hazards.dcbContext, hazards.pushBreaksOff],
  rules: ['dcb/pushed', 'dcb/waits-for-finished', 'fault/recovers', 'outcome/previous-survives', 'outcome/restorable'],
};
