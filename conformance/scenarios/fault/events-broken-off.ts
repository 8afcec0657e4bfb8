import { aFewSegments, clearFaults, growing, hazards, logIsCleaned, run, type Scenario } from '../parts.ts';
import { strikeLists } from './strike-lists.ts';

export const eventsBrokenOff: Scenario = {
  id: 'fault/events-broken-off',
  title: 'the listing of events breaks off in the middle',
  story:
    'The connection is reset before the answer, then in the middle of its body, then before its last byte; then a body arrives that is not what was asked for. Whatever is left of it must not pass for a whole answer, however short that is.',
  cluster: growing,
  steps: [
    ...aFewSegments,
    run,
    ...aFewSegments,
    {
      kind: 'plan-faults',
      rules: strikeLists('EVENT', { do: { reset: true }, times: 0 }),
    },
    run,
    {
      kind: 'plan-faults',
      rules: strikeLists('EVENT', { do: { cut: 'half' }, times: 0 }),
    },
    run,
    {
      kind: 'plan-faults',
      rules: strikeLists('EVENT', { do: { cut: 'last-byte' }, times: 0 }),
    },
    run,
    {
      kind: 'plan-faults',
      rules: strikeLists('EVENT', { do: { body: '<html>proxy error</html>' }, times: 0 }),
    },
    run,
    clearFaults,
    ...logIsCleaned,
    run,
  ],
  hazards: [
    hazards.answerFails('segments', /^reset/),
    hazards.answerFails('segments', /^cut half/),
    hazards.answerFails('segments', /^cut last-byte/),
  ],
  rules: ['fault/error-is-failure', 'fault/recovers', 'outcome/previous-survives'],
};
