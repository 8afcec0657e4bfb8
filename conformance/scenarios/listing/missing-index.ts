import { aFewSegments, everyBackup, growing, hazards, run, type Scenario } from '../parts.ts';

export const missingIndex: Scenario = {
  id: 'listing/missing-index',
  title: 'an index that is listed and does not exist',
  story:
    'The listing names an index file that is not there, as releases with event transformation do: there is nothing to copy, and the backup is none the worse for it. Indexes that are there are another matter: below a good one a server builds none.',
  cluster: growing,
  oddities: ['index-that-does-not-exist'],
  steps: [...aFewSegments, run],
  hazards: [hazards.missingIndex],
  rules: [...everyBackup, 'cursor/never-skips'],
};
