import type { ServerVersion } from '../../server/index.ts';
import type { Surroundings } from '../check/selection/surroundings.ts';
import type { ConformanceOptions } from '../check/run-conformance.ts';
import { scenarios } from '../scenarios/catalog.ts';
import { describeScenario } from '../scenarios/described-scenario.ts';
import type { Report } from '../verdict/report.ts';
import { explore, type ShrunkFailure } from './explore.ts';

/** What an exploration by a program can be told beside its client; what is not said is as in `axon-backup-kit explore`. */
export interface ExploreSettings
  extends
    Surroundings,
    Pick<ConformanceOptions, 'timeoutMs' | 'capabilities' | 'jobs' | 'signal' | 'unpack' | 'edition'> {
  /** Schedules to play; 200 unless given. */
  readonly runs?: number;
  /** Of the first schedule; each has the next one. 1 unless given. */
  readonly fromSeed?: number;
  readonly serverVersion?: ServerVersion | 'all';
  /** Ends after so many schedules that fail; 1 unless given. */
  readonly bail?: number;
  readonly failOn?: 'fail' | 'warn';
}

/** A schedule that broke a rule, and the shortest found that breaks the same. */
export interface FoundFailure extends Pick<ShrunkFailure, 'seed' | 'serverVersion' | 'rule' | 'stepsBefore' | 'plays'> {
  readonly stepsAfter: number;
  /** The shortest one as a scenario file, JSON: for `check --scenario`. */
  readonly scenarioFile: string;
  /** Of the shortest one alone; null where that was interrupted before it was played. */
  readonly report: Report | null;
}

/** What came of an exploration. */
export interface Explored {
  readonly schedules: number;
  readonly runs: number;
  readonly failures: readonly FoundFailure[];
  /** Schedules that nothing could be said of, each with the reason. */
  readonly undecided: ReadonlyArray<{ readonly seed: number; readonly reason: string }>;
  /** In how many schedules each hazard of the kit was reached. */
  readonly hazards: ReadonlyArray<{ readonly id: string; readonly schedules: number }>;
  readonly wasInterrupted: boolean;
}

/** Plays that one failure is shrunk in, at most. */
export const MOST_SHRINKING_PLAYS = 200;

/** Explores as the command does, with nothing on the console. */
export async function exploreFor(
  driver: ConformanceOptions['driver'],
  { runs = 200, fromSeed = 1, serverVersion = 'documented', bail = 1, failOn = 'fail', ...rest }: ExploreSettings,
): Promise<Explored> {
  const found = await explore({
    ...rest,
    driver,
    runs,
    fromSeed,
    serverVersion,
    bail,
    failOn,
    shard: { index: 1, count: 1 },
    hazards: scenarios.flatMap(({ hazards }) => hazards),
    mostShrinkingPlays: MOST_SHRINKING_PLAYS,
    isKnown: () => false,
  });
  const { schedules, runs: clientRuns, undecided, coverage, wasInterrupted } = found;
  const failures = found.failures.map(
    ({ seed, serverVersion: version, rule, stepsBefore, plays, scenario, report }) => ({
      seed,
      serverVersion: version,
      rule,
      stepsBefore,
      stepsAfter: scenario.steps.length,
      plays,
      scenarioFile: `${JSON.stringify(describeScenario(scenario), null, 2)}\n`,
      report,
    }),
  );
  const hazards = coverage.hazards.map(({ id, schedules: reached }) => ({ id, schedules: reached }));
  return { schedules, runs: clientRuns, failures, undecided, hazards, wasInterrupted };
}
