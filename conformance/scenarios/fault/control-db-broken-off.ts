import { aFewSegments } from '../a-few-segments.ts';
import { hazards } from '../hazards.ts';
import { logIsCleaned } from '../log-is-cleaned.ts';
import type { Scenario } from '../scenario.ts';

export const controlDbBrokenOff: Scenario = {
  id: 'fault/control-db-broken-off',
  title: 'the control database backup breaks off in the middle',
  story:
    'The connection is reset before the answer, then in the middle of its body, then a body arrives that is not what was asked for. Whatever is left of it must not pass for a whole answer.',
  cluster: { rate: 0.2, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  steps: [
    ...aFewSegments,
    { kind: 'run' },
    ...aFewSegments,
    {
      kind: 'plan-faults',
      rules: [{ match: { path: '/v1/backup/createControlDbBackup', method: 'POST' }, do: { reset: true }, times: 0 }],
    },
    { kind: 'run' },
    {
      kind: 'plan-faults',
      rules: [
        { match: { path: '/v1/backup/createControlDbBackup', method: 'POST' }, do: { truncateAt: 20 }, times: 0 },
      ],
    },
    { kind: 'run' },
    {
      kind: 'plan-faults',
      rules: [
        {
          match: { path: '/v1/backup/createControlDbBackup', method: 'POST' },
          do: { body: '<html>proxy error</html>' },
          times: 0,
        },
      ],
    },
    { kind: 'run' },
    { kind: 'clear-faults' },
    ...logIsCleaned,
    { kind: 'run' },
  ],
  hazards: [
    hazards.answerFails('control-db-backup', /^reset/),
    hazards.answerFails('control-db-backup', /^truncateAt/),
  ],
  rules: ['fault/error-is-failure', 'fault/recovers', 'outcome/previous-survives'],
};
