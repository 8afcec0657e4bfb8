import { aFewSegments } from '../a-few-segments.ts';
import { everyBackup } from '../every-backup.ts';
import { hazards } from '../hazards.ts';
import type { Scenario } from '../scenario.ts';

export const growsBetweenRuns: Scenario = {
  id: 'growth/grows-between-runs',
  title: 'the store grows from run to run',
  story:
    'Three backups, with many new segments between the first two and nothing new before the third. What was open has closed by then, so a copy of it that is never replaced stays half empty.',
  cluster: { rate: 0.2, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  steps: [
    ...aFewSegments,
    { kind: 'run' },
    ...aFewSegments,
    { kind: 'advance', by: '10m' },
    { kind: 'run' },
    { kind: 'append', transactions: 2 },
    { kind: 'run' },
  ],
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
