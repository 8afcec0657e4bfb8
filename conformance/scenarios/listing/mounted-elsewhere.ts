import { advance, aFewSegments, everyBackup, growing, hazards, needs, run, type Scenario } from '../parts.ts';

export const mountedElsewhere: Scenario = {
  id: 'listing/mounted-elsewhere',
  title: 'the server names its files as its container sees them, in paths with /./',
  story:
    'Events, snapshots, logs, data and the zip are mounted for the client one by one, at places that have nothing in common with each other, and the server names its files as it sees them itself. Who replaces one beginning by another, or looks for a name as it is spelt, looks in the wrong place.',
  cluster: growing,
  oddities: ['dot-behind-root'],
  needs: [needs.pathMap],
  steps: [...aFewSegments, run, ...aFewSegments, advance('3h'), run],
  hazards: [hazards.pathsMapped, hazards.dotSegments],
  rules: [...everyBackup, 'listing/paths-mapped', 'cursor/never-skips'],
};
