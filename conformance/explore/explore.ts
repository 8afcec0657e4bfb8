import * as fc from 'fast-check';
import { AxonError, serverVersions, type ServerVersion } from '../../server/index.ts';
import { runConformance, type ConformanceOptions } from '../check/run-conformance.ts';
import type { Hazard, Scenario } from '../scenarios/scenario.ts';
import type { Report, ScenarioResult } from '../verdict/report.ts';
import { Coverage } from './coverage.ts';
import { blameOf } from './blame.ts';
import { scheduleArbitrary } from './schedule.ts';

export interface ExploreOptions extends Pick<
  ConformanceOptions,
  'driver' | 'timeoutMs' | 'capabilities' | 'unpack' | 'signal' | 'jobs' | 'reproCommand'
> {
  /** Of the first schedule; each has the next one. */
  readonly fromSeed: number;
  /** So many schedules at most. */
  readonly runs: number;
  /** Whether there is time for more; asked before each bunch of schedules. */
  readonly hasTime: () => boolean;
  /** This part of the schedules: those whose place is `part` of `parts`, from 1. */
  readonly shard: { readonly part: number; readonly parts: number };
  /** Of every cluster; with `all` schedules take them by turns. */
  readonly serverVersion: ServerVersion | 'all';
  /** Ends after so many schedules that fail. */
  readonly bail: number;
  /** Hazards to be counted. */
  readonly hazards: readonly Hazard[];
  /** Plays of one failure, to find a shorter one, at most. */
  readonly mostShrinkingPlays: number;
  readonly onSchedules?: (progress: ExploreProgress) => void;
  readonly onShrink?: (smallest: ShrunkFailure) => void;
}

export interface ExploreProgress {
  readonly schedules: number;
  readonly failures: number;
  readonly hazardsReached: number;
}

/** A schedule that broke a rule, and the shortest found that breaks the same. */
export interface ShrunkFailure {
  readonly seed: number;
  readonly serverVersion: ServerVersion;
  /** The rule that both break. */
  readonly rule: string;
  readonly stepsBefore: number;
  readonly scenario: Scenario;
  /** Of the shortest one alone. */
  readonly report: Report;
  /** How often it was played to be shrunk. */
  readonly plays: number;
}

export interface Exploration {
  readonly schedules: number;
  readonly runs: number;
  readonly failures: readonly ShrunkFailure[];
  /** Schedules that nothing could be said of, each with the reason. */
  readonly undecided: ReadonlyArray<{ readonly seed: number; readonly reason: string }>;
  readonly coverage: Coverage;
  /** Whether it was ended before its time; what was found by then is here. */
  readonly wasInterrupted: boolean;
}

/** So many schedules are handed out at once for each of the jobs: the more, the less each waits for the slowest. */
const BUNCH = 8;

/** Plays schedules one after the other until there are enough, and shrinks what fails. */
export async function explore(options: ExploreOptions): Promise<Exploration> {
  const { fromSeed, runs, shard, jobs = 1, signal } = options;
  const coverage = new Coverage(options.hazards);
  const failures: ShrunkFailure[] = [];
  const undecided: Array<{ readonly seed: number; readonly reason: string }> = [];
  const seeds = Array.from({ length: runs }, (_, place) => fromSeed + place).filter(
    (_, place) => place % shard.parts === shard.part - 1,
  );
  let [schedules, clientRuns] = [0, 0];
  while (seeds.length > 0 && failures.length < options.bail && options.hasTime() && signal?.aborted !== true) {
    const bunch = seeds.splice(0, jobs * BUNCH).map((seed) => ({ seed, scenario: scheduleOf(seed, options) }));
    for (const version of new Set(bunch.map(({ seed }) => versionOf(seed, options)))) {
      const mine = bunch.filter(({ seed }) => versionOf(seed, options) === version);
      const report = await orInterrupted(
        play(
          mine.map(({ scenario }) => scenario),
          version,
          options,
          coverage,
        ),
      );
      if (report === null) break;
      for (const { seed, scenario } of mine) {
        const result = report.scenarios.find(({ id }) => id === scenario.id);
        if (result === undefined) continue;
        schedules++;
        clientRuns += result.runs.length;
        coverage.judge(result);
        if (result.status === 'fail' && failures.length < options.bail) {
          failures.push(await shrink(seed, scenario, result, options));
        } else if (result.rules.length === 0 || result.status === 'error') {
          undecided.push({ seed, reason: result.message ?? 'nothing was judged' });
        }
      }
    }
    options.onSchedules?.({ schedules, failures: failures.length, hazardsReached: coverage.hazardsReached });
  }
  return {
    schedules,
    runs: clientRuns,
    failures,
    undecided,
    coverage,
    wasInterrupted: signal?.aborted === true,
  };
}

