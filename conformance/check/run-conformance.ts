import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import picomatch from 'picomatch';
import { AxonError, type ServerVersion } from '../../server/index.ts';
import { removeScratch, scenarioFolder, writeArtefacts } from './artefacts.ts';
import { assembleReport } from './assemble-report.ts';
import type { ClientDriver } from '../driver/client-driver.ts';
import { judgeScenario, passOver } from './judge.ts';
import { describeLeft, nothingLeft } from './left-by-scenario.ts';
import { kitVersion } from './kit-version.ts';
import type { Evidence } from '../journal/evidence.ts';
import { rules } from '../rules/catalog.ts';
import { journalOf } from './scenario-journal.ts';
import { formatProgramRepro } from './repro.ts';
import { playScenario } from './scenario-run.ts';
import { sideBySide } from './side-by-side.ts';
import { playsOf, type Play, type VersionChoice } from './versions.ts';
import { reasonNotToPlay } from '../scenarios/needs.ts';
import { scenarios } from '../scenarios/catalog.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { Artefacts, Report, ScenarioResult } from '../verdict/report.ts';
import type { ScenarioJournal } from '../verdict/scenario-journal.ts';

export interface ConformanceOptions {
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
  /** Real milliseconds that one run of the client may take; a minute unless given. */
  readonly timeoutMs?: number;
  /** What the client declares not to do. */
  readonly capabilities?: readonly string[];
  /** Entries as in an expected-failures file. */
  readonly expectedFailures?: readonly string[];
  readonly failOn?: 'fail' | 'warn';
  /** Where artefacts go; a temporary folder, kept where something failed, unless given. */
  readonly outDir?: string | null;
  /** Whether a temporary folder is kept where something failed; true unless given. */
  readonly keepsFailures?: boolean;
  readonly unpack?: ((backupDir: string, restoreDir: string) => Promise<void>) | null;
  /** What to do to repeat one scenario, for the report. */
  readonly reproCommand?: (scenario: string, serverVersion: ServerVersion) => string;
  /** Called for each scenario and version when it begins, and when it is done. */
  readonly onStart?: (scenario: Scenario & { readonly serverVersion: ServerVersion }) => void;
  /**
   * The journal is what the scenario has left for pictures and tables; null where the version cannot play it, or the kit
   * itself failed.
   */
  readonly onResult?: (result: ScenarioResult, journal: ScenarioJournal | null) => void;
  /** Called with everything that a scenario has left, before its result. */
  readonly onEvidence?: (evidence: Evidence, scenario: Scenario) => void;
}

/** What a client can declare not to do. */
export type Capability = 'no-open-segment' | 'no-snapshots';

const knownCapabilities: readonly string[] = ['no-open-segment', 'no-snapshots'] satisfies readonly Capability[];

/** Runs a client through all selected scenarios, each on its own cluster, and judges it. */
export async function runConformance(options: ConformanceOptions): Promise<Report> {
  const { driver, seed = 1, serverVersion = 'documented', capabilities = [], expectedFailures = [] } = options;
  for (const capability of capabilities) {
    if (!knownCapabilities.includes(capability)) {
      const known = knownCapabilities.join(', ');
      throw new AxonError('bad-option', `there is no capability "${capability}"; there are ${known}`);
    }
  }
  requireKnown(expectedFailures);
  const selected = selectScenarios(options.only ?? [], options.skip ?? [], options.scenarios);
  const plays = playsOf(selected, serverVersion);
  const isTemporary = options.outDir === undefined || options.outDir === null;
  const outDir = isTemporary
    ? fs.mkdtempSync(path.join(os.tmpdir(), 'axon-backup-kit-check-'))
    : String(options.outDir);
  const results = new Map<Play, ScenarioResult>();
  // Removed at the very end: ext4 looks at every inode that was freed in the last minutes before it makes a new file, and
  // with scenarios that clear up while others write, a check takes half as long again.
  const leftovers: (() => void)[] = [];
  try {
    await sideBySide(plays, options.jobs ?? os.availableParallelism(), async (play) => {
      options.onStart?.({ ...play.scenario, serverVersion: play.serverVersion });
      const { result, journal } = await runOne(play, options, seed, outDir, isTemporary, leftovers);
      results.set(play, result);
      options.onResult?.(result, journal);
    });
  } catch (error) {
    if (isTemporary) leftovers.push(() => fs.rmSync(outDir, { recursive: true, force: true }));
    throw error;
  } finally {
    for (const remove of leftovers) remove();
  }
  if (isTemporary) removeEmptyFolders(outDir);
  const facts = {
    version: kitVersion,
    seed,
    serverVersion,
    argv: driver.argv,
    capabilities,
    expectedFailures,
    failOn: options.failOn ?? 'fail',
  };
  const inOrder = plays.flatMap((play) => results.get(play) ?? []);
  return assembleReport(facts, inOrder, rules);
}

