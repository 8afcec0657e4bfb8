import { hazards, type Scenario } from '../parts.ts';
import { noListIn, runsThatMeet, strikeLogs, strikePost } from './json-that-is-no-list.ts';

export const noList: Scenario = {
  id: 'fault/no-list',
  title: 'JSON that is no list, for as long as it is asked for',
  story:
    'The control database backup, and then the list of each log, is in its turn an object without names, a text, a number, null, or an object in the place of the names: JSON with status 200, and no list. A loop over such a thing runs zero times, and the run ends without the files.',
  ...noListIn([...runsThatMeet(strikePost, 0), ...runsThatMeet(strikeLogs, 0)]),
  hazards: [hazards.answerFails('control-db-backup', /^body/), hazards.answerFails('log', /^body/)],
  rules: ['fault/error-is-failure', 'fault/recovers', 'outcome/previous-survives', 'outcome/exit-status-true'],
};
