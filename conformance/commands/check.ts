import * as fs from 'node:fs';
import { Option, type Command } from 'commander';
import { AxonError, serverVersions, type ServerVersion } from '../../server/index.ts';
import { CommandDriver } from '../driver/command-driver.ts';
import { unpackWith } from '../driver/restore-command.ts';
import { parseExpectedFailures } from '../verdict/expected-failures.ts';
import { formatConsoleReport, formatScenarioLine } from '../reporters/console.ts';
import { createReporterStyle } from '../reporters/style.ts';
import { rules } from '../rules/catalog.ts';
import { runConformance } from '../check/run-conformance.ts';
import { scenarios } from '../scenarios/catalog.ts';
import type { ScenarioJournal } from '../verdict/scenario-journal.ts';
import { complain, describeLeftBehind, describeOldRemoved } from './complaints.ts';
import { EXIT_KIT_FAILED, type ExitWith } from './exit-code.ts';
import { untilInterrupted } from './interruption.ts';
import { collectFiles, collectGlobs, parseCount, parseText, parseTimeout, parseWhole } from './option-values.ts';
import { formatRepro } from '../check/repro.ts';
import { requireWritable } from './output-files.ts';
import { collectReports, writeReports, type ReportMaterial, type ReportTarget } from './report-targets.ts';
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
    .addOption(new Option('--timeout <d>', 'of one run of the client').default(60_000, '60s').argParser(parseTimeout))
    .option('--report <kind=file>', 'json=, junit=, html= or markdown=; repeatable', collectReports, [])
    .option(
      '--capabilities <list>',
      'what the client declares not to do: no-open-segment, no-snapshots, in-place',
      parseList,
      [],
    )
    .option('--expected-failures <file>', 'known failures, one a line: rule or scenario:rule', parseText)
    .option('--out <dir>', 'keep journal, output, backup and verdict of each scenario here', parseText)
    .addOption(new Option('--fail-on <level>', 'what makes the check fail').choices(['fail', 'warn']).default('fail'))
    .option(
      '--restore <cmd>',
      'for stores that need their own tool: run with BACKUP_DIR and RESTORE_DIR, leaves plain files',
      parseText,
    )
    .option('--scenario <file>', "play this one (YAML or JSON) in place of the kit's own; repeatable", collectFiles, [])
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
  requireWritable(flags.report.map(({ kind, file }) => ({ option: `--report ${kind}`, file })));
  const expectedFailures =
    flags.expectedFailures === undefined ? [] : parseExpectedFailures(readText(flags.expectedFailures));
  const driver = new CommandDriver({ argv: command, useShell: flags.shell, environment: process.env });
  const own = readScenarioFiles(flags.scenario);
  const played = own.size > 0 ? [...own.keys()] : scenarios;
  for (const note of notesOnSelection(flags, { rules, scenarios: played })) complain(note);
  const style = createReporterStyle(process.stdout, process.env);
  const wantsJournals = flags.report.some(({ kind }) => kind === 'html');
  const journals: ScenarioJournal[] = [];
  const report = await runConformance({
    driver,
    scenarios: played,
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
      formatRepro(scenario, command, { ...flags, serverVersion, scenarioFile: fileOf(scenario, own) }),
    onResult: (result, journal) => {
      if (journal !== null && wantsJournals) journals.push(journal);
      process.stdout.write(`${formatScenarioLine(result, style, flags)}\n`);
    },
    onLeftBehind: (reasons) => complain(describeLeftBehind(reasons)),
    onOldRemoved: (removed) => complain(describeOldRemoved(removed)),
    ...(flags.jobs === undefined ? {} : { jobs: flags.jobs }),
  });
  const material: ReportMaterial = {
    journals,
    ruleOf: (id) => rules.find((rule) => rule.id === id),
    storyOf: (id) => played.find((scenario) => scenario.id === id),
  };
  process.stdout.write(formatConsoleReport(report, style, material.ruleOf));
  const unwritten = writeReports(flags.report, report, material);
  unwritten.forEach(complain);
  return unwritten.length > 0 ? EXIT_KIT_FAILED : report.exitCode;
}

function readText(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    throw new AxonError('bad-option', `--expected-failures: cannot read ${file}`);
  }
}

function parseList(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== 'all');
}
