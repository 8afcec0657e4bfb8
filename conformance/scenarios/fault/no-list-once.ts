import { aFewSegments } from '../a-few-segments.ts';
import { hazards } from '../hazards.ts';
import { logIsCleaned } from '../log-is-cleaned.ts';
import type { Scenario } from '../scenario.ts';
import { runsThatMeet, strikeLogs, strikeSnapshots } from './json-that-is-no-list.ts';

export const noListOnce: Scenario = {
  id: 'fault/no-list-once',
  title: 'JSON that is no list, a single time',
  story:
    'One answer of a run is an object without names, a text, a number, or null: JSON with status 200, and no list. A loop over such a thing runs zero times, and the run ends without the files.',
  cluster: { rate: 0.2, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  steps: [
    ...aFewSegments,
    { kind: 'run' },
    ...aFewSegments,
    ...runsThatMeet(strikeLogs),
    ...runsThatMeet(strikeSnapshots),
    { kind: 'clear-faults' },
    ...logIsCleaned,
    { kind: 'run' },
  ],
  hazards: [hazards.answerFails('log', /^body/), hazards.answerFails('segments', /^body/)],
  rules: ['fault/error-is-failure', 'fault/recovers', 'outcome/exit-status-true'],
};
