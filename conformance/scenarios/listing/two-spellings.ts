import { advance, aFewSegments, everyBackup, growing, hazards, run, type Scenario } from '../parts.ts';

export const twoSpellings: Scenario = {
  id: 'listing/two-spellings',
  title: 'one file under two spellings, in paths with /./',
  story:
    'The server lists its files otherwise than yesterday: one file under two spellings, in paths with /./. The last name of a list is not the newest segment, and a list may name a file twice: who copies side by side writes it twice at a time.',
  cluster: growing,
  oddities: ['shuffled', 'dot-segments', 'two-spellings'],
  steps: [...aFewSegments, run, ...aFewSegments, advance('3h'), run],
  hazards: [hazards.twoSpellings, hazards.dotSegments],
  rules: [...everyBackup, 'listing/any-order', 'cursor/never-skips', 'cursor/from-closed-segment'],
};
