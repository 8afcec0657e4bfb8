import { hazards, type Scenario } from '../parts.ts';
import { noListIn, runsThatMeet, strikeEvents, strikeSnapshots } from './json-that-is-no-list.ts';

export const noListOfSegments: Scenario = {
  id: 'fault/no-list-of-segments',
  title: 'JSON that is no list of segments, for as long as it is asked for',
  story:
    'The list of events, and then that of snapshots, is in its turn an object without names, a text, a number, null, or an object in the place of the names, from whichever endpoint it is asked. A client that looks for the key alone finds it, and nothing to go through behind it.',
  ...noListIn([...runsThatMeet(strikeEvents, 0), ...runsThatMeet(strikeSnapshots, 0)]),
  hazards: [hazards.answerFails('segments', /^body/)],
  rules: ['fault/error-is-failure', 'fault/recovers', 'outcome/previous-survives', 'outcome/exit-status-true'],
};
