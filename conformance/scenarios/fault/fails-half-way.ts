import { aFewSegments } from '../a-few-segments.ts';
import { hazards } from '../hazards.ts';
import { logIsCleaned } from '../log-is-cleaned.ts';
import type { Scenario } from '../scenario.ts';
import { strikeLists } from './strike-lists.ts';

export const failsHalfWay: Scenario = {
  id: 'fault/fails-half-way',
  title: 'errors that last, and come when some of the work is done',
  story:
    'The log of one group is copied when the next is refused; later the events are copied and the snapshots are not to be had: 500, half a body. What is there by then is no backup.',
  cluster: { rate: 0.2, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  steps: [
    ...aFewSegments,
    { kind: 'run' },
    { kind: 'append', transactions: 60 },
    { kind: 'append', transactions: 60, type: 'SNAPSHOT' },
    { kind: 'advance', by: '5s' },
    {
      kind: 'plan-faults',
      rules: [{ match: { path: '/v1/backup/log/filenames', method: 'GET', nth: 2 }, do: { status: 503 }, times: 0 }],
    },
    { kind: 'run' },
    {
      kind: 'plan-faults',
      rules: strikeLists('SNAPSHOT', { do: { status: 500 }, times: 0 }),
    },
    { kind: 'run' },
    {
      kind: 'plan-faults',
      rules: strikeLists('SNAPSHOT', { do: { cut: 'half' }, times: 0 }),
    },
    { kind: 'run' },
    { kind: 'clear-faults' },
    ...logIsCleaned,
    { kind: 'run' },
  ],
  hazards: [hazards.failsHalfWay],
  rules: ['fault/error-is-failure', 'fault/recovers', 'outcome/previous-survives', 'outcome/exit-status-true'],
};
