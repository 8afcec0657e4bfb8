import type { Scenario } from '../scenarios/scenario.ts';
import type { Report } from '../verdict/report.ts';
import { scenarioOf, type Draft } from './schedule.ts';
import { simplerThan } from './simpler.ts';

export interface ShrinkOptions {
  readonly id: string;
  readonly draft: Draft;
  /** Plays a scenario by itself; null where that was interrupted. */
  readonly play: (scenario: Scenario) => Promise<Report | null>;
  /** The failure that is looked for. */
  readonly isTheSame: (report: Report) => boolean;
  /** Tries at most. The count bounds them: no clock has a say in what is found. */
  readonly mostPlays: number;
  readonly onSmaller?: () => void;
  /** Called after each play with the smallest so far. */
  readonly onPlayed?: (smallest: Shrunk) => void;
}

/** The smallest schedule so far that fails in the same way. */
export interface Shrunk {
  readonly scenario: Scenario;
  /** Of this one alone; null where nothing smaller than what was given has been found. */
  readonly report: Report | null;
  readonly plays: number;
}

/** Takes away and makes simpler what can be, as long as the failure stays: until nothing more can go. */
export async function shrink({
  id,
  draft,
  play,
  isTheSame,
  mostPlays,
  onSmaller,
  onPlayed,
}: ShrinkOptions): Promise<Shrunk> {
  let plays = 0;
  let smallest = draft;
  let found: Shrunk = { scenario: scenarioOf(id, draft), report: null, plays };
  const tried = new Set([textOf(found.scenario)]);
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false;
    for (const candidate of simplerThan(smallest)) {
      const scenario = scenarioOf(id, candidate);
      // What is left out of a draft need not have come to a step.
      const text = textOf(scenario);
      if (tried.has(text) || scenario.steps.every(({ kind }) => kind !== 'run')) continue;
      tried.add(text);
      if (plays >= mostPlays) return { ...found, plays };
      plays++;
      const report = await play(scenario);
      if (report === null) return { ...found, plays };
      isSmaller = isTheSame(report);
      if (isSmaller) {
        smallest = candidate;
        found = { scenario, report, plays };
        onSmaller?.();
      }
      onPlayed?.({ ...found, plays });
      if (isSmaller) break;
    }
  }
  return { ...found, plays };
}

function textOf({ cluster, oddities, pace, steps }: Scenario): string {
  return JSON.stringify([cluster, oddities, pace, steps]);
}
