import { everyBackup } from '../every-backup.ts';
import { hazards } from '../hazards.ts';
import type { Scenario, Step } from '../scenario.ts';

/** A night, and what an application has done by day. */
const nextNight: readonly Step[] = [
  { kind: 'append', transactions: 25 },
  { kind: 'append', transactions: 5, type: 'SNAPSHOT' },
  { kind: 'advance', by: '5s' },
  { kind: 'run' },
];

export const tenRuns: Scenario = {
  id: 'growth/ten-runs',
  title: 'ten backups, one after the other',
  story:
    'Ten nights, and on each of them a segment or two more. A tool that keeps the last few backups, each of them with what was new then, throws away the beginning of the chain, and with it what no other backup holds.',
  cluster: { rate: 0, nodes: 1, segmentSizeBytes: 8 * 1024, logSegmentSizeBytes: 8 * 1024 },
  steps: Array.from({ length: 10 }, () => nextNight).flat(),
  hazards: [hazards.manyRuns, hazards.openSegmentCloses],
  rules: [...everyBackup, 'cursor/never-skips', 'cursor/from-closed-segment', 'open-segment/overwritten'],
};
