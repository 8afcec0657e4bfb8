import { Option, type Command } from 'commander';
import { AxonError, serverVersions, type ServerVersion } from '../../server/index.ts';
import { CommandDriver } from '../driver/command-driver.ts';
import { unpackWith } from '../driver/restore-command.ts';
import { parseExpectedFailure, reviewExpectedFailures } from '../verdict/expected-failures.ts';
import { listKnownFailures } from '../verdict/known-failures.ts';
import { nameOf } from '../reporters/scenario-name.ts';
import { commandAsCalled } from './as-called.ts';
import { PlayingLine } from './playing-line.ts';
import { formatConsoleReport, formatScenarioLine } from '../reporters/console.ts';
import { createReporterStyle } from '../reporters/style.ts';
import { rules } from '../rules/catalog.ts';
import { runConformance } from '../check/run-conformance.ts';
import { scenarios } from '../scenarios/catalog.ts';
import type { ScenarioJournal } from '../verdict/scenario-journal.ts';
import { complain, describeLeftBehind, describeOldRemoved } from './complaints.ts';
import { EXIT_KIT_FAILED, type ExitWith } from './exit-code.ts';
import { untilInterrupted } from './interruption.ts';
import {
  collectFiles,
  collectGlobs,
  parseCapabilities,
  parseCount,
  parseText,
  parseTimeout,
  parseWhole,
} from './option-values.ts';
import { formatRepro, USUAL_TIMEOUT_MS } from '../check/repro.ts';
import { readKnownFailures, today } from './known-failures-file.ts';
import { requireWritable } from './output-files.ts';
import { collectReports, writeReports, writeText, type ReportMaterial, type ReportTarget } from './report-targets.ts';
import { fileOf, readScenarioFiles } from './scenario-files.ts';
import { notesOnSelection } from './selection-notes.ts';

