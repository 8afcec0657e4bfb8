import { advance, aFewSegments, append, everyBackup, growing, hazards, run, type Scenario } from '../parts.ts';

export const growsBetweenRuns: Scenario = {
  id: 'growth/grows-between-runs',
  title: 'the store grows from run to run',
  story:
    'Three backups, with many new segments between the first two and nothing new before the third. What was open has closed by then, so a copy of it that is never replaced stays half empty.',
  cluster: growing,
  steps: [...aFewSegments, run, ...aFewSegments, advance('10m'), run, append(2), run],
  hazards: [hazards.openSegmentCloses, hazards.manySegmentsClose, hazards.nothingNew, hazards.olderZips],
  rules: [
    ...everyBackup,
    'log/recopied',
    'coverage/snapshots',
    'coverage/index-files',
    'copy/faithful',
    'cursor/never-skips',
    'cursor/from-closed-segment',
    'cursor/incremental',
    'open-segment/overwritten',
    'open-segment/included',
  ],
};
