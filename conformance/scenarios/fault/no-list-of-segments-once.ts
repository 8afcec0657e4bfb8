import { hazards, type Scenario } from '../parts.ts';
import { noListIn, runsThatMeet, strikeEvents, strikeSnapshots } from './json-that-is-no-list.ts';

export const noListOfSegmentsOnce: Scenario = {
  id: 'fault/no-list-of-segments-once',
  title: 'JSON that is no list of segments, a single time',
  story:
    'One list of events, or of snapshots, is JSON with status 200 and no list; the same question is answered well when it is asked again. To fail is fine, and so is to ask again; to take it for "nothing new" is not.',
  ...noListIn([...runsThatMeet(strikeEvents), ...runsThatMeet(strikeSnapshots)]),
  hazards: [hazards.answerFails('segments', /^body/)],
  rules: ['fault/error-is-failure', 'fault/recovers', 'outcome/exit-status-true'],
};