interface CheckFlags {
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly jobs?: number;
  readonly seed: number;
  readonly serverVersion: ServerVersion | 'all';
  readonly timeout: number;
  readonly report: readonly ReportTarget[];
  readonly capabilities: readonly string[];
  readonly expectedFailures?: string;
  readonly out?: string;
  readonly failOn: 'fail' | 'warn';
  readonly restore?: string;
  readonly shell: boolean;
  readonly scenario: readonly string[];
  readonly writeExpectedFailures?: string;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

const examples = `
Examples:
  $ axon-backup-kit check -- ./my-backup.sh
      each run is told by environment variables: AXONSERVER_URL, BACKUP_DIR, …

  $ axon-backup-kit check -- my-tool --server {url} --to {backup} --state {state}
      the same by placeholders in the arguments

  $ axon-backup-kit check --server-version all -- ./my-backup.sh
      every scenario once for each version of the server, and a table of rules and versions

  $ axon-backup-kit check --scenario my-scenario.yaml -- ./my-backup.sh
      a situation of your own; \`explain log/compacted-while-copying --json\` prints one to begin with

  $ axon-backup-kit check --only 'log/**' --report junit=report.xml --report html=report.html -- ./my-backup.sh

Exit codes: 0 every MUST rule judged and passed; 1 a MUST rule failed, or an expected failure is stale;
2 something is inconclusive, or nothing was judged; 64 usage; 70 the kit itself failed.`;

/** `check`: runs a client through the scenarios, reports, and sets the exit code. */
export function addCheckCommand(program: Command, exitWith: ExitWith): void {
  program
    .command('check')
    .description('judge a backup client')
    .usage('[options] -- CMD [ARG…]')
    .argument('[command...]', 'the client: one invocation is one backup run')
    .option('--only <glob>', 'scenarios to play, by id: log/**; repeatable', collectGlobs, [])
    .option('--skip <glob>', 'scenarios to leave out; repeatable', collectGlobs, [])
    .option('--jobs <n>', 'scenarios side by side (default: the number of processors)', parseCount)
    .option('--seed <n>', 'of every cluster', parseWhole, 1)
    .addOption(
      new Option('--server-version <v>', 'whose behaviour the cluster shows; all: each scenario with each version')
        .choices([...serverVersions, 'all'])
        .default('documented'),
    )
    .addOption(
      new Option('--timeout <d>', 'of one run of the client').default(USUAL_TIMEOUT_MS, '60s').argParser(parseTimeout),
    )
    .option('--report <kind=file>', 'json=, junit=, html= or markdown=; repeatable', collectReports, [])
    .option(
      '--capabilities <list>',
      'what the client declares not to do: no-open-segment, no-snapshots, in-place',
      parseCapabilities,
      [],
    )
    .option(
      '--expected-failures <file>',
      'known failures, one a line: RULE, SCENARIO:RULE or SCENARIO, then perhaps until 2027-01-31, and # reason',
      parseText,
    )
    .option(
      '--write-expected-failures <file>',
      'write the list of known failures with which this check would end with 0',
      parseText,
    )
    .option('--out <dir>', 'keep journal, output, backup and verdict of each scenario here', parseText)
    .addOption(new Option('--fail-on <level>', 'what makes the check fail').choices(['fail', 'warn']).default('fail'))
    .option(
      '--restore <cmd>',
      'for stores that need their own tool: run with BACKUP_DIR and RESTORE_DIR, leaves plain files',
      parseText,
    )
    .option('--scenario <file>', "play this one (YAML or JSON) in place of the kit's own; repeatable", collectFiles, [])
    .addOption(new Option('--quiet', 'the verdict alone').default(false).conflicts('verbose'))
    .option('--verbose', 'every finding of every scenario', false)
    .option('--shell', 'give the client to a shell, as one command line', false)
    .addHelpText('after', examples)
    .action((command: readonly string[], flags: CheckFlags) =>
      untilInterrupted(async (signal) => exitWith(await check(command, flags, signal))),
    );
}

async function check(command: readonly string[], flags: CheckFlags, signal: AbortSignal): Promise<number> {
  if (command.length === 0) {
    throw new AxonError('bad-option', 'no client to judge: put it behind --, as in  check -- ./my-backup.sh');
  }
  const { writeExpectedFailures: listFile } = flags;
  requireWritable([
    ...flags.report.map(({ kind, file }) => ({ option: `--report ${kind}`, file })),
    ...(listFile === undefined ? [] : [{ option: '--write-expected-failures', file: listFile }]),
  ]);
  const expectedFailures = readKnownFailures(flags.expectedFailures);
  const driver = new CommandDriver({ argv: command, useShell: flags.shell, environment: process.env });
  const own = readScenarioFiles(flags.scenario);
  const played = own.size > 0 ? [...own.keys()] : scenarios;
  for (const note of notesOnSelection(flags, { rules, scenarios: played })) complain(note);
  const style = createReporterStyle(process.stdout, process.env);
  const wantsJournals = flags.report.some(({ kind }) => kind === 'html');
  const journals: ScenarioJournal[] = [];
  const kit = commandAsCalled({ argv: process.argv, environment: process.env, workingDir: process.cwd() });
  const checked = {
    serverVersion: flags.serverVersion,
    expectedFailures: reviewExpectedFailures(expectedFailures.map(parseExpectedFailure), [], today()),
  };
  const playing = new PlayingLine(process.stdout, () => performance.now(), !flags.quiet);
  const clock = setInterval(() => playing.refresh(), 1000);
  const report = await runConformance({
    driver,
    scenarios: played,
    refusesClientThatCannotRun: true,
    today: today(),
    only: flags.only,
    skip: flags.skip,
    seed: flags.seed,
    serverVersion: flags.serverVersion,
    timeoutMs: flags.timeout,
    capabilities: flags.capabilities,
    expectedFailures,
    failOn: flags.failOn,
    outDir: flags.out ?? null,
    signal,
    unpack: flags.restore === undefined ? null : unpackWith(flags.restore, process.env),
    reproCommand: (scenario, serverVersion) =>
      formatRepro(scenario, command, { ...flags, kit, serverVersion, scenarioFile: fileOf(scenario, own) }),
    onStart: (play) => playing.begin(nameOf(play, checked)),
    onResult: (result, journal, progress) => {
      if (journal !== null && wantsJournals) journals.push(journal);
      const line = flags.quiet ? null : formatScenarioLine(result, style, checked, progress);
      playing.end(nameOf(result, checked), line);
    },
    onLeftBehind: (reasons) => complain(describeLeftBehind(reasons)),
    onOldRemoved: (removed) => complain(describeOldRemoved(removed)),
    ...(flags.jobs === undefined ? {} : { jobs: flags.jobs }),
  }).finally(() => {
    clearInterval(clock);
    playing.clear();
  });
  const material: ReportMaterial = {
    journals,
    ruleOf: (id) => rules.find((rule) => rule.id === id),
    storyOf: (id) => played.find((scenario) => scenario.id === id),
  };
  const view = {
    detail: flags.quiet ? ('quiet' as const) : flags.verbose ? ('verbose' as const) : ('usual' as const),
    reports: flags.report.map(({ kind, file }) => `${kind}=${file}`),
  };
  process.stdout.write(formatConsoleReport(report, style, material.ruleOf, view));
  const unwritten = writeReports(flags.report, report, material);
  if (listFile !== undefined) {
    unwritten.push(...writeText('the list of known failures', listFile, listKnownFailures(report, flags.failOn)));
  }
  unwritten.forEach(complain);
  return unwritten.length > 0 ? EXIT_KIT_FAILED : report.exitCode;
}
