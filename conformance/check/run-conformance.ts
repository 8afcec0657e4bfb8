import { randomUUID } from 'node:crypto';
import os from 'node:os';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { AxonError, type Edition, type ServerVersion } from '../../server/index.ts';
import { requireClientThatRuns } from './judge/can-it-run.ts';
import type { ScenarioRunOptions } from './play/scenario-run-options.ts';
import { writeArtefacts } from './folders/artefacts.ts';
import { assembleReport } from './report/assemble-report.ts';
import type { ClientDriver } from '../driver/client-driver.ts';
import type { Unpack } from '../driver/restore-command.ts';
import { StoppableDriver } from '../driver/stoppable-driver.ts';
import { describeFailure, endsTheCheck } from './judge/failed-play.ts';
import { judgeScenario, passOver } from './judge/judge.ts';
import { describeLeft, nothingLeft } from './judge/left-by-scenario.ts';
import { asDiskFull, requireRoom, requireRoomLeft } from './folders/disk-room.ts';
import { GoingOn } from './going-on.ts';
import { kitVersion } from './report/kit-version.ts';
import type { Evidence } from '../journal/evidence.ts';
import { memoryFolder } from './folders/memory-folder.ts';
import { ONE_FILE_SYSTEM } from './folders/other-file-system.ts';
import { requireOwnOutFolder } from './folders/out-folder.ts';
import { PlayFolders, type ClearedUp, type PlayFolder, type TemporaryPlaces } from './folders/play-folders.ts';
import { rules } from '../rules/catalog.ts';
import { journalOf } from './judge/scenario-journal.ts';
import { requireKnown } from './selection/require-known.ts';
import { requireLimits } from './selection/option-limits.ts';
import { selectPlays } from './selection/select-plays.ts';
import { formatProgramRepro } from './report/repro.ts';
import { playScenario } from './play/scenario-run.ts';
import { sideBySide } from './side-by-side.ts';
import { surroundingsOf, type Surroundings } from './selection/surroundings.ts';
import type { Play, VersionChoice } from './selection/versions.ts';
import { reasonNotToPlay } from '../scenarios/needs.ts';
import { scenarios } from '../scenarios/catalog.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { Artefacts, Report, ScenarioResult, Shard } from '../verdict/report.ts';
import type { ScenarioJournal } from '../verdict/scenario-journal.ts';

export interface ConformanceOptions extends Surroundings {
  readonly driver: ClientDriver;
  /** What is played in place of the kit's own scenarios. */
  readonly scenarios?: readonly Scenario[];
  /** Globs of scenario ids; all unless given. */
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  /** Scenarios side by side; as many as there are processors unless given. */
  readonly jobs?: number;
  readonly seed?: number;
  /** Whose behaviour the clusters show; with `all` each scenario is played once for each version. */
  readonly serverVersion?: VersionChoice;
  /** The enterprise one unless given. What the standard one has not got is not applicable: nodes, contexts, groups, logs. */
  readonly edition?: Edition;
  /** Below which every public path of every cluster lies, as `/axonserver-1`; as the scenario has it unless given. */
  readonly contextPath?: string;
  /** Real milliseconds that one run of the client may take; a minute unless given. */
  readonly timeoutMs?: number;
  /** What the client declares not to do. */
  readonly capabilities?: readonly string[];
  /** Lines as in an expected-failures file. */
  readonly expectedFailures?: readonly string[];
  /** The day by which those expire, as `2027-01-31`; today's, by UTC, unless given. */
  readonly today?: string;
  readonly failOn?: 'fail' | 'warn';
  /** Only what did not pass in this report. */
  readonly lastFailed?: Report;
  /** Only this part of scenarios and versions; the whole unless given. */
  readonly shard?: Shard;
  /** Nothing new is begun once so many scenarios have failed; all are played unless given. */
  readonly bail?: number;
  /** Whether a check that `signal` ends comes to a report of what was judged, in place of a failure; false unless given. */
  readonly reportsInterrupted?: boolean;
  /**
   * Whether a client that cannot run is a mistake of the caller's, and ends the check with `bad-option`: one that never made
   * a request and ends with 126 or 127, or fails twice. Else it is judged like any other; false unless given.
   */
  readonly refusesClientThatCannotRun?: boolean;
  /** Where artefacts go; a temporary folder, kept where something failed, unless given. */
  readonly outDir?: string | null;
  /** Whether a temporary folder is kept where something failed; true unless given. */
  readonly keepsFailures?: boolean;
  readonly unpack?: Unpack | null;
  /** What to do to repeat one scenario, for the report. */
  readonly reproCommand?: (scenario: string, serverVersion: ServerVersion) => string;
  /** Ends the check: clients are killed, temporary folders go, and the check fails with `interrupted`. */
  readonly signal?: AbortSignal;
  /** Called for each scenario and version when it begins, and when it is done. */
  readonly onStart?: (scenario: Scenario & { readonly serverVersion: ServerVersion }) => void;
  /**
   * The journal is what the scenario has left for pictures and tables; null where the version cannot play it, or the kit
   * itself failed.
   */
  readonly onResult?: (result: ScenarioResult, journal: ScenarioJournal | null, progress: Progress) => void;
  /** Told in the end what could not be cleared away, or kept, each with the reason; the verdict is the same. */
  readonly onLeftBehind?: (reasons: readonly string[]) => void;
  /** Told in the end how many temporary folders of earlier checks are gone, where there were any. */
  readonly onOldRemoved?: (removed: OldFolders) => void;
  /** Called with everything that a scenario has left, before its result. */
  readonly onEvidence?: (evidence: Evidence, scenario: Scenario) => void;
}