/** An entry with a slip of the pen would never fail, and never be stale. */
function requireKnown(expectedFailures: readonly string[]): void {
  for (const entry of expectedFailures) {
    const [rule = '', scenario] = entry.split(':').toReversed();
    const isKnown =
      rules.some(({ id }) => id === rule) && (scenario === undefined || scenarios.some(({ id }) => id === scenario));
    if (isKnown) continue;
    const way = 'write RULE or SCENARIO:RULE with ids as in `axon-backup-kit list`';
    throw new AxonError('bad-option', `expected failure "${entry}" names no rule that there is: ${way}`);
  }
}

/** Scenarios that match one of `only` (all where it is empty) and none of `skip`, in reading order. */
export function selectScenarios(
  only: readonly string[],
  skip: readonly string[],
  from: readonly Scenario[] = scenarios,
): readonly Scenario[] {
  const isWanted = only.length === 0 ? () => true : picomatch([...only]);
  const isSkipped = skip.length === 0 ? () => false : picomatch([...skip]);
  return from.filter(({ id }) => isWanted(id) && !isSkipped(id));
}

async function runOne(
  { scenario, serverVersion }: Play,
  options: ConformanceOptions,
  seed: number,
  outDir: string,
  isTemporary: boolean,
  leftovers: (() => void)[],
): Promise<{ readonly result: ScenarioResult; readonly journal: ScenarioJournal | null }> {
  const folderOfVersion = options.serverVersion === 'all' ? serverVersion : null;
  const artefacts: Artefacts = { folder: scenarioFolder(outDir, scenario.id, folderOfVersion), isTemporary };
  // A client may change its working directory, so it is told of no relative path.
  const folder = path.resolve(artefacts.folder);
  fs.rmSync(folder, { recursive: true, force: true });
  const { id, title } = scenario;
  const repro = options.reproCommand?.(id, serverVersion) ?? formatProgramRepro(id, seed, serverVersion);
  const facts = { id, serverVersion, title, repro };
  const reason = reasonNotToPlay(scenario, serverVersion);
  if (reason !== null) {
    return { result: { ...facts, ...nothingLeft, ...passOver(scenario, reason, rules) }, journal: null };
  }
  fs.mkdirSync(folder, { recursive: true });
  const startMs = performance.now();
  try {
    const { evidence, clientMs } = await playScenario({
      scenario,
      driver: options.driver,
      seed,
      serverVersion,
      timeoutMs: options.timeoutMs ?? 60_000,
      capabilities: options.capabilities ?? [],
      folder,
      unpack: options.unpack ?? null,
      realTimeMs: () => performance.now(),
      waitMs: async (milliseconds, signal) => {
        await wait(milliseconds, undefined, { signal }).catch(() => undefined);
      },
    });
    options.onEvidence?.(evidence, scenario);
    const judged = judgeScenario(scenario, evidence, rules);
    const isGood = judged.status === 'pass' || judged.status === 'warn';
    const isKept = !isTemporary || (!isGood && options.keepsFailures !== false);
    const result: ScenarioResult = {
      ...facts,
      ...judged,
      ...describeLeft(evidence),
      artefacts: isKept ? artefacts : null,
      wallClock: { totalMs: performance.now() - startMs, clientMs },
    };
    if (isKept) writeArtefacts(folder, evidence, result);
    leftovers.push(isKept ? () => removeScratch(folder) : () => fs.rmSync(folder, { recursive: true, force: true }));
    return { result, journal: journalOf(result, evidence, judged.rules) };
  } catch (error) {
    // A client that cannot be started is the user's mistake, and the same in every scenario.
    if (error instanceof AxonError && error.kind === 'bad-option') throw error;
    const result: ScenarioResult = {
      ...facts,
      ...nothingLeft,
      status: 'error',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      rules: [],
      hazards: scenario.hazards.map((hazard) => ({ id: hazard.id, reached: false })),
      artefacts,
      wallClock: { totalMs: performance.now() - startMs, clientMs: 0 },
    };
    return { result, journal: null };
  }
}

/** The folder, and those in it that hold nothing; whoever has kept something stays. */
function removeEmptyFolders(folder: string): void {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const inner = path.join(folder, entry.name);
    if (entry.isDirectory() && fs.readdirSync(inner).length === 0) fs.rmdirSync(inner);
  }
  if (fs.readdirSync(folder).length === 0) fs.rmdirSync(folder);
}
