import { aFewSegments } from '../a-few-segments.ts';
import { everyBackup } from '../every-backup.ts';
import { hazards } from '../hazards.ts';
import { needs } from '../needs.ts';
import type { Scenario } from '../scenario.ts';

export const slowAnswers: Scenario = {
  id: 'fault/slow-answers',
  title: 'answers that take their time',
  story: 'Every answer is held back for a while, once for long. A patient client is slower, and its backup as good.',
  cluster: { rate: 0.2, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  needs: [needs.log],
  steps: [
    ...aFewSegments,
    { kind: 'plan-faults', rules: [{ match: { path: '/v1/backup/*' }, do: { delay: '50ms' }, times: 0 }] },
    { kind: 'run' },
  ],
  hazards: [hazards.answerFails('log', /^delay/)],
  rules: [...everyBackup],
};
