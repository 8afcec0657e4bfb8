import {
  advance,
  append,
  appendSnapshots,
  everyBackup,
  hazards,
  run,
  type Scenario,
  type Step,
  still,
} from '../parts.ts';

/** A night, and what an application has done by day. */
const nextNight: readonly Step[] = [append(25), appendSnapshots(5), advance('5s'), run];

export const tenRuns: Scenario = {
  id: 'growth/ten-runs',
  title: 'ten backups, one after the other',
  story:
    'Ten nights, and on each of them a segment or two more. A tool that keeps the last few backups, each of them with what was new then, throws away the beginning of the chain, and with it what no other backup holds.',
  cluster: { ...still, nodes: 1 },
  steps: Array.from({ length: 10 }, () => nextNight).flat(),
  hazards: [hazards.manyRuns, hazards.openSegmentCloses],
  rules: [...everyBackup, 'cursor/never-skips', 'cursor/from-closed-segment', 'open-segment/overwritten'],
};
