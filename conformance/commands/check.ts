import * as fs from 'node:fs';
import path from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { AxonError, serverVersions, type ServerVersion } from '../../server/index.ts';
import { CommandDriver } from '../driver/command-driver.ts';
import { unpackWith } from '../driver/restore-command.ts';
import { parseExpectedFailures } from '../verdict/expected-failures.ts';
import { formatConsoleReport, formatScenarioLine } from '../reporters/console.ts';
import { formatHtml } from '../reporters/html.ts';
import type { PageTexts } from '../reporters/html/texts.ts';
import { createReporterStyle } from '../reporters/style.ts';
import { formatJson } from '../reporters/json.ts';
import { formatJunit } from '../reporters/junit.ts';
import { formatMarkdown } from '../reporters/markdown.ts';
import { rules } from '../rules/catalog.ts';
import { runConformance } from '../check/run-conformance.ts';
import { scenarios } from '../scenarios/catalog.ts';
import type { Report } from '../verdict/report.ts';
import type { ScenarioJournal } from '../verdict/scenario-journal.ts';
import { untilInterrupted } from './interruption.ts';
import { collect, parseCount, parseTime, parseWhole } from './option-values.ts';
import { formatRepro } from '../check/repro.ts';

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
}

interface ReportTarget {
  readonly kind: keyof typeof formats;
  readonly file: string;
}

/** What some reports show beside the report itself. */
interface Material extends PageTexts {
  readonly journals: readonly ScenarioJournal[];
}

const formats = {
  json: formatJson,
  junit: (report, { ruleOf }) => formatJunit(report, ruleOf),
  html: (report, material) => formatHtml(report, material.journals, material),
  markdown: (report, { ruleOf }) => formatMarkdown(report, ruleOf),
} as const satisfies Record<string, (report: Report, material: Material) => string>;

const examples = `
Examples:
  $ axon-backup-kit check -- ./my-backup.sh
      each run is told by environment variables: AXONSERVER_URL, BACKUP_DIR, …

  $ axon-backup-kit check -- my-tool --server {url} --to {backup} --state {state}
      the same by placeholders in the arguments

  $ axon-backup-kit check --server-version all -- ./my-backup.sh
      every scenario once for each version of the server, and a table of rules and versions

  $ axon-backup-kit check --only 'log/**' --report junit=report.xml --report html=report.html -- ./my-backup.sh

Exit codes: 0 every MUST rule judged and passed; 1 a MUST rule failed, or an expected failure is stale;
2 something is inconclusive, or nothing was judged; 64 usage; 70 the kit itself failed.`;

/** `check`: runs a client through the scenarios, reports, and sets the exit code. */
export function addCheckCommand(program: Command): void {
  program
    .command('check')
    .description('judge a backup client')
    .usage('[options] -- CMD [ARG…]')
    .argument('[command...]', 'the client: one invocation is one backup run')
    .option('--only <glob>', 'scenarios to play, by id: log/**; repeatable', collect, [])
    .option('--skip <glob>', 'scenarios to leave out; repeatable', collect, [])
    .option('--jobs <n>', 'scenarios side by side (default: the number of processors)', parseCount)
    .option('--seed <n>', 'of every cluster', parseWhole, 1)
    .addOption(
      new Option('--server-version <v>', 'whose behaviour the cluster shows; all: each scenario with each version')
        .choices([...serverVersions, 'all'])
        .default('documented'),
    )
    .addOption(new Option('--timeout <d>', 'of one run of the client').default(60_000, '60s').argParser(parseTime))
    .option('--report <kind=file>', 'json=, junit=, html= or markdown=; repeatable', collectReport, [])
    .option('--capabilities <list>', 'what the client declares not to do: no-open-segment, no-snapshots', parseList, [])
    .option('--expected-failures <file>', 'known failures, one a line: rule or scenario:rule')
    .option('--out <dir>', 'keep journal, output, backup and verdict of each scenario here')
    .addOption(new Option('--fail-on <level>', 'what makes the check fail').choices(['fail', 'warn']).default('fail'))
    .option(
      '--restore <cmd>',
      'for stores that need their own tool: run with BACKUP_DIR and RESTORE_DIR, leaves plain files',
    )
    .option('--shell', 'give the client to a shell, as one command line', false)
    .addHelpText('after', examples)
    .action((command: readonly string[], flags: CheckFlags) =>
      untilInterrupted((signal) => check(command, flags, signal)),
    );
}

async function check(command: readonly string[], flags: CheckFlags, signal: AbortSignal): Promise<void> {
  if (command.length === 0) {
    throw new AxonError('bad-option', 'no client to judge: put it behind --, as in  check -- ./my-backup.sh');
  }
  for (const { file } of flags.report) requireWritable(file);
  const expectedFailures =
    flags.expectedFailures === undefined ? [] : parseExpectedFailures(readText(flags.expectedFailures));
  const style = createReporterStyle(process.stdout, process.env);
  const wantsJournals = flags.report.some(({ kind }) => kind === 'html');
  const journals: ScenarioJournal[] = [];
  const report = await runConformance({
    driver: new CommandDriver({ argv: command, useShell: flags.shell, environment: process.env }),
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
    reproCommand: (scenario, serverVersion) => formatRepro(scenario, command, { ...flags, serverVersion }),
    onResult: (result, journal) => {
      if (journal !== null && wantsJournals) journals.push(journal);
      process.stdout.write(`${formatScenarioLine(result, style, flags)}\n`);
    },
    ...(flags.jobs === undefined ? {} : { jobs: flags.jobs }),
  });
  const material: Material = {
    journals,
    ruleOf: (id) => rules.find((rule) => rule.id === id),
    storyOf: (id) => scenarios.find((scenario) => scenario.id === id),
  };
  process.stdout.write(formatConsoleReport(report, style, material.ruleOf));
  for (const { kind, file } of flags.report) fs.writeFileSync(file, formats[kind](report, material));
  process.exitCode = report.exitCode;
}

function requireWritable(file: string): void {
  const folder = path.dirname(path.resolve(file));
  if (!fs.existsSync(folder)) throw new AxonError('bad-option', `--report: there is no folder ${folder}`);
}

function readText(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    throw new AxonError('bad-option', `--expected-failures: cannot read ${file}`);
  }
}

function collectReport(value: string, before: readonly ReportTarget[]): ReportTarget[] {
  const [kind = '', ...rest] = value.split('=');
  const file = rest.join('=');
  if (!(kind in formats) || file === '') {
    throw new InvalidArgumentError(`Write KIND=FILE with one of ${Object.keys(formats).join(', ')}.`);
  }
  return [...before, { kind: kind as keyof typeof formats, file }];
}

function parseList(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== 'all');
}
