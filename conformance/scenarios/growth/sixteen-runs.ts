import {
  advance,
  append,
  appendSnapshots,
  clearFaults,
  everyBackup,
  hazards,
  run,
  type Scenario,
  type Step,
  still,
} from '../parts.ts';
import { strikeLists } from '../fault/strike-lists.ts';

/** After so many good backups one fails: every period of two to ten runs ends at one of these numbers. */
const failing: ReadonlySet<number> = new Set([6, 7, 8, 9, 10, 14]);

const inVain: readonly Step[] = [
  { kind: 'plan-faults', rules: strikeLists('EVENT', { do: { status: 503 }, times: 0 }) },
  run,
  clearFaults,
];

/** Every third day there are new snapshots, and every day a segment closes. */
const day = (number: number): readonly Step[] => [
  append(20),
  ...(number % 3 === 0 ? [appendSnapshots(5)] : []),
  advance('5s'),
  ...(failing.has(number) ? inVain : []),
  run,
];

export const sixteenRuns: Scenario = {
  id: 'growth/sixteen-runs',
  title: 'more backups than two weeks have days',
  story:
    'Sixteen runs: two weeks of increments are gone for those who keep two weeks of them, and whoever numbers backups without zeros in front has come to two digits, where the tenth is sorted before the ninth. Six more runs between them are refused the events: whoever makes room for a full backup every so many runs, before there is one, has none then.',
  cluster: { ...still, nodes: 1 },
  steps: Array.from({ length: 16 }, (_, number) => day(number)).flat(),
  hazards: [hazards.manyRuns, hazards.answerFails('segments', /^status 503/), hazards.openSegmentCloses],
  rules: [
    ...everyBackup,
    'cursor/never-skips',
    'cursor/from-closed-segment',
    'open-segment/overwritten',
    'outcome/previous-survives',
    'fault/recovers',
  ],
};