/** The schedule of a seed: the same for the same seed and version, whoever plays it. */
export function scheduleOf(seed: number, options: Pick<ExploreOptions, 'serverVersion'>): Scenario {
  const [scenario] = fc.sample(arbitraryOf(seed, options), { seed, numRuns: 1 });
  if (scenario === undefined) throw new Error('fast-check has drawn nothing');
  return scenario;
}

function arbitraryOf(seed: number, options: Pick<ExploreOptions, 'serverVersion'>): fc.Arbitrary<Scenario> {
  return scheduleArbitrary({ serverVersion: versionOf(seed, options), id: `explore/seed-${seed}` });
}

function versionOf(seed: number, { serverVersion }: Pick<ExploreOptions, 'serverVersion'>): ServerVersion {
  if (serverVersion !== 'all') return serverVersion;
  return serverVersions[seed % serverVersions.length] ?? 'documented';
}

async function play(
  scenarios: readonly Scenario[],
  serverVersion: ServerVersion,
  { driver, timeoutMs, capabilities, unpack, signal, jobs, reproCommand }: ExploreOptions,
  coverage: Coverage | null,
): Promise<Report> {
  return runConformance({
    driver,
    scenarios,
    serverVersion,
    keepsFailures: false,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(capabilities === undefined ? {} : { capabilities }),
    ...(unpack === undefined ? {} : { unpack }),
    ...(signal === undefined ? {} : { signal }),
    ...(jobs === undefined ? {} : { jobs }),
    ...(reproCommand === undefined ? {} : { reproCommand }),
    ...(coverage === null ? {} : { onEvidence: (evidence) => coverage.see(evidence) }),
  });
}

/** Null where the work was interrupted. */
async function orInterrupted<Result>(work: Promise<Result>): Promise<Result | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AxonError && error.kind === 'interrupted') return null;
    throw error;
  }
}

/** Looks for the shortest schedule that breaks the same rule. */
async function shrink(
  seed: number,
  scenario: Scenario,
  result: ScenarioResult,
  options: ExploreOptions,
): Promise<ShrunkFailure> {
  const serverVersion = versionOf(seed, options);
  const rule = blameOf(result);
  const stepsBefore = scenario.steps.length;
  let plays = 0;
  let smallest: Omit<ShrunkFailure, 'report'> & { readonly report: Report | null };
  smallest = { seed, serverVersion, rule, stepsBefore, scenario, report: null, plays };
  const property = fc.asyncProperty(arbitraryOf(seed, options), async (candidate) => {
    // The first is the schedule itself, which is known to fail. The count bounds it: no clock has a say in what is found.
    if (plays === 0 || plays > options.mostShrinkingPlays || options.signal?.aborted === true) return plays++ !== 0;
    plays++;
    const report = await play([candidate], serverVersion, { ...options, jobs: 1 }, null);
    const [again] = report.scenarios;
    const isTheSame = again?.rules.some(({ id, status }) => id === rule && status === 'fail') === true;
    if (!isTheSame) return true;
    smallest = { ...smallest, scenario: candidate, report, plays };
    options.onShrink?.({ ...smallest, report });
    return false;
  });
  await orInterrupted(fc.check(property, { seed, numRuns: 1 }));
  // Nothing shorter fails: it is shown as it is, played alone.
  const report = smallest.report ?? (await play([scenario], serverVersion, { ...options, jobs: 1 }, null));
  return { ...smallest, report, plays };
}
