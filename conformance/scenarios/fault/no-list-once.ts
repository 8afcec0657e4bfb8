import { hazards, type Scenario } from '../parts.ts';
import { noListIn, runsThatMeet, strikeLogs, strikePost } from './json-that-is-no-list.ts';

export const noListOnce: Scenario = {
  id: 'fault/no-list-once',
  title: 'JSON that is no list, a single time',
  story:
    'One answer of a run is JSON with status 200, and neither the path of a control database backup nor a list of log files; the same question is answered well when it is asked again. A loop over such a thing runs zero times, and the run ends without the files.',
  ...noListIn([...runsThatMeet(strikePost), ...runsThatMeet(strikeLogs)]),
  hazards: [hazards.answerFails('control-db-backup', /^body/), hazards.answerFails('log', /^body/)],
  rules: ['fault/error-is-failure', 'fault/recovers', 'outcome/exit-status-true'],
};
