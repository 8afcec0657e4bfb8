import { AxonError, versionsOf, type Edition, type ServerVersion } from '../../server/index.ts';
import { runConformance, type ConformanceOptions } from '../check/run-conformance.ts';
import { surroundingsOf, type Surroundings } from '../check/selection/surroundings.ts';
import type { Hazard, PlayedWith, Scenario } from '../scenarios/scenario.ts';
import type { Report, ScenarioResult, Shard } from '../verdict/report.ts';
import type { ScenarioJournal } from '../verdict/scenario-journal.ts';
import { blameOf, hasFailed, type Gravity } from './blame.ts';
import { Coverage } from './coverage.ts';
import { draftOf, scenarioOf } from './schedule.ts';
import { shrink } from './shrink.ts';

export interface ExploreOptions
  extends
    Pick<
      ConformanceOptions,
      'driver' | 'timeoutMs' | 'capabilities' | 'unpack' | 'signal' | 'jobs' | 'reproCommand' | 'onLeftBehind'
    >,
    Surroundings,
    Gravity {
  /** Of the first schedule; each has the next one. */
  readonly fromSeed: number;
  /** So many schedules at most. */
  readonly runs: number;
  /** Whether there is time for more; asked before each few schedules. Without it there is. */
  readonly hasTime?: () => boolean;
  /** This part of the schedules: those whose place is `index` of `count`, from 1. */
  readonly shard: Shard;
  /** Of every cluster; with `all` schedules take them by turns. */
  readonly serverVersion: ServerVersion | 'all';
  /** Of every cluster; enterprise unless given. */
  readonly edition?: Edition;
  /** Ends after so many schedules that fail. */
  readonly bail: number;
  /** Hazards to be counted. */
  readonly hazards: readonly Hazard[];
  /** Plays of one failure, to find a shorter one, at most. */
  readonly mostShrinkingPlays: number;
  /** Called for each schedule that was played, failed or not. */
  readonly onSchedule?: (progress: ExploreProgress) => void;
  /** Called after each play of a failure that is being shrunk. */
  readonly onShrink?: (smallest: Omit<ShrunkFailure, 'report' | 'journal'>) => void;
  /** Called with what came of each schedule, in the order of seeds; of one that failed, with what came of the shortest. */
  readonly onResult?: (result: ScenarioResult) => void;
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
  /** Of the shortest one alone; null where that was interrupted before it was played. */
  readonly report: Report | null;
  readonly journal: ScenarioJournal | null;
  /** How often it was played to be shrunk. */
  readonly plays: number;
}

export interface Exploration {
  readonly schedules: number;
  readonly runs: number;
  readonly failures: readonly ShrunkFailure[];
  /** Schedules that nothing could be said of, each with the reason. */
  readonly undecided: ReadonlyArray<{ readonly seed: number; readonly reason: string }>;
  /** How many of those the kit itself failed in. */
  readonly errors: number;
  readonly coverage: Coverage;
  /** Whether it was ended before its time; what was found by then is here. */
  readonly wasInterrupted: boolean;
}

/**
 * So many schedules are handed out at once: the more, the less the jobs wait for the slowest; and the fewer, the sooner a
 * client ends it that fails at once. However many jobs there are, so that as many are played before the first failure.
 */
const FIRST_BUNCH = 2;
const LARGEST_BUNCH = 16;

interface Played {
  readonly seed: number;
  readonly result: ScenarioResult;
}

/** Plays schedules one after the other until there are enough, and shrinks what fails. */
export async function explore(options: ExploreOptions): Promise<Exploration> {
  const { signal } = options;
  const coverage = new Coverage(options.hazards);
  const failures: ShrunkFailure[] = [];
  const undecided: Array<{ readonly seed: number; readonly reason: string }> = [];
  const seeds = seedsOf(options);
  let [schedules, runs, errors] = [0, 0, 0];
  const onPlayed = (): void => {
    schedules++;
    options.onSchedule?.({ schedules, failures: failures.length, hazardsReached: coverage.hazardsReached });
  };
  let size = FIRST_BUNCH;
  for (let bunch = take(seeds, size); bunch.length > 0; bunch = take(seeds, size)) {
    size = Math.min(size * 2, largestBunch(options));
    if (failures.length >= options.bail || options.hasTime?.() === false || signal?.aborted === true) break;
    for (const { seed, result } of await playBunch(bunch, options, coverage, onPlayed)) {
      runs += result.runs.length;
      coverage.judge(result);
      if (result.status === 'error') errors++;
      const rule = blameOf(result, options);
      if (rule !== null && failures.length < options.bail) {
        const failure = await shrunk(seed, rule, options);
        failures.push(failure);
        options.onResult?.(failure.report?.scenarios[0] ?? result);
        continue;
      }
      options.onResult?.(result);
      if (result.rules.length > 0 && result.status !== 'error') continue;
      undecided.push({ seed, reason: result.message ?? 'nothing was judged' });
    }
  }
  return { schedules, runs, failures, undecided, errors, coverage, wasInterrupted: signal?.aborted === true };
}

/** The schedule of a seed: the same for the same seed and version, whoever plays it. */
export function scheduleOf(seed: number, server: DrawnFor): Scenario {
  return scenarioOf(idOf(seed), draftOf(seed, versionOf(seed, server), playedWith(server)));
}

