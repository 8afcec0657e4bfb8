import { aFewSegments } from '../a-few-segments.ts';
import { everyBackup } from '../every-backup.ts';
import { hazards } from '../hazards.ts';
import { needs } from '../needs.ts';
import type { Scenario } from '../scenario.ts';

export const mountedElsewhere: Scenario = {
  id: 'listing/mounted-elsewhere',
  title: 'the server names its files as its container sees them, in paths with /./',
  story:
    'Events, snapshots, logs, data and the zip are mounted for the client one by one, at places that have nothing in common with each other, and the server names its files as it sees them itself. Who replaces one beginning by another, or looks for a name as it is spelt, looks in the wrong place.',
  cluster: { rate: 0.2, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  oddities: ['dot-behind-root'],
  needs: [needs.pathMap],
  steps: [...aFewSegments, { kind: 'run' }, ...aFewSegments, { kind: 'advance', by: '3h' }, { kind: 'run' }],
  hazards: [hazards.pathsMapped, hazards.dotSegments],
  rules: [...everyBackup, 'listing/paths-mapped', 'cursor/never-skips'],
};
