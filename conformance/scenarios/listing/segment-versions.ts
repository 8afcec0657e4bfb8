import { aFewSegments } from '../a-few-segments.ts';
import { hazards } from '../hazards.ts';
import { needs } from '../needs.ts';
import type { Scenario } from '../scenario.ts';

export const segmentVersions: Scenario = {
  id: 'listing/segment-versions',
  title: 'segments are transformed after they were copied',
  story:
    'After the first run a transformation deletes events in segments that the client has, which get a version each; later the old versions are deleted. Who goes by numbers alone leaves the versions out, and brings the deleted events back.',
  cluster: { rate: 0.2, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  needs: [needs.segmentVersions],
  steps: [
    ...aFewSegments,
    { kind: 'run' },
    { kind: 'transform', firstToken: 2, lastToken: 30 },
    { kind: 'advance', by: '3h' },
    { kind: 'run' },
    { kind: 'compact' },
    ...aFewSegments,
    { kind: 'advance', by: '3h' },
    { kind: 'run' },
  ],
  hazards: [hazards.segmentVersions],
  rules: [
    'listing/segment-versions',
    'cursor/never-skips',
    'cursor/from-closed-segment',
    'coverage/contexts',
    'copy/faithful',
    'copy/source-untouched',
    'outcome/exit-status-true',
    'outcome/restorable',
    'outcome/no-loss',
  ],
};
