import { advance, aFewSegments, growing, hazards, needs, run, type Scenario } from '../parts.ts';

export const segmentVersions: Scenario = {
  id: 'listing/segment-versions',
  title: 'segments are transformed after they were copied',
  story:
    'After the first run a transformation deletes events in segments that the client has, which get a version each; later the old versions are deleted. Who goes by numbers alone leaves the versions out, and brings the deleted events back.',
  cluster: growing,
  needs: [needs.segmentVersions],
  steps: [
    ...aFewSegments,
    run,
    { kind: 'transform', firstToken: 2, lastToken: 30 },
    advance('3h'),
    run,
    { kind: 'compact' },
    ...aFewSegments,
    advance('3h'),
    run,
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
