import { advance, aFewSegments, everyBackup, growing, hazards, run, type Scenario } from '../parts.ts';

export const shuffled: Scenario = {
  id: 'listing/shuffled',
  title: 'names in no order',
  story:
    'The server lists its files otherwise than yesterday: names in no order. The last name of a list is not the newest segment, and a list may name a file twice.',
  cluster: growing,
  oddities: ['shuffled'],
  steps: [...aFewSegments, run, ...aFewSegments, advance('3h'), run, ...aFewSegments, run, ...aFewSegments, run],
  hazards: [hazards.namesInNoOrder],
  rules: [...everyBackup, 'listing/any-order', 'cursor/never-skips', 'cursor/from-closed-segment'],
};
