import { advance, aFewSegments, everyBackup, growing, hazards, run, type Scenario } from '../parts.ts';

export const unknownSuffix: Scenario = {
  id: 'listing/unknown-suffix',
  title: 'a kind of file that no client has heard of',
  story:
    'The listing names files of a new suffix beside the known ones, and an index that does not exist, as some releases do. What is listed is to be copied, whatever it is called.',
  cluster: growing,
  oddities: ['unknown-suffix'],
  steps: [...aFewSegments, run, ...aFewSegments, advance('3h'), run],
  hazards: [hazards.unknownSuffixes],
  rules: [...everyBackup, 'listing/unknown-suffixes', 'cursor/never-skips'],
};
