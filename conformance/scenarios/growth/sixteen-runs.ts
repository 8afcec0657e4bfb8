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

/** Every third day there are new snapshots, and every day a segment closes. */
const day = (number: number): readonly Step[] => [
  append(20),
  ...(number % 3 === 0 ? [appendSnapshots(5)] : []),
  advance('5s'),
  run,
];

export const sixteenRuns: Scenario = {
  id: 'growth/sixteen-runs',
  title: 'more backups than two weeks have days',
  story:
    'Sixteen runs: two weeks of increments are gone for those who keep two weeks of them, and whoever numbers backups without zeros in front has come to two digits, where the tenth is sorted before the ninth.',
  cluster: { ...still, nodes: 1 },
  steps: Array.from({ length: 16 }, (_, number) => day(number)).flat(),
  hazards: [hazards.manyRuns, hazards.openSegmentCloses],
  rules: [...everyBackup, 'cursor/never-skips', 'cursor/from-closed-segment', 'open-segment/overwritten'],
};
