import { aFewSegments } from '../a-few-segments.ts';
import { hazards } from '../hazards.ts';
import { logIsCleaned } from '../log-is-cleaned.ts';
import type { Scenario } from '../scenario.ts';
import { runsThatMeet, strikeEvents, strikeLogs, strikePost } from './json-that-is-no-list.ts';

export const noList: Scenario = {
  id: 'fault/no-list',
  title: 'JSON that is no list, for as long as it is asked for',
  story:
    'Each kind of answer is in its turn an object without names, a text, a number, or null: JSON with status 200, and no list. A loop over such a thing runs zero times, and the run ends without the files.',
  cluster: { rate: 0.2, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  steps: [
    ...aFewSegments,
    { kind: 'run' },
    ...aFewSegments,
    ...runsThatMeet(strikePost, 0),
    ...runsThatMeet(strikeLogs, 0),
    ...runsThatMeet(strikeEvents, 0),
    { kind: 'clear-faults' },
    ...logIsCleaned,
    { kind: 'run' },
  ],
  hazards: [
    hazards.answerFails('control-db-backup', /^body/),
    hazards.answerFails('log', /^body/),
    hazards.answerFails('segments', /^body/),
  ],
  rules: ['fault/error-is-failure', 'fault/recovers', 'outcome/previous-survives', 'outcome/exit-status-true'],
};