/** How far a check is: scenarios, each counted once for each version. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** Temporary folders of earlier checks that a check has removed. */
export type OldFolders = Pick<ClearedUp, 'sweptFolders' | 'outdatedFolders'>;

/** What a client can declare not to do. */
export type Capability = 'no-open-segment' | 'no-snapshots' | 'in-place';

const knownCapabilities: readonly string[] = [
  'no-open-segment',
  'no-snapshots',
  'in-place',
] satisfies readonly Capability[];

/** Runs a client through all selected scenarios, each on its own cluster, and judges it. */
export async function runConformance(options: ConformanceOptions): Promise<Report> {
  const { driver, seed = 1, serverVersion = 'documented', capabilities = [], expectedFailures = [] } = options;
  for (const capability of capabilities) {
    if (!knownCapabilities.includes(capability)) {
      const known = knownCapabilities.join(', ');
      throw new AxonError('bad-option', `there is no capability "${capability}"; there are ${known}`);
    }
  }
  requireKnown(expectedFailures, options.scenarios ?? scenarios);
  requireLimits(options);
  const plays = selectPlays({ ...options, serverVersion });
  const jobs = options.jobs ?? os.availableParallelism();
  const places = { memory: memoryFolder(process.env, jobs), disk: os.tmpdir() };
  const folders = openFolders(options, places, Math.min(jobs, plays.length));
  const results = new Map<Play, ScenarioResult>();
  const stoppable = options.signal === undefined ? driver : new StoppableDriver(driver, options.signal);
  const today = options.today ?? new Date().toISOString().slice(0, 10);
  const going = new GoingOn(options, today);
  const onRun = options.refusesClientThatCannotRun === true ? requireClientThatRuns() : () => undefined;
  try {
    const playOne = async (play: Play): Promise<void> => {
      options.onStart?.({ ...play.scenario, serverVersion: play.serverVersion });
      const { result, journal } = await runOne(play, { ...options, driver: stoppable, onRun }, seed, folders);
      results.set(play, result);
      going.sawResult(result);
      options.onResult?.(result, journal, { done: results.size, total: plays.length });
    };
    await sideBySide(
      plays,
      jobs,
      (play) => playOne(play).catch((error: unknown) => going.sawFailure(error)),
      () => going.isOver,
    );
  } catch (error) {
    folders.abandon();
    throw error;
  } finally {
    const cleared = folders.close();
    if (cleared.troubles.length > 0) options.onLeftBehind?.(cleared.troubles);
    if (cleared.sweptFolders + cleared.outdatedFolders > 0) options.onOldRemoved?.(cleared);
  }
  const facts = {
    version: kitVersion,
    seed,
    serverVersion,
    argv: driver.argv,
    capabilities,
    expectedFailures,
    today,
    failOn: options.failOn ?? 'fail',
    ...(options.edition === 'standard' ? { edition: 'standard' as const } : {}),
    ...(options.shard === undefined ? {} : { shard: options.shard }),
    ...going.incomplete(plays.filter((play) => !results.has(play))),
    ...(options.lastFailed === undefined ? {} : { lastFailed: true as const }),
  };
  const inOrder = plays.flatMap((play) => results.get(play) ?? []);
  return assembleReport(facts, inOrder, rules);
}

