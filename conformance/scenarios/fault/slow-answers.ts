import { aFewSegments, everyBackup, growing, hazards, needs, run, type Scenario } from '../parts.ts';

export const slowAnswers: Scenario = {
  id: 'fault/slow-answers',
  title: 'answers that take their time',
  story: 'Every answer is held back for a while, once for long. A patient client is slower, and its backup as good.',
  cluster: growing,
  needs: [needs.log],
  steps: [
    ...aFewSegments,
    { kind: 'plan-faults', rules: [{ match: { path: '/v1/backup/*' }, do: { delay: '50ms' }, times: 0 }] },
    run,
  ],
  hazards: [hazards.answerFails('log', /^delay/)],
  rules: [...everyBackup],
};
