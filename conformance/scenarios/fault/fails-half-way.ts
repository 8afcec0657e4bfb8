import {
  advance,
  aFewSegments,
  append,
  appendSnapshots,
  clearFaults,
  growing,
  hazards,
  logIsCleaned,
  run,
  type Scenario,
} from '../parts.ts';
import { strikeLists } from './strike-lists.ts';

export const failsHalfWay: Scenario = {
  id: 'fault/fails-half-way',
  title: 'errors that last, and come when some of the work is done',
  story:
    'The log of one group is copied when the next is refused; later the events are copied and the snapshots are not to be had: 500, half a body. What is there by then is no backup.',
  cluster: growing,
  steps: [
    ...aFewSegments,
    run,
    append(60),
    appendSnapshots(60),
    advance('5s'),
    {
      kind: 'plan-faults',
      rules: [{ match: { path: '/v1/backup/log/filenames', method: 'GET', nth: 2 }, do: { status: 503 }, times: 0 }],
    },
    run,
    {
      kind: 'plan-faults',
      rules: strikeLists('SNAPSHOT', { do: { status: 500 }, times: 0 }),
    },
    run,
    {
      kind: 'plan-faults',
      rules: strikeLists('SNAPSHOT', { do: { cut: 'half' }, times: 0 }),
    },
    run,
    clearFaults,
    ...logIsCleaned,
    run,
  ],
  hazards: [hazards.failsHalfWay],
  rules: ['fault/error-is-failure', 'fault/recovers', 'outcome/previous-survives', 'outcome/exit-status-true'],
};
