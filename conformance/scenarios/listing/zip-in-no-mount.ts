import { aFewSegments } from '../a-few-segments.ts';
import { everyBackup } from '../every-backup.ts';
import { hazards } from '../hazards.ts';
import { needs } from '../needs.ts';
import type { Scenario } from '../scenario.ts';

export const zipInNoMount: Scenario = {
  id: 'listing/zip-in-no-mount',
  title: 'the zip of the control database lies in the own layer of the container',
  story:
    'In the second run all volumes are mounted for the client, and the zip is on none of them: without `controldb-backup-location` an image writes it beside them. There is no backup without it; who goes on where a file is absent leaves one that nobody can restore, and calls it good.',
  cluster: { rate: 0.2, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  needs: [needs.pathMap],
  steps: [...aFewSegments, { kind: 'run' }, ...aFewSegments, { kind: 'run', unmounted: ['zip'] }, { kind: 'run' }],
  hazards: [hazards.pathsMapped, hazards.zipInNoMount],
  rules: [...everyBackup, 'listing/paths-mapped', 'outcome/previous-survives'],
};