/** Fails with `bad-option` or `disk-full` where there is no place to play in, or to keep anything in. */
function openFolders(
  { outDir = null, scenarios: own = [], clientUser }: ConformanceOptions,
  places: TemporaryPlaces,
  jobs: number,
): PlayFolders {
  const ids = [...scenarios, ...own].map(({ id }) => id);
  if (outDir !== null) requireOwnOutFolder(outDir, ids);
  const folders = new PlayFolders(outDir, places, clientUser ?? null);
  try {
    folders.requireEntry();
    requireRoom(places.memory ?? places.disk, jobs);
    return folders;
  } catch (error) {
    folders.close();
    throw error;
  }
}

async function runOne(
  { scenario, serverVersion }: Play,
  options: ConformanceOptions & Pick<ScenarioRunOptions, 'onRun'>,
  seed: number,
  folders: PlayFolders,
): Promise<{ readonly result: ScenarioResult; readonly journal: ScenarioJournal | null }> {
  const { id, title } = scenario;
  const { edition = 'enterprise' } = options;
  const repro = options.reproCommand?.(id, serverVersion) ?? formatProgramRepro(id, seed, serverVersion, options);
  const facts = { id, serverVersion, title, repro };
  const folder = folders.open(id, options.serverVersion === 'all' ? serverVersion : null);
  const tmpdir = scenario.tmpdir === undefined ? undefined : folders.openElsewhere();
  const reason =
    reasonNotToPlay(scenario, serverVersion, { edition, isPathMapped: options.serverRoot !== undefined }) ??
    (tmpdir === null ? ONE_FILE_SYSTEM : null);
  if (reason !== null) {
    folder.drop();
    return { result: { ...facts, ...nothingLeft, ...passOver(scenario, reason, rules) }, journal: null };
  }
  const startMs = performance.now();
  try {
    const { evidence, clientMs, played } = await playScenario({
      scenario,
      driver: options.driver,
      seed,
      serverVersion,
      edition,
      timeoutMs: options.timeoutMs ?? 60_000,
      capabilities: options.capabilities ?? [],
      folder: folder.path,
      ownFolder: folder.ownPath,
      ...(typeof tmpdir === 'string' ? { tmpdir } : {}),
      // Nobody needs it: the scenario moves the cluster from within.
      controlKey: randomUUID(),
      unpack: options.unpack ?? null,
      signal: options.signal ?? new AbortController().signal,
      ...surroundingsOf(options),
      ...(options.onRun === undefined ? {} : { onRun: options.onRun }),
      realTimeMs: () => performance.now(),
      waitMs: async (milliseconds, signal) => {
        await wait(milliseconds, undefined, { signal }).catch(() => undefined);
      },
    });
    requireRoomLeft(folder.path);
    options.onEvidence?.(evidence, scenario);
    const judged = judgeScenario(scenario, evidence, rules);
    const wallClock = { totalMs: performance.now() - startMs, clientMs };
    const result = { ...facts, ...judged, ...describeLeft(evidence, played), artefacts: null, wallClock };
    const artefacts = keepOrDrop(folder, evidence, result, options);
    return { result: { ...result, artefacts }, journal: journalOf(result, evidence, judged.rules) };
  } catch (thrown) {
    const error = asDiskFull(thrown, folder.path);
    if (endsTheCheck(error)) {
      folder.drop();
      throw error;
    }
    const result: ScenarioResult = {
      ...facts,
      ...nothingLeft,
      ...describeFailure(error),
      rules: [],
      hazards: scenario.hazards.map((hazard) => ({ id: hazard.id, reached: false })),
      artefacts: folder.keep('kept'),
      wallClock: { totalMs: performance.now() - startMs, clientMs: 0 },
    };
    return { result, journal: null };
  }
}

/** Where the scenario is kept for a person to look at; null where it is not. */
function keepOrDrop(
  folder: PlayFolder,
  evidence: Evidence,
  result: ScenarioResult,
  { outDir = null, keepsFailures = true }: ConformanceOptions,
): Artefacts | null {
  const isGood = result.status === 'pass' || result.status === 'warn';
  if (outDir === null && (isGood || !keepsFailures)) {
    folder.drop();
    return null;
  }
  writeArtefacts(folder.artefactsPath, evidence, result);
  return folder.keep('removed');
}
