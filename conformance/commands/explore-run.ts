import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { makeFolder } from '../../folders/make-folder.ts';
import { AxonError, describeSystemFailure } from '../../server/index.ts';
import { assembleReport } from '../check/report/assemble-report.ts';
import { kitVersion } from '../check/report/kit-version.ts';
import { surroundingsOf } from '../check/selection/surroundings.ts';
import { formatRepro } from '../check/report/repro.ts';
import { requireKnown } from '../check/selection/require-known.ts';
import { unpackWith } from '../driver/restore-command.ts';
import { explore, type Exploration, type ShrunkFailure } from '../explore/explore.ts';
import { MOST_SHRINKING_PLAYS } from '../explore/for-programs.ts';
import { formatConsoleReport, formatScenarioLine } from '../reporters/console.ts';
import {
  formatExploreProgress,
  formatExploreSummary,
  formatShrunk,
  type ExploreFacts,
} from '../reporters/explore-text.ts';
import { createReporterStyle, type Style } from '../reporters/style.ts';
import { rules } from '../rules/catalog.ts';
import type { Rule } from '../rules/rule.ts';
import { scenarios } from '../scenarios/catalog.ts';
import { describeScenario } from '../scenarios/described-scenario.ts';
import { commandAsCalled } from './as-called.ts';
import { isExpected, liveEntries, parseExpectedFailure, reviewExpectedFailures } from '../verdict/expected-failures.ts';
import type { ScenarioResult, Shard } from '../verdict/report.ts';
import { clientDriver } from './client-driver.ts';
import type { ClientFlags } from './client-options.ts';
import { complain, describeLeftBehind } from './complaints.ts';
import { USUAL_CONFIG_FILE } from './config-file.ts';
import { EXIT_KIT_FAILED } from './exit-code.ts';
import { ProgressLine } from './progress-line.ts';
import { filesOf, writeReports, writeText, type ReportFlags } from './report-targets.ts';
import { readKnownFailures, today } from './known-failures-file.ts';
import { requireWritable } from './output-files.ts';
import { SpacedLines } from './spaced-lines.ts';

export interface ExploreFlags extends ReportFlags, ClientFlags {
  readonly runs?: number;
  readonly for?: number;
  readonly from: number;
  readonly shard: Shard;
  readonly bail: number;
  readonly out: string;
}

/** Schedules, where nobody says how many, nor how long. */
const USUAL_RUNS = 200;

/** Explores, shows and writes what was found; resolves to the exit code. */
export async function runExplore(
  command: readonly string[],
  flags: ExploreFlags,
  signal: AbortSignal,
): Promise<number> {
  if (command.length === 0) {
    const way = `put it behind --, as in  explore -- ./my-backup.sh, or into ${USUAL_CONFIG_FILE} as client: [./my-backup.sh]`;
    throw new AxonError('bad-option', `no client to try: ${way}`);
  }
  provideFolder(flags.out);
  const startMs = performance.now();
  const realMs = (): number => performance.now() - startMs;
  const style = createReporterStyle(process.stdout, process.env);
  const kit = commandAsCalled({ argv: process.argv, environment: process.env, workingDir: process.cwd() });
  const fileOf = (seed: number): string => path.join(flags.out, `explore-seed-${seed}.json`);
  requireWritable(filesOf(flags.report));
  const expectedFailures = readKnownFailures(flags.expectedFailures);
  requireKnown(expectedFailures, scenarios);
  const known = liveEntries(reviewExpectedFailures(expectedFailures.map(parseExpectedFailure), [], today()));
  const results: ScenarioResult[] = [];
  const progress = new ProgressLine(process.stderr);
  const lines = new SpacedLines(process.stderr, realMs);
  const show = (text: string): void => {
    progress.show(text);
    if (!flags.quiet) lines.tell(text);
  };
  show('playing the first schedules');
  const found = await explore({
    driver: await clientDriver(command, flags),
    fromSeed: flags.from,
    runs: flags.runs ?? (flags.for === undefined ? USUAL_RUNS : Number.MAX_SAFE_INTEGER),
    ...(flags.for === undefined ? {} : { hasTime: endingAfter(flags.for, realMs) }),
    shard: flags.shard,
    serverVersion: flags.serverVersion,
    edition: flags.edition,
    bail: flags.bail,
    hazards: scenarios.flatMap(({ hazards }) => hazards),
    mostShrinkingPlays: MOST_SHRINKING_PLAYS,
    timeoutMs: flags.timeout,
    capabilities: flags.capabilities,
    unpack: flags.restore === undefined ? null : unpackWith(flags.restore, process.env),
    signal,
    ...surroundingsOf(flags),
    jobs: flags.jobs ?? os.availableParallelism(),
    reproCommand: (scenario, serverVersion) =>
      formatRepro(scenario, command, {
        ...flags,
        seed: 1,
        kit,
        serverVersion,
        scenarioFile: fileOf(Number(/\d+$/.exec(scenario)?.[0])),
      }),
    failOn: flags.failOn,
    isKnown: (scenario, rule) => isExpected(known, scenario, rule),
    onLeftBehind: (reasons) => complain(describeLeftBehind(reasons)),
    onResult: (result) => {
      if (flags.report.length > 0) results.push(result);
      if (!flags.verbose) return;
      progress.clear();
      process.stdout.write(`${formatScenarioLine(result, style)}\n`);
    },
    onSchedule: (told) => show(formatExploreProgress({ ...told, realMs: realMs() })),
    onShrink: ({ seed, rule, stepsBefore, scenario, plays }) =>
      show(`seed ${seed} breaks ${rule}: ${stepsBefore} steps, ${scenario.steps.length} so far, ${plays} plays`),
  });
  progress.clear();
  const unwritten = found.failures.flatMap((failure) => describe(failure, fileOf(failure.seed), flags.quiet, style));
  const exitCode = exitCodeOf(found);
  const facts = factsOf(found, { flags, realMs: realMs(), exitCode, fileOf });
  process.stdout.write(formatExploreSummary(facts, style, flags.quiet));
  if (flags.report.length > 0) {
    const { shard, edition, ...told } = flags;
    const part = {
      ...(shard.count === 1 ? {} : { shard }),
      ...(edition === 'standard' ? { edition } : {}),
      ...(found.wasInterrupted ? { incomplete: { reasons: ['interrupted' as const], notPlayed: [] } } : {}),
    };
    const check = {
      ...told,
      ...part,
      version: kitVersion,
      seed: 1,
      argv: command,
      expectedFailures: [],
      today: today(),
    };
    const journals = found.failures.flatMap(({ journal }) => journal ?? []);
    const played = new Map(found.failures.map(({ scenario }) => [scenario.id, scenario]));
    const texts = { ruleOf, storyOf: (id: string) => played.get(id) };
    unwritten.push(...writeReports(assembleReport(check, results, rules), flags.report, { journals, ...texts }));
  }
  unwritten.forEach(complain);
  return unwritten.length > 0 ? EXIT_KIT_FAILED : exitCode;
}