/** What of the options a schedule depends on. */
type DrawnFor = Pick<ExploreOptions, 'serverVersion' | 'edition' | 'serverRoot'>;

function playedWith({ edition = 'enterprise', serverRoot }: DrawnFor): PlayedWith {
  return { edition, isPathMapped: serverRoot !== undefined };
}

function idOf(seed: number): string {
  return `explore/seed-${seed}`;
}

function versionOf(
  seed: number,
  { serverVersion, edition = 'enterprise' }: Pick<ExploreOptions, 'serverVersion' | 'edition'>,
): ServerVersion {
  if (serverVersion !== 'all') return serverVersion;
  const versions = versionsOf(edition);
  return versions[seed % versions.length] ?? 'documented';
}

/** Of this part, in order; without end where there are as many runs. */
function* seedsOf({ fromSeed, runs, shard }: ExploreOptions): Generator<number> {
  for (let place = shard.index - 1; place < runs; place += shard.count) yield fromSeed + place;
}

/** Where time ends it, no more than are played side by side: what is handed out of one version is played to the end. */
function largestBunch({ hasTime, serverVersion, jobs = FIRST_BUNCH }: ExploreOptions): number {
  return hasTime === undefined || serverVersion === 'all' ? LARGEST_BUNCH : Math.min(jobs, LARGEST_BUNCH);
}

function take(seeds: Generator<number>, size: number): number[] {
  const taken: number[] = [];
  while (taken.length < size) {
    const { done, value } = seeds.next();
    if (done === true) break;
    taken.push(value);
  }
  return taken;
}

/** In the order of seeds; what was not played for an interruption, or since time was over, is not there. */
async function playBunch(
  seeds: readonly number[],
  options: ExploreOptions,
  coverage: Coverage,
  onPlayed: () => void,
): Promise<Played[]> {
  const played: Played[] = [];
  const versions = new Set(seeds.map((seed) => versionOf(seed, options)));
  for (const version of versions) {
    if (played.length > 0 && options.hasTime?.() === false) break;
    const mine = seeds.filter((seed) => versionOf(seed, options) === version);
    await play(
      mine.map((seed) => scheduleOf(seed, options)),
      version,
      options,
      {
        // Later a client may well fail without a request, for what it has left to itself.
        refusesClientThatCannotRun: seeds[0] === options.fromSeed + options.shard.index - 1,
        onEvidence: (evidence) => coverage.see(evidence),
        onResult: (result) => {
          const seed = mine.find((each) => idOf(each) === result.id);
          if (seed === undefined) throw new Error(`${result.id} was not asked for`);
          played.push({ seed, result });
          onPlayed();
        },
      },
    );
  }
  return played.toSorted((a, b) => a.seed - b.seed);
}

/** Null where it was interrupted. */
async function play(
  scenarios: readonly Scenario[],
  serverVersion: ServerVersion,
  options: ExploreOptions,
  told: Pick<ConformanceOptions, 'onEvidence' | 'onResult' | 'refusesClientThatCannotRun'>,
): Promise<Report | null> {
  const { driver, timeoutMs, capabilities, unpack, signal, jobs, failOn, reproCommand, onLeftBehind } = options;
  try {
    return await runConformance({
      driver,
      scenarios,
      serverVersion,
      failOn,
      keepsFailures: false,
      ...told,
      ...surroundingsOf(options),
      ...(options.edition === undefined ? {} : { edition: options.edition }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(capabilities === undefined ? {} : { capabilities }),
      ...(unpack === undefined ? {} : { unpack }),
      ...(signal === undefined ? {} : { signal }),
      ...(jobs === undefined ? {} : { jobs }),
      ...(reproCommand === undefined ? {} : { reproCommand }),
      ...(onLeftBehind === undefined ? {} : { onLeftBehind }),
    });
  } catch (error) {
    if (error instanceof AxonError && error.kind === 'interrupted') return null;
    throw error;
  }
}

/** Looks for the shortest schedule that breaks the same rule. */
async function shrunk(seed: number, rule: string, options: ExploreOptions): Promise<ShrunkFailure> {
  const serverVersion = versionOf(seed, options);
  const draft = draftOf(seed, serverVersion, playedWith(options));
  const stepsBefore = scenarioOf(idOf(seed), draft).steps.length;
  let journal: ScenarioJournal | null = null;
  let lastJournal: ScenarioJournal | null = null;
  const onResult = (_result: ScenarioResult, left: ScenarioJournal | null): void => void (lastJournal = left);
  const playAlone = (scenario: Scenario): Promise<Report | null> =>
    play([scenario], serverVersion, { ...options, jobs: 1 }, { onResult });
  const facts = { seed, serverVersion, rule, stepsBefore };
  const found = await shrink({
    id: idOf(seed),
    draft,
    play: playAlone,
    isTheSame: (report) => report.scenarios.some((result) => hasFailed(result, rule, options)),
    mostPlays: options.mostShrinkingPlays,
    onSmaller: () => (journal = lastJournal),
    onPlayed: (smallest) => options.onShrink?.({ ...facts, ...smallest }),
  });
  if (found.report !== null) return { ...facts, ...found, journal };
  // Nothing shorter fails: it is shown as it is, played alone.
  const report = await playAlone(found.scenario);
  return { ...facts, ...found, report, journal: lastJournal };
}
