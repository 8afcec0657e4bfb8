import { advance, aFewSegments, everyBackup, growing, hazards, run, type Scenario } from '../parts.ts';

export const descending: Scenario = {
  id: 'listing/descending',
  title: 'names with the highest segment first',
  story:
    'The server lists its files otherwise than yesterday: names with the highest segment first. The last name of a list is not the newest segment, and a list may name a file twice.',
  cluster: growing,
  oddities: ['descending'],
  steps: [...aFewSegments, run, ...aFewSegments, advance('3h'), run, ...aFewSegments, run, ...aFewSegments, run],
  hazards: [hazards.namesDescend],
  rules: [...everyBackup, 'listing/any-order', 'cursor/never-skips', 'cursor/from-closed-segment'],
};