/** Fails with `bad-option` where it is none, and cannot be made. */
function provideFolder(out: string): void {
  try {
    makeFolder(out);
  } catch (error) {
    throw new AxonError('bad-option', `--out ${out}: no folder can be made there: ${describeSystemFailure(error)}`);
  }
}

function endingAfter(lastsMs: number, realMs: () => number): () => boolean {
  return () => realMs() < lastsMs;
}

/** Writes the file of a failure and shows it as check does; the result is what could not be written. */
function describe(failure: ShrunkFailure, file: string, isQuiet: boolean, style: Style): string[] {
  const { seed, serverVersion, rule, stepsBefore, scenario, plays, report } = failure;
  const story = `Seed ${seed} of explore, on a server of version ${serverVersion}: a client that breaks ${rule} was found by it.`;
  const text = `${JSON.stringify(describeScenario({ ...scenario, story }), null, 2)}\n`;
  const unwritten = writeText('the schedule', file, text);
  const told = { seed, rule, stepsBefore, stepsAfter: scenario.steps.length, plays };
  process.stdout.write(formatShrunk({ ...told, file: unwritten.length > 0 ? null : file }, style));
  if (report !== null && !isQuiet) {
    process.stdout.write(`${formatConsoleReport(report, style, ruleOf, { detail: 'verbose', reports: [] })}\n`);
  }
  return unwritten;
}

/** Whether a rule was judged, and only as one that ought to be kept. */
function isWarningIn({ rules: judged }: ScenarioResult, rule: string): boolean {
  return judged.some(({ id, status }) => id === rule && status === 'warn');
}

function ruleOf(id: string): Rule | undefined {
  return rules.find((rule) => rule.id === id);
}

/** As of check: what nobody judged proves nothing, and where the kit itself fails nothing counts. */
function exitCodeOf({ failures, schedules, undecided, errors }: Exploration): number {
  if (errors > 0) return EXIT_KIT_FAILED;
  if (failures.length > 0) return 1;
  return schedules === 0 || undecided.length === schedules ? 2 : 0;
}

function factsOf(
  found: Exploration,
  {
    flags,
    realMs,
    exitCode,
    fileOf,
  }: {
    readonly flags: ExploreFlags;
    readonly realMs: number;
    readonly exitCode: number;
    readonly fileOf: (seed: number) => string;
  },
): ExploreFacts {
  const { schedules, runs, failures, undecided, coverage, wasInterrupted } = found;
  return {
    fromSeed: flags.from,
    schedules,
    runs,
    realMs,
    failures: failures.map(({ seed, rule, stepsBefore, scenario, report }) => ({
      seed,
      rule,
      isWarning: report !== null && report.scenarios.every((played) => isWarningIn(played, rule)),
      stepsBefore,
      stepsAfter: scenario.steps.length,
      file: fileOf(seed),
    })),
    undecided,
    hazards: coverage.hazards,
    rules: rules.map(({ id }) => ({ id, schedules: coverage.judgedIn(id) })),
    wasInterrupted,
    exitCode,
  };
}
