import { aFewSegments, everyBackup, growing, hazards, needs, run, type Scenario } from '../parts.ts';

export const zipInNoMount: Scenario = {
  id: 'listing/zip-in-no-mount',
  title: 'the zip of the control database lies in the own layer of the container',
  story:
    'In the second run all volumes are mounted for the client, and the zip is on none of them: without `controldb-backup-location` an image writes it beside them. There is no backup without it; who goes on where a file is absent leaves one that nobody can restore, and calls it good.',
  cluster: growing,
  needs: [needs.pathMap],
  steps: [...aFewSegments, run, ...aFewSegments, { kind: 'run', unmounted: ['zip'] }, run],
  hazards: [hazards.pathsMapped, hazards.zipInNoMount],
  rules: [...everyBackup, 'listing/paths-mapped', 'outcome/previous-survives'],
};
